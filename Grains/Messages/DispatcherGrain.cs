using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Messages;

/// <summary>
/// Lets one channel's messages leave: takes a thread's next message (which commits it as sending), posts it to Meta, settles it.
/// One message of a thread at a time, so that text, picture, text leave in order; many threads side by side. Replies and bulk have
/// places of their own, and bulk is paced (DispatcherGrain.Bulk.cs): twenty thousand of them do not keep a reply waiting. Meta's own
/// limits are in DispatcherGrain.Pace.cs.
/// It holds no truth: what it forgets is in <c>outbound_queue</c>, found by polling within seconds, or by the reminder after its
/// silo's death. Reentrant, because nudges come while posts are under way; everything it holds is the set of threads at work.
/// </summary>
[GrainType("dispatcher"), Reentrant]
public sealed partial class DispatcherGrain(
    ChannelStore channels,
    OutboundMedia media,
    GraphClient graph,
    ChannelTokens tokens,
    IOptions<DispatchOptions> options,
    TimeProvider clock,
    ILogger<DispatcherGrain> logger
) : Grain, IDispatcherGrain, IRemindable
{
    private static readonly Meter Meter = new("Threadkeep.Sends");
    private static readonly Histogram<double> PostTime = Meter.CreateHistogram<double>("threadkeep.sends.post", "ms");

    private const string ReminderName = "dispatch";
    private const int MaxReplies = 64;
    private const int MaxSettles = 6;
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(2);
    private static readonly GraphError TokenRefused = GraphErrors.Of(190);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly HashSet<ThreadId> atWork = [];
    private readonly HashSet<ThreadId> nudgedMeanwhile = [];
    private readonly Dictionary<ThreadId, int> retries = [];
    private int replying;
    private bool turnedAway;
    private DateTimeOffset probeAt;
    private TaskCompletionSource? leaving;

    private (AccountId Account, ChannelId Channel) Key => GrainKeys.ParseChannel(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The timer keeps the activation: while this silo lives, the queue is looked at every two seconds.
        this.RegisterGrainTimer(
            static (self, _) => self.PollAsync(),
            this,
            new GrainTimerCreationOptions(PollEvery, PollEvery) { KeepAlive = true, Interleave = true }
        );
        return Task.CompletedTask;
    }

    /// <summary>The silo is being stopped: nothing more is begun, and what is on its way to Meta is waited for and written down.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (atWork.Count == 0)
            return;
        try
        {
            await leaving.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // As if the silo had died: what was not written down is unconfirmed until its status comes.
        }
    }

    public Task Start() => MinuteReminder.EnsureAsync(this, ReminderName);

    // Being called is all: the activation polls by itself.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public Task Nudge(ThreadId thread)
    {
        Begin(thread);
        return Task.CompletedTask;
    }

    public async Task Sign(string wamid, bool typing)
    {
        try
        {
            var (account, channelId) = Key;
            if (await channels.ByIdAsync(account, channelId) is { } channel)
                await graph.MarkReadAsync(
                    channel.PhoneNumberId,
                    tokens.Of(channel),
                    wamid,
                    typing,
                    CancellationToken.None
                );
        }
        catch (Exception failed) when (failed is GraphException || SqlErrors.IsPassing(failed))
        {
            LogSignFailed(logger, failed);
        }
    }

    private async Task PollAsync()
    {
        try
        {
            PaceBulk();
            if (replying >= MaxReplies)
                return;
            var (account, channel) = Key;
            turnedAway = false;
            var due = await channels.DueThreadsAsync(
                account,
                channel,
                QueueRow.Replies,
                clock.GetUtcNow(),
                MaxReplies * 2,
                HeldThreads()
            );
            foreach (var thread in due)
                Begin(thread);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            LogPollFailed(logger, failed);
        }
    }

    private void Begin(ThreadId thread)
    {
        if (leaving is not null || IsHeld(thread))
            return;
        if (atWork.Contains(thread))
            nudgedMeanwhile.Add(thread); // it may just have found nothing: look once more
        else if (replying < MaxReplies)
            ReplyAsync(thread).Ignore();
        else
            turnedAway = true;
    }

    private async Task ReplyAsync(ThreadId thread)
    {
        replying++;
        await WorkAsync(thread, once: false);
        replying--;
        // Whoever found every place taken is in the queue: no need to wait for the next poll.
        if (turnedAway && replying <= MaxReplies / 2)
            await PollAsync();
    }

    private async Task WorkAsync(ThreadId thread, bool once)
    {
        atWork.Add(thread);
        try
        {
            do
            {
                nudgedMeanwhile.Remove(thread);
                await DrainAsync(thread, once);
                once = false;
            } while (leaving is null && nudgedMeanwhile.Contains(thread));
        }
        catch (Exception failed)
        {
            LogThreadFailed(logger, failed);
        }
        finally
        {
            atWork.Remove(thread);
            nudgedMeanwhile.Remove(thread);
            if (atWork.Count == 0)
                leaving?.TrySetResult();
        }
    }

    private async Task DrainAsync(ThreadId thread, bool once)
    {
        var (account, channelId) = Key;
        var grain = GrainFactory.GetGrain<IThreadGrain>(GrainKeys.Thread(account, thread));
        // Everything that may fail is at hand before a message is marked as sending.
        if (await channels.ByIdAsync(account, channelId) is not { } channel)
            return;
        var token = tokens.Of(channel);
        if (channel.Attention == GraphErrors.TokenInvalid && !await TokenWorksAgainAsync(channel, token))
            return;
        PreparedMedia? prepared = null;
        while (leaving is null && !IsHeld(thread))
        {
            var next = await grain.TakeNext(prepared);
            if (next.NeedsMedia is { } file)
            {
                prepared = await PrepareAsync(grain, account, channelId, file);
                if (prepared is null)
                    return;
                continue;
            }
            if (next.Attempt is not { } attempt)
                return;
            await PacedAsync(thread, channel);
            var began = Stopwatch.GetTimestamp();
            var outcome = await PostAsync(thread, channel, token, attempt);
            PostTime.Record(
                Stopwatch.GetElapsedTime(began).TotalMilliseconds,
                new KeyValuePair<string, object?>("outcome", NameOf(outcome.Result))
            );
            await FaultPoint.Reached("posted");
            await SettleAsync(grain, attempt, outcome);
            prepared = null;
            if (outcome.Result == AttemptResult.RetryLater)
                return;
            retries.Remove(thread);
            if (once)
                return;
        }
    }

    // Meta takes nothing with this token: messages wait as they are, in their order and without growing old. What asks whether it does
    // again is no message. A new token has no attention on it, and is not asked about.
    private async Task<bool> TokenWorksAgainAsync(ChannelRecord channel, string token)
    {
        var now = clock.GetUtcNow();
        if (now < probeAt)
            return false;
        probeAt = now + TokenRefused.RetryAfter;
        try
        {
            await graph.NumberAsync(channel.PhoneNumberId, token, CancellationToken.None);
        }
        catch (GraphException)
        {
            return false;
        }
        await NoteAttentionAsync(channel, null);
        return true;
    }

    // What is known must not be lost to a passing failure. If it cannot be recorded in time, the thread calls it unconfirmed
    // and Meta's status settles it.
    private static async Task SettleAsync(IThreadGrain grain, SendAttempt attempt, AttemptOutcome outcome)
    {
        for (var tries = 0; tries < MaxSettles; tries++)
        {
            try
            {
                if (await grain.Settle(attempt, outcome))
                    return;
            }
            catch (Exception failed)
                when (failed is OrleansException or TimeoutException or OperationCanceledException
                    && tries + 1 < MaxSettles
                )
            {
                // Said again below.
            }
            await Task.Delay(TimeSpan.FromSeconds(1 << tries));
        }
    }

    private async Task<AttemptOutcome> PostAsync(
        ThreadId thread,
        ChannelRecord channel,
        string token,
        SendAttempt attempt
    )
    {
        var posted = await graph.PostMessageAsync(
            channel.PhoneNumberId,
            token,
            attempt.Body,
            attempt.ExpiresAt,
            CancellationToken.None
        );
        switch (posted.Result)
        {
            case PostResult.Accepted:
                if (channel.Attention is not null)
                    await NoteAttentionAsync(channel, null);
                return new AttemptOutcome(AttemptResult.Accepted, posted.Wamid);
            case PostResult.Unknown:
                return new AttemptOutcome(AttemptResult.Unknown, Detail: posted.Failure?.Detail);
            case PostResult.NotSent:
                return Later(
                    thread,
                    new GraphError("unreachable", GraphVerdict.RetryLater, TimeSpan.FromSeconds(2)),
                    posted.Failure
                );
            default:
                return await RefusedAsync(thread, channel, posted.Failure!);
        }
    }

    private async Task<AttemptOutcome> RefusedAsync(ThreadId thread, ChannelRecord channel, GraphFailure failure)
    {
        var error = GraphErrors.Of(failure.Code);
        switch (error.Verdict)
        {
            case GraphVerdict.TokenInvalid:
                await NoteAttentionAsync(channel, error.Code);
                probeAt = clock.GetUtcNow() + error.RetryAfter;
                // No wait of its own: the channel's attention holds it, and a new token lets it go at once.
                return new AttemptOutcome(
                    AttemptResult.RetryLater,
                    null,
                    error.Code,
                    failure.Code,
                    failure.Detail,
                    TimeSpan.Zero
                );
            case GraphVerdict.RetryLater:
                return Later(thread, error, failure);
            case GraphVerdict.Ambiguous:
                return new AttemptOutcome(AttemptResult.Unknown, MetaCode: failure.Code, Detail: failure.Detail);
            default:
                return new AttemptOutcome(
                    AttemptResult.Refused,
                    Code: error.Code,
                    MetaCode: failure.Code,
                    Detail: failure.Detail
                );
        }
    }

    // A remark for people; whether it is written must not change what became of the message.
    private async Task NoteAttentionAsync(ChannelRecord channel, string? reason)
    {
        try
        {
            await channels.SetAttentionAsync(channel.Account, channel.Channel, reason);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            LogPollFailed(logger, failed);
        }
    }

    private static string NameOf(AttemptResult result) =>
        result switch
        {
            AttemptResult.Accepted => "accepted",
            AttemptResult.Refused => "refused",
            AttemptResult.RetryLater => "retry_later",
            _ => "unknown",
        };

    // Waits grow from try to try: Meta asks for it.
    private AttemptOutcome Later(ThreadId thread, GraphError error, GraphFailure? failure)
    {
        var tries = retries.TryGetValue(thread, out var before) ? before : 0;
        retries[thread] = tries + 1;
        var wait = TimeSpan.FromSeconds(
            Math.Min(
                LongestRetry.TotalSeconds,
                error.RetryAfter.TotalSeconds * Math.Pow(error.Growth, Math.Min(tries, 10))
            )
        );
        return new AttemptOutcome(AttemptResult.RetryLater, null, error.Code, failure?.Code, failure?.Detail, wait);
    }

    // Null: it is not there yet, or never will be; the thread has been told.
    private async Task<PreparedMedia?> PrepareAsync(
        IThreadGrain grain,
        AccountId account,
        ChannelId channelId,
        MediaToUpload file
    )
    {
        try
        {
            return new PreparedMedia(file.Seq, await media.UploadAsync(account, channelId, file.Media));
        }
        catch (GraphException refused)
        {
            var error = GraphErrors.Of(refused.Failure?.Code);
            var passing =
                refused.Failure is null
                || refused.Failure.HttpStatus >= 500
                || error.Verdict is GraphVerdict.RetryLater or GraphVerdict.TokenInvalid;
            if (error.Verdict == GraphVerdict.TokenInvalid && refused.Failure?.Code is not null)
                await channels.SetAttentionAsync(account, channelId, error.Code);
            await grain.FailQueued(
                file.Seq,
                passing
                    ? new AttemptOutcome(AttemptResult.RetryLater, RetryAfter: TimeSpan.FromSeconds(5))
                    : new AttemptOutcome(
                        AttemptResult.Refused,
                        Code: "media_rejected",
                        MetaCode: refused.Failure?.Code,
                        Detail: refused.Failure?.Detail
                    )
            );
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A read mark or a sign of typing did not reach Meta")]
    private static partial void LogSignFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The send queue could not be read")]
    private static partial void LogPollFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A thread's sends were interrupted; the queue will be polled")]
    private static partial void LogThreadFailed(ILogger logger, Exception exception);
}
