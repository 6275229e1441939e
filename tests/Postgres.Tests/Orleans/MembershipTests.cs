using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using Threadkeep.TestSilo;

namespace Threadkeep.Postgres.Tests.Orleans;

/// <summary>The nine membership queries, asked through Orleans' own table.</summary>
public sealed class MembershipTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly DateTime Now = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_version_row_is_made_once()
    {
        using var host = Host();
        var table = host.Services.GetRequiredService<IMembershipTable>();

        await table.InitializeMembershipTableAsync(true); // inserts it
        await table.InitializeMembershipTableAsync(true); // finds it
        var all = await table.ReadAllAsync();

        all.Members.ShouldBeEmpty();
        all.Version.Version.ShouldBe(0);
    }

    [Fact]
    public async Task A_silo_is_inserted_only_at_the_version_that_was_read()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        var read = (await table.ReadAllAsync()).Version;

        (await table.InsertRowAsync(Entry(1), read.Next())).ShouldBeTrue();
        (await table.InsertRowAsync(Entry(2), read.Next())).ShouldBeFalse("the version has moved on");

        var all = await table.ReadAllAsync();
        all.Members.Select(m => m.Item1.SiloAddress).ShouldBe([Entry(1).SiloAddress]);
        all.Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_silo_that_is_there_already_is_not_inserted_and_the_version_stays()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());

        (await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next())).ShouldBeFalse();

        (await table.ReadAllAsync()).Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Of_silos_that_join_at_the_same_version_one_gets_in()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        var next = (await table.ReadAllAsync()).Version.Next();

        var joined = await Task.WhenAll(Enumerable.Range(1, 10).Select(n => table.InsertRowAsync(Entry(n), next)));

        joined.Count(inserted => inserted).ShouldBe(1);
        var all = await table.ReadAllAsync();
        all.Members.Count.ShouldBe(1);
        all.Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());

        var row = (await table.ReadRowAsync(Entry(1).SiloAddress)).Members.ShouldHaveSingleItem().Item1;

        row.SiloAddress.ShouldBe(Entry(1).SiloAddress);
        row.SiloName.ShouldBe("silo 1");
        row.HostName.ShouldBe("host");
        row.Status.ShouldBe(SiloStatus.Joining);
        row.ProxyPort.ShouldBe(30_001);
        row.StartTime.ShouldBe(Now);
        row.IAmAliveTime.ShouldBe(Now);
        (await table.ReadRowAsync(Entry(9).SiloAddress)).Members.ShouldBeEmpty();
    }

    [Fact]
    public async Task Status_and_votes_are_updated_only_at_the_version_that_was_read()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());
        var before = await table.ReadAllAsync();
        var (read, etag) = (before.Version, before.Members[0].Item2);

        var changed = Entry(1);
        changed.Status = SiloStatus.Active;
        changed.AddSuspector(Entry(2).SiloAddress, Now);
        (await table.UpdateRowAsync(changed, etag, read.Next())).ShouldBeTrue();

        changed.Status = SiloStatus.Dead;
        (await table.UpdateRowAsync(changed, etag, read.Next())).ShouldBeFalse("the version has moved on");
        (await table.UpdateRowAsync(Entry(9), etag, (await table.ReadAllAsync()).Version.Next())).ShouldBeFalse(
            "there is no such silo"
        );

        var all = await table.ReadAllAsync();
        all.Version.Version.ShouldBe(2);
        var row = all.Members.ShouldHaveSingleItem().Item1;
        row.Status.ShouldBe(SiloStatus.Active);
        row.SuspectTimes.ShouldHaveSingleItem().Item1.ShouldBe(Entry(2).SiloAddress);
    }

    [Fact]
    public async Task I_am_alive_moves_the_time_and_not_the_version()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next());

        var alive = Entry(1);
        alive.IAmAliveTime = Now.AddMinutes(1);
        await table.UpdateIAmAliveAsync(alive);

        var all = await table.ReadAllAsync();
        all.Version.Version.ShouldBe(1);
        all.Members.ShouldHaveSingleItem().Item1.IAmAliveTime.ShouldBe(Now.AddMinutes(1));
    }

    [Fact]
    public async Task Only_silos_that_are_old_and_not_active_are_cleaned_up()
    {
        using var host = Host();
        var table = await OpenAsync(host);
        await InsertAsync(table, 1, SiloStatus.Dead, Now.AddDays(-8));
        await InsertAsync(table, 2, SiloStatus.Dead, Now);
        await InsertAsync(table, 3, SiloStatus.Active, Now.AddDays(-8));

        await table.CleanupDefunctSiloEntriesAsync(Now.AddDays(-7));

        (await table.ReadAllAsync()).Members.Select(m => m.Item1.SiloName).Order().ShouldBe(["silo 2", "silo 3"]);
    }

    [Fact]
    public async Task Deleting_a_cluster_leaves_the_others()
    {
        using var host = Host();
        using var other = Host();
        var table = await OpenAsync(host);
        var otherTable = await OpenAsync(other);
        await InsertAsync(table, 1, SiloStatus.Active, Now);
        await InsertAsync(otherTable, 1, SiloStatus.Active, Now);

        await table.DeleteMembershipTableEntriesAsync(host.Services.GetRequiredService<ClusterId>().Value);

        (
            await fixture.Database.ScalarAsync<long>(
                $"select count(*) from orleans.orleansmembershiptable where deploymentid = '{host.Services.GetRequiredService<ClusterId>().Value}'"
            )
        ).ShouldBe(0);
        (await otherTable.ReadAllAsync()).Members.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_finds_the_gateways_of_active_silos_and_calls_a_grain()
    {
        using var client = new HostBuilder()
            .UseOrleansClient(orleans =>
                orleans
                    .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "one")
                    .UseAdoNetClustering(options =>
                    {
                        options.Invariant = "Npgsql";
                        options.ConnectionString = fixture.Database.OrleansConnectionString;
                    })
            )
            .Build();
        await client.StartAsync(TestContext.Current.CancellationToken);

        var gateways = await client.Services.GetRequiredService<IGatewayListProvider>().GetGateways();
        gateways.ShouldHaveSingleItem();
        (await client.Services.GetRequiredService<IClusterClient>().GetGrain<IPlaceGrain>(1).WhereAsync()).ShouldBe(
            "alone"
        );

        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A silo of a cluster of its own that is never started: only its table is used.</summary>
    private IHost Host()
    {
        var id = Guid.NewGuid().ToString("n");
        var builder = new HostBuilder().UseOrleans(silo =>
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = id)
                .UseAdoNetClustering(options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = fixture.Database.OrleansConnectionString;
                })
                .Services.AddSingleton(new ClusterId(id))
        );
        return builder.Build();
    }

    private sealed record ClusterId(string Value);

    private static async Task<IMembershipTable> OpenAsync(IHost host)
    {
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true);
        return table;
    }

    private static async Task InsertAsync(IMembershipTable table, int number, SiloStatus status, DateTime alive)
    {
        var entry = Entry(number);
        entry.Status = status;
        entry.IAmAliveTime = alive;
        (await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next())).ShouldBeTrue();
    }

    private static MembershipEntry Entry(int number) =>
        new()
        {
            SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + number), number),
            SiloName = $"silo {number}",
            HostName = "host",
            Status = SiloStatus.Joining,
            ProxyPort = 30_000 + number,
            StartTime = Now,
            IAmAliveTime = Now,
        };
}
