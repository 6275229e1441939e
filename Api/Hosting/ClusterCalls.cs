using Orleans.Serialization;
using Threadkeep.Accounts;

namespace Threadkeep.Hosting;

/// <summary>
/// Calls of grains that may be repeated, because their effect is stored under a key (wamid, idempotency key). When a silo goes
/// away under one, the edge asks again until the deadline, so that a stop or a join costs nobody an answer. What it does not do:
/// repeat what is refused for want of room; that would double the load that was too much.
/// </summary>
public sealed partial class ClusterCalls(TimeProvider clock, ILogger<ClusterCalls> logger)
{
    /// <summary>For one request in all (DESIGN.md, promise 1.1).</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>
    /// A call without an answer for so long is made once more beside the first. A silo that was killed or is frozen answers
    /// nothing, and Orleans tells the caller only when the others have declared it dead, or at its own time-out.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>A refusal for now is repeated so often.</summary>
    private const int MostRefusals = 2;

    // So many requests of this host may ask again at once, by the reason why; one more is told what it was told. A silo that is gone
    // explains thousands; many who hear nothing, or "not now", are a sign of overload, which asking again would double.
    private const int MostGone = 4_096;
    private const int MostSilent = 256;
    private const int MostRefused = 64;

    private int waiting;

    /// <summary>Asks, and asks again where a silo went away, until there is an answer or the deadline has passed.</summary>
    /// <param name="ask">Makes the call; more than one may be under way.</param>
    /// <param name="isRefusal">True for an answer that says "not now".</param>
    /// <param name="silent">Called when a call has been without an answer for too long.</param>
    /// <param name="gone">Called when a silo went away under the first call, and others follow.</param>
    /// <exception cref="TimeoutException">No answer within the deadline.</exception>
    public async Task<T> AskAsync<T>(
        Func<Task<T>> ask,
        Func<T, bool>? isRefusal = null,
        Action? silent = null,
        Action? gone = null
    )
    {
        var begun = clock.GetTimestamp();
        var call = Begin(ask);
        try
        {
            var answer = await call.WaitAsync(Silence, clock);
            if (isRefusal?.Invoke(answer) != true)
                return answer;
        }
        catch (Exception failed) when (IsInterruption(failed))
        {
            LogAgain(logger, failed);
            if (!call.IsCompleted)
                silent?.Invoke();
        }
        try
        {
            var room =
                HasFailed(call) ? MostGone
                : call.IsCompleted ? MostRefused
                : MostSilent;
            if (Interlocked.Increment(ref waiting) > room)
                return await call.WaitAsync(Left(begun), clock);
            if (HasFailed(call))
                gone?.Invoke();
            return await AskAgainAsync(ask, call, isRefusal, silent, begun);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<T> AskAgainAsync<T>(
        Func<Task<T>> ask,
        Task<T> first,
        Func<T, bool>? isRefusal,
        Action? silent,
        long begun
    )
    {
        // Those without an answer yet: the first that has one counts.
        var underWay = new List<Task<T>>();
        if (!first.IsCompleted)
            underWay.Add(first);
        var refusals = first.IsCompletedSuccessfully ? 1 : 0;
        for (var wait = FirstWait; ; wait = wait < LongestWait ? wait * 2 : LongestWait)
        {
            if (underWay.Count == 0)
                await Task.Delay(wait, clock);
            var left = Left(begun);
            try
            {
                underWay.Add(Begin(ask));
                var done = await Task.WhenAny(underWay).WaitAsync(left < Silence ? left : Silence, clock);
                underWay.Remove(done);
                var answer = await done;
                if (isRefusal?.Invoke(answer) != true || refusals++ == MostRefusals)
                    return answer;
            }
            catch (Exception failed) when (IsInterruption(failed) && Left(begun) > LongestWait)
            {
                if (failed is TimeoutException)
                    silent?.Invoke();
            }
            finally
            {
                foreach (var call in underWay)
                    call.Ignore();
            }
        }
    }

    private TimeSpan Left(long begun)
    {
        var left = Deadline - clock.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static Task<T> Begin<T>(Func<Task<T>> ask)
    {
        try
        {
            return ask();
        }
        catch (ArgumentException unknown)
        {
            return Task.FromException<T>(unknown);
        }
    }

    private static bool HasFailed(Task call) => call.IsFaulted || call.IsCanceled;

    private static bool IsInterruption(Exception failed) =>
        failed is not (GatewayTooBusyException or LimitExceededException or DatabaseUnavailableException)
        && IsOfTheCluster(failed);

    /// <summary>
    /// Nobody knows whether it was done: the silo went away, has not answered in time, or gave up placing the grain (calls are made without a
    /// token, so a cancellation is always a silo's own).
    /// </summary>
    internal static bool IsOfTheCluster(Exception failed) =>
        failed
            is OrleansException
                or TimeoutException
                or OperationCanceledException
                // A placement that took too long ends with an exception of Polly's, for which Orleans 10 has no words of its own.
                or CodecNotFoundException
        // What the client says until the first silo has told it which grains there are.
        || failed is ArgumentException
            && failed.Message.StartsWith("Could not find an implementation", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A silo went away under a call; asking again")]
    private static partial void LogAgain(ILogger logger, Exception exception);
}
