using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Threadkeep.TestSilo;

/// <summary>
/// A silo with the providers of the real ones (AdoNet membership, reminders and storage) that notices a dead
/// neighbour within seconds instead of half a minute.
/// </summary>
public static class SampleSilo
{
    /// <summary>The storage that keeps a cleared row.</summary>
    public const string Keeping = "keeping";

    /// <summary>The storage that deletes it.</summary>
    public const string Deleting = "deleting";

    private const string Invariant = "Npgsql";

    /// <summary>A silo, not yet started.</summary>
    public static IHost Create(string connectionString, string clusterId, string name)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
            silo.Configure<ClusterOptions>(cluster =>
                {
                    cluster.ClusterId = clusterId;
                    cluster.ServiceId = clusterId;
                })
                .Configure<SiloOptions>(options => options.SiloName = name)
                .Configure<ClusterMembershipOptions>(membership =>
                {
                    membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                    membership.NumMissedProbesLimit = 2;
                    membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                })
                .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
                .UseAdoNetClustering(options =>
                {
                    options.Invariant = Invariant;
                    options.ConnectionString = connectionString;
                })
                .UseAdoNetReminderService(options =>
                {
                    options.Invariant = Invariant;
                    options.ConnectionString = connectionString;
                })
                .AddAdoNetGrainStorage(
                    Keeping,
                    options =>
                    {
                        options.Invariant = Invariant;
                        options.ConnectionString = connectionString;
                        options.DeleteStateOnClear = false;
                    }
                )
                .AddAdoNetGrainStorage(
                    Deleting,
                    options =>
                    {
                        options.Invariant = Invariant;
                        options.ConnectionString = connectionString;
                        options.DeleteStateOnClear = true;
                    }
                )
        );
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
