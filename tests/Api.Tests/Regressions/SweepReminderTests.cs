using Threadkeep.Accounts;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Regressions;

/// <summary>Silos ask every ten seconds that sweeps and dispatchers run. Each time the reminder was made anew, a minute ahead, and so never rang.</summary>
[Collection(nameof(RealTime))]
public sealed class SweepReminderTests(RealTime product)
{
    [Fact]
    public async Task Asking_a_sweep_to_run_does_not_put_off_its_reminder()
    {
        var sweep = product.Cluster.GetGrain<ISessionSweepGrain>(GrainKeys.SweepShards + 1);
        await sweep.Start();
        var first = (await product.Reminders.ReadRow(sweep.GetGrainId(), "sweep"))!;

        await sweep.Start();

        var second = (await product.Reminders.ReadRow(sweep.GetGrainId(), "sweep"))!;
        second.ETag.ShouldBe(first.ETag);
        second.StartAt.ShouldBe(first.StartAt);
    }
}
