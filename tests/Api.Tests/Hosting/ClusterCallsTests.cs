using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;
using Threadkeep.Accounts;
using Threadkeep.Hosting;

namespace Threadkeep.Api.Tests.Hosting;

/// <summary>What the edge asks again, and what it does not (docs/adr/012-asking-again.md). Time runs twenty times as fast here.</summary>
public sealed class ClusterCallsTests
{
    private readonly ClusterCalls calls = new(new SwiftClock(), NullLogger<ClusterCalls>.Instance);
    private int asked;

    [Fact]
    public async Task A_call_whose_silo_went_away_is_made_again()
    {
        (await calls.AskAsync(() => Answer(n => n < 4 ? throw new SiloUnavailableException("gone") : "done"))).ShouldBe(
            "done"
        );
        asked.ShouldBe(4);
    }

    [Fact]
    public async Task A_client_that_has_not_heard_from_a_silo_yet_is_asked_again()
    {
        var answer = await calls.AskAsync(() =>
            ++asked < 3
                ? throw new ArgumentException("Could not find an implementation for interface X")
                : Task.FromResult(1)
        );
        (answer, asked).ShouldBe((1, 3));
    }

    [Fact]
    public async Task A_placement_that_took_too_long_is_asked_for_again()
    {
        // Orleans places grains with Polly, whose exceptions it cannot send: the caller hears of that instead.
        var answer = await calls.AskAsync(() =>
            Answer(n => n < 3 ? throw new CodecNotFoundException("Could not find a codec for a time-out") : "done")
        );
        (answer, asked).ShouldBe(("done", 3));
    }

    [Fact]
    public async Task A_silent_call_is_made_once_more_beside_and_the_first_answer_counts()
    {
        var silences = 0;
        var never = new TaskCompletionSource<string>();

        var answer = await calls.AskAsync(
            () => ++asked == 1 ? never.Task : Task.FromResult("from the second"),
            silent: () => silences++
        );

        (answer, asked, silences).ShouldBe(("from the second", 2, 1));
    }

    [Fact]
    public async Task A_late_answer_of_the_first_call_counts_as_well()
    {
        var late = new TaskCompletionSource<string>();

        var answer = await calls.AskAsync(() =>
        {
            if (++asked == 1)
                return late.Task;
            late.SetResult("from the first");
            return new TaskCompletionSource<string>().Task;
        });

        (answer, asked).ShouldBe(("from the first", 2));
    }

    [Fact]
    public async Task Who_never_answers_is_given_up_at_the_deadline()
    {
        await Should.ThrowAsync<TimeoutException>(() => calls.AskAsync(() => new TaskCompletionSource<string>().Task));
    }

    [Fact]
    public async Task A_silo_that_stays_away_is_told_as_it_is_at_the_deadline()
    {
        var told = await Should.ThrowAsync<Exception>(() =>
            calls.AskAsync(() => Answer(_ => throw new SiloUnavailableException("gone")))
        );
        // On a busy machine the last answer may come after the deadline.
        (told is SiloUnavailableException or TimeoutException).ShouldBeTrue(told.ToString());
        asked.ShouldBeGreaterThan(5);
    }

    // Found by killing silos at random: what Orleans throws where a grain's registration in the directory was given up.
    [Fact]
    public async Task A_call_that_a_silo_gave_up_is_made_again()
    {
        var gone = 0;

        var answer = await calls.AskAsync(
            () => Answer(n => n == 1 ? throw new TaskCanceledException("A task was canceled.") : "from another silo"),
            gone: () => gone++
        );

        (answer, asked, gone).ShouldBe(("from another silo", 2, 1));
    }

    [Fact]
    public async Task A_refusal_for_want_of_room_is_not_repeated()
    {
        await Should.ThrowAsync<GatewayTooBusyException>(() =>
            calls.AskAsync(() => Answer(_ => throw new GatewayTooBusyException("too much")))
        );
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_that_says_so_itself_is_not_repeated()
    {
        await Should.ThrowAsync<DatabaseUnavailableException>(() =>
            calls.AskAsync(() => Answer(_ => throw new DatabaseUnavailableException("away")))
        );
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_says_not_now_is_asked_for_twice_more()
    {
        (await calls.AskAsync(() => Answer(_ => "not now"), answer => answer == "not now")).ShouldBe("not now");
        asked.ShouldBe(3);
    }

    private async Task<string> Answer(Func<int, string> answer)
    {
        asked++;
        await Task.Yield();
        return answer(asked);
    }

    private sealed class SwiftClock : TimeProvider
    {
        private const int Times = 20;

        public override long GetTimestamp() => System.GetTimestamp() * Times;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Times : dueTime, period);
    }
}
