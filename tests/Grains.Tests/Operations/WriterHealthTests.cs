using Microsoft.Extensions.Diagnostics.HealthChecks;
using Threadkeep.Operations;

namespace Threadkeep.Grains.Tests.Operations;

/// <summary>A silo whose writer cannot commit says so, and one that is only slow or idle does not.</summary>
public sealed class WriterHealthTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(61);

    private static async Task<HealthStatus> AskAsync(params Func<TimeSpan>[] stalled) =>
        (
            await new WriterHealth(stalled).CheckHealthAsync(
                new HealthCheckContext(),
                TestContext.Current.CancellationToken
            )
        ).Status;

    [Fact]
    public async Task Either_writer_that_stands_still_for_a_minute_is_stuck()
    {
        (await AskAsync(() => Long, () => TimeSpan.Zero)).ShouldBe(HealthStatus.Unhealthy);
        (await AskAsync(() => TimeSpan.Zero, () => Long)).ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task One_that_is_slow_or_moves_at_the_second_look_is_not()
    {
        (await AskAsync(() => TimeSpan.FromSeconds(59))).ShouldBe(HealthStatus.Healthy);
        var looks = 0;
        (await AskAsync(() => looks++ == 0 ? Long : TimeSpan.Zero)).ShouldBe(HealthStatus.Healthy);
        looks.ShouldBe(2);
    }
}
