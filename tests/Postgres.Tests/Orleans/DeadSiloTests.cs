using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Threadkeep.Testing;
using Threadkeep.TestSilo;

namespace Threadkeep.Postgres.Tests.Orleans;

/// <summary>The vote that declares a silo dead, taken over a process that was killed.</summary>
public sealed class DeadSiloTests
{
    private const int Dead = 6;

    [Fact]
    public async Task A_killed_silo_is_declared_dead_and_its_grains_answer_elsewhere()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var survivor = SampleSilo.Create(database.OrleansConnectionString, "vote", "survivor");
        await survivor.StartAsync(TestContext.Current.CancellationToken);
        using var victim = StartProcess(database.OrleansConnectionString, "vote", "victim");
        try
        {
            await Eventually.IsTrueAsync("both silos are active", async () => await StatusAsync("victim") == 3);

            // Grains 0, 1, 2…: some of them come to live on the victim.
            var grains = survivor.Services.GetRequiredService<IGrainFactory>();
            var onVictim = -1;
            await Eventually.IsTrueAsync(
                "a grain lives on the victim",
                async () => await grains.GetGrain<IPlaceGrain>(++onVictim).WhereAsync() == "victim"
            );

            victim.Kill();

            await Eventually.IsTrueAsync(
                "the victim is declared dead",
                async () => await StatusAsync("victim") == Dead
            );
            await Eventually.IsTrueAsync(
                "the survivor answers for it",
                async () =>
                {
                    try
                    {
                        return await grains.GetGrain<IPlaceGrain>(onVictim).WhereAsync() == "survivor";
                    }
                    catch (Exception e) when (e is global::Orleans.Runtime.OrleansException or TimeoutException)
                    {
                        return false; // on its way to the dead one
                    }
                }
            );
            (
                await database.ScalarAsync<string>(
                    "select suspecttimes from orleans.orleansmembershiptable where siloname = 'victim'"
                )
            ).ShouldNotBeNullOrEmpty("a vote was cast");
        }
        finally
        {
            if (!victim.HasExited)
                victim.Kill();
            await survivor.StopAsync(TestContext.Current.CancellationToken);
        }

        Task<int> StatusAsync(string silo) =>
            database.ScalarAsync<int>($"select status from orleans.orleansmembershiptable where siloname = '{silo}'");
    }

    private static Process StartProcess(string connectionString, string clusterId, string name)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Threadkeep.TestSilo.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, connectionString, clusterId, name]))!;
    }
}
