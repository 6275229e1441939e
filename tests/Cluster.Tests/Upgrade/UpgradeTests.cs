using Microsoft.Extensions.Logging.Abstractions;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Migrations;

namespace Threadkeep.Cluster.Tests.Upgrade;

/// <summary>
/// From the previous version to this one under load: first the schema, then a silo of each version side by side, then an Api of each,
/// then the old ones go. Skipped where the history holds no previous version.
/// </summary>
public sealed class UpgradeTests
{
    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [Fact]
    public async Task Two_versions_serve_together_while_the_migrator_runs_and_nothing_is_lost()
    {
        var previous = await PreviousVersion.FolderAsync();
        Assert.SkipWhen(
            previous is null,
            "This clone's history does not reach back to another schema or other contracts: nothing to upgrade from."
        );
        await using var deployment = new MixedVersions(previous!);
        try
        {
            await deployment.InitializeAsync();
            await UpgradeAsync(deployment);
        }
        catch
        {
            deployment.ShowLogs();
            throw;
        }
        finally
        {
            deployment.KillSecondApi();
        }
    }

    private static async Task UpgradeAsync(MixedVersions deployment)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var enough = new CancellationTokenSource();
        var locks = deployment.WatchLocksAsync(enough.Token);
        await using var load = SteadyLoad.Start(deployment); // templates that count among it
        await load.GoesOnAsync();
        Say(load.Report("the previous version alone", begun));

        deployment.Upgrade();
        var migrated = TimeProvider.System.GetTimestamp();
        await MigrateAsync(deployment);
        await load.GoesOnAsync();
        Say(load.Report("the migrator beside it", migrated));

        var mixed = TimeProvider.System.GetTimestamp();
        deployment.StartSilo(1);
        await deployment.IsReadyAsync();
        await load.GoesOnAsync();
        using (var second = await deployment.StartSecondApiAsync())
            await AllAreTakenAsync(deployment, new Meta(second), 100);
        await load.GoesOnAsync();
        Say(load.Report("a silo and an Api of each", mixed));
        // A silo that joins may cost the previous version's Api a refusal; nobody goes without an answer before a process goes.
        load.Answers.Select(a => a.Status).Distinct().ShouldBeSubsetOf([200, 202, 503]);

        var replaced = TimeProvider.System.GetTimestamp();
        deployment.KillApi();
        deployment.StartApi();
        await load.GoesOnAsync();
        Say(load.Report("the Api replaced", replaced));
        var left = TimeProvider.System.GetTimestamp();
        await deployment.StopSiloAsync(0);
        await load.GoesOnAsync();
        Say(load.Report("the old silo stopped", left));

        await load.StopAsync();
        await load.EverythingHoldsAsync(deployment);
        await enough.CancelAsync();
        var (longest, query) = await locks;
        Say($"longest wait for a lock: {longest.TotalMilliseconds:f0} ms ({query})");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(1), query);
    }

    // The new version's files, then columns and an index on the busiest tables, while a report reads one of them.
    private static async Task MigrateAsync(MixedVersions deployment)
    {
        await deployment.MigrateToNewAsync();
        var reading = new TaskCompletionSource();
        var report = deployment.ReadForAsync(TimeSpan.FromSeconds(2.5), reading);
        await reading.Task;
        var applied = await new Migrator(
            deployment.Database,
            NullLogger<Migrator>.Instance,
            TimeProvider.System,
            new MigratorOptions { Scripts = typeof(UpgradeTests).Assembly }
        ).MigrateAsync(TestContext.Current.CancellationToken);
        await report;
        applied.Count.ShouldBe(2);
    }

    // Through the new Api, while the old one serves the load.
    private static async Task AllAreTakenAsync(MixedVersions deployment, Meta meta, int count)
    {
        var customer = Meta.NewCustomer();
        var messages = Enumerable.Range(1, count).Select(n => Meta.NewMessage(customer, $"{n}")).ToList();
        foreach (var some in messages.Chunk(4))
            (await Task.WhenAll(some.Select(meta.PostAsync))).ShouldAllBe(status => status == 200);
        (
            await deployment.SingleAsync<long>(
                "select count(*) from threadkeep.messages where wamid = any(@wamids)",
                new { wamids = messages.Select(m => m.Wamid).ToArray() }
            )
        ).ShouldBe(count);
    }
}
