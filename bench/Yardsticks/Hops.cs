using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>The way of a webhook's message through Orleans with nothing at its end: client, gateway, router, thread, and back.</summary>
[Alias("bench.router")]
internal interface IHopRouter : IGrainWithIntegerKey
{
    [Alias("Deliver")]
    Task<DeliveryResult> Deliver(Delivery delivery);
}

/// <summary>Where it ends.</summary>
[Alias("bench.thread")]
internal interface IHopThread : IGrainWithStringKey
{
    [Alias("Receive")]
    Task<ReceiveResult> Receive(ReceiveMessages command);
}

/// <summary>As the product's router: stateless worker, reentrant, partitions in turn.</summary>
[GrainType("bench-router"), StatelessWorker(1), Reentrant]
internal sealed class HopRouter : Grain, IHopRouter
{
    public async Task<DeliveryResult> Deliver(Delivery delivery)
    {
        var thread = GrainFactory.GetGrain<IHopThread>(delivery.Messages[0].Customer.WaId!);
        var received = await thread.Receive(new ReceiveMessages { Channel = default, Items = delivery.Messages });
        return received == ReceiveResult.Stored ? DeliveryResult.Committed : DeliveryResult.TryAgain;
    }
}

[GrainType("bench-thread")]
internal sealed class HopThread : Grain, IHopThread
{
    public Task<ReceiveResult> Receive(ReceiveMessages command) => Task.FromResult(ReceiveResult.Stored);
}

/// <summary>
/// Two processes as the product's, signature check and Orleans' calls with the product's own records, and no database: what the
/// product would do if deciding and storing cost nothing.
/// </summary>
internal sealed class Hops : IMessageWriter
{
    private readonly IGrainFactory grains;
    private int turn;

    private Hops(IGrainFactory grains) => this.grains = grains;

    /// <summary>The silo's part, until it is told to stop.</summary>
    public static async Task<int> ServeSiloAsync(int siloPort, int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort));
        await builder.Build().RunAsync();
        return 0;
    }

    /// <summary>Joins the silo whose gateway <c>BENCH_GATEWAY</c> names.</summary>
    public static async Task<IMessageWriter> OpenAsync()
    {
        var gateway = int.Parse(BenchSettings.Need("BENCH_GATEWAY"), null);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gateway));
        var host = builder.Build();
        await host.StartAsync();
        return new Hops(host.Services.GetRequiredService<IClusterClient>());
    }

    public Task WriteAsync(WebhookMessage message, DateTimeOffset receivedAt)
    {
        var partition = (int)((uint)Interlocked.Increment(ref turn) % GrainKeys.PhoneNumberPartitions);
        return grains
            .GetGrain<IHopRouter>(partition)
            .Deliver(
                new Delivery(
                    "bench",
                    [
                        new InboundItem
                        {
                            Wamid = message.Wamid,
                            Customer = new CustomerIdentity(message.WaId, message.UserId),
                            ProfileName = message.ProfileName,
                            Type = message.Type,
                            Timestamp = message.Timestamp,
                            Text = message.Text,
                            Raw = message.Raw,
                            ReceivedAt = receivedAt,
                        },
                    ],
                    [],
                    []
                )
            );
    }
}
