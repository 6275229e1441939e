using Microsoft.Extensions.Logging;
using Orleans.Dashboard;
using Orleans.Placement;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// The only writer of a thread: it loads, lets a pure decider decide, commits, and only then holds the new state.
/// A failure needs no roll-back: the state is forgotten and loaded again. A second activation of the same thread costs
/// a repeat, not a wrong answer: the version in SQL is the fence.
/// Placed at random: Orleans' usual placement goes by load figures that are seconds old, and gave all of a burst of new threads to one silo.
/// Here: customers' messages and what is common. Sends: ThreadGrain.Sends.cs; the session's alarm: ThreadGrain.Alarm.cs; what is said by itself:
/// ThreadGrain.FirstContact.cs; the ticket and
/// notes: ThreadGrain.Ticket.cs; customers who are blocked: ThreadGrain.Blocking.cs; conversations that go on in another one: ThreadGrain.Merging.cs; what is hidden by hand: ThreadGrain.Quarantine.cs; tickets without a conversation: ThreadGrain.Desk.cs.
/// </summary>
[GrainType("thread"), RandomPlacement, NoProfiling]
public sealed partial class ThreadGrain(
    ThreadStore store,
    CommitWriter writer,
    ThreadServices services,
    ILogger<ThreadGrain> logger
) : Grain, IThreadGrain, IRemindable
{
    private const int MaxDecisions = 8;

    private readonly RecentIds recent = new(256);
    private ThreadState? known;
    private long confirmedAt;
    private int reservedTicket;

    private TimeProvider Clock => services.Clock;

    public async Task<ReceiveResult> Receive(ReceiveMessages command)
    {
        try
        {
            return await ReceiveAsync(command);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return ReceiveResult.TryAgain;
        }
    }

    private async Task<ReceiveResult> ReceiveAsync(ReceiveMessages command)
    {
        var begun = Clock.GetTimestamp();
        var stored = command.Items.Select(i => i.Wamid).Where(recent.Contains).ToHashSet();
        var denied = new Dictionary<string, ThreadId>();
        var leaveOver = new Dictionary<string, string>();
        var reloads = 0;
        var awaySaid = false;
        int? collided = null;
        IReadOnlyList<TakenBack>? purged = [];
        if ((await RulesAsync()).PurgeDeleted && (purged = await PurgeAsync(command)) is null)
            return ReceiveResult.TryAgain;
        var told = await KnownAsync(command, [.. command.Items.Where(IsEdit).Select(i => i.ContextWamid!)]);
        for (var n = 0; n < MaxDecisions; n++)
        {
            // A thousand new customers at once would be a thousand looks for threads that are not there.
            var guessed = n == 0 && command.IsNew && known is null;
            var state = guessed ? NotThere() with { Rules = await RulesAsync() } : await LoadAsync();
            if (!ReceiveDecider.IsMine(state, command))
            {
                if (LooksAgain(begun))
                    continue;
                return ReceiveResult.NotMine;
            }
            if (reservedTicket == 0 && ReceiveDecider.NeedsTicket(state, command))
                reservedTicket = await GrainFactory.GetGrain<ITicketNumberGrain>(state.Account.ToString()).Next();

            var now = Clock.GetUtcNow();
            var context = new ReceiveContext(now, stored, reservedTicket, denied, leaveOver)
            {
                IsFormer = command.IsFormer,
                Via = command.Via,
                Purged = purged,
                AwaySaid = awaySaid,
                Known = told,
                Slot = await SlotForFirstContactAsync(state, command.Channel, now, collided),
            };
            var decision = state.HandsOn
                ? ThreadMergeDecider.Learn(state, command, context)
                : ReceiveDecider.Decide(state, command, context, services.FoldMessage);
            var outcome = await CommitAsync(decision);
            if (
                context.Slot is { } slot
                && !(outcome.Result == CommitResult.Stored && decision.Commit?.Ledger.Count > 0)
            )
                collided = await GiveBackAsync(state, slot, outcome.Result);
            switch (outcome.Result)
            {
                case CommitResult.Stored when state.HandsOn:
                    return await PassOnAsync(command);
                case CommitResult.Stored:
                    await FaultPoint.Reached("received");
                    foreach (var item in command.Items)
                    {
                        // What came as history may yet arrive by itself.
                        if (!item.IsHistory)
                            recent.Add(item.Wamid);
                    }
                    if (decision.Commit?.Queued.Count > 0)
                        await Nudge(decision.After);
                    if (decision.Commit is not null)
                        await BlockAtMetaAsync(decision.After);
                    return ReceiveResult.Stored;
                case CommitResult.KeyUsed when !awaySaid:
                    awaySaid = true;
                    continue;
                case CommitResult.SlotTaken:
                    continue;
                case CommitResult.DuplicateMessage:
                    stored.UnionWith(outcome.Duplicates!);
                    if (command.MayBeHistory)
                        foreach (var (wamid, row) in await KnownAsync(command, [.. outcome.Duplicates!]))
                            told[wamid] = row;
                    continue;
                case CommitResult.IdentityTaken when !state.Exists:
                    return ReceiveResult.NotMine;
                case CommitResult.IdentityTaken:
                    foreach (var identity in decision.Commit!.Claims)
                        denied[identity] = outcome.Owner!.Value;
                    continue;
                case CommitResult.Rejected when command.Items.Length > 1:
                    return await ReceiveApartAsync(command);
                case CommitResult.Rejected when leaveOver.TryAdd(command.Items[0].Wamid, outcome.Reason!):
                    LogLeftOver(logger, outcome.Reason!);
                    LeftoverCount.Add("message", "refused");
                    continue;
                case CommitResult.Rejected:
                    return ReceiveResult.Refused;
                case CommitResult.Conflict when guessed: // it is there after all
                    continue;
                case CommitResult.Conflict or CommitResult.Unknown when reloads++ == 0:
                    continue;
                default:
                    return ReceiveResult.TryAgain;
            }
        }
        return ReceiveResult.TryAgain;
    }

    private static bool IsEdit(InboundItem item) => item is { Type: "edit", ContextWamid: not null };

    private async Task<Dictionary<string, StoredMessageRow>> KnownAsync(ReceiveMessages command, string[] wamids)
    {
        if (wamids.Length == 0)
            return [];
        var (account, thread) = GrainKeys.ParseThread(this.GetPrimaryKeyString());
        var rows = await services.Stored.ByWamidAsync(account, command.Channel, thread, wamids);
        return rows.ToDictionary(r => r.Wamid);
    }

    // PostgreSQL refuses one of them: apart, only that one becomes a leftover.
    private async Task<ReceiveResult> ReceiveApartAsync(ReceiveMessages command)
    {
        var worst = ReceiveResult.Stored;
        foreach (var item in command.Items)
        {
            var result = await ReceiveAsync(command with { Items = [item] });
            if (result > worst)
                worst = result;
        }
        return worst;
    }

    public async Task<bool> ReleaseIdentity(string identity, string newOwner, DateTimeOffset at)
    {
        // Whoever asks has read in PostgreSQL that the identity is this thread's.
        Forget();
        var outcome = await DecideAndCommitAsync(state =>
            ReceiveDecider.Release(state, identity, newOwner, at, Clock.GetUtcNow())
        );
        return outcome == CommitResult.Stored;
    }

    public async Task<bool> MarkRead(int upToSeq)
    {
        var result = await DecideAndCommitAsync(async state =>
        {
            // Counted for this very state: after a conflict another activation has written what this one did not know of.
            var unread =
                upToSeq >= state.Row.LastSeq
                    ? 0
                    : await store.UnreadAfterAsync(state.Account, state.Thread, upToSeq, InboundKind.QuietTypes);
            var changes = new ThreadChanges(state, Clock.GetUtcNow());
            if (state.Exists && upToSeq > state.Row.ReadSeq)
                changes.Row = state.Row with { ReadSeq = Math.Min(upToSeq, state.Row.LastSeq), Unread = unread };
            return changes.ToDecision();
        });
        return result == CommitResult.Stored;
    }

    public async Task<bool> MediaArrived(int seq, ArrivedMedia media)
    {
        if (await IsPurgedAsync(seq))
            return true;
        if (!await PutAwayAsync(seq, media))
            return false;
        var result = await DecideAndCommitAsync(state =>
        {
            var changes = new ThreadChanges(state, Clock.GetUtcNow());
            changes.Change(
                new MessageChange
                {
                    Seq = seq,
                    MediaState = (MediaState)(int)media.State,
                    Media = media.Media,
                }
            );
            return changes.ToDecision();
        });
        return result == CommitResult.Stored;
    }

    public async Task<string?> Replay(Guid leftoverId, InboundItem item)
    {
        var seq = await services.Leftovers.PlaceOfAsync(leftoverId);
        if (seq is null)
            return "The leftover is gone or has been stored already.";
        string? reason = null;
        var result = await DecideAndCommitAsync(
            state => ReceiveDecider.Replay(state, leftoverId, seq.Value, item, Clock.GetUtcNow()),
            outcome => reason = outcome.Reason
        );
        return result == CommitResult.Stored ? null : reason ?? $"Not stored: {result}.";
    }

    /// <summary>For decisions that stand against nothing but the thread's own version: decide, commit, and once more after a reload.</summary>
    private Task<CommitResult> DecideAndCommitAsync(
        Func<ThreadState, Decision> decide,
        Action<CommitOutcome>? observe = null
    ) => DecideAndCommitAsync(state => Task.FromResult(decide(state)), observe);

    /// <summary>The same for a decision that has to ask PostgreSQL first; it is asked again after a reload.</summary>
    private async Task<CommitResult> DecideAndCommitAsync(
        Func<ThreadState, Task<Decision>> decide,
        Action<CommitOutcome>? observe = null
    )
    {
        var begun = Clock.GetTimestamp();
        for (var n = 0; ; n++)
        {
            var decision = await decide(await LoadAsync());
            if (decision.Commit is null && LooksAgain(begun))
                decision = await decide(await LoadAsync());
            var outcome = await CommitAsync(decision);
            observe?.Invoke(outcome);
            if (n > 0 || outcome.Result is not (CommitResult.Conflict or CommitResult.Unknown))
                return outcome.Result;
        }
    }

    /// <summary>Commits a decision and, once it is stored, holds its state. Nothing to commit counts as stored.</summary>
    private async Task<CommitOutcome> CommitAsync(Decision decision)
    {
        if (decision.Commit is null)
            return Nothing;
        var outcome = await writer.CommitAsync(decision.Commit);
        switch (outcome.Result)
        {
            case CommitResult.Stored:
                if (decision.Commit.Tickets.Count > 0 || decision.Commit.Opened is not null)
                    reservedTicket = 0;
                var armed = known?.Row.AlarmAt;
                known = decision.After;
                confirmedAt = Clock.GetTimestamp();
                if (
                    (
                        decision.Commit.Tickets.Count > 0
                        || decision.Commit.Opened is not null
                        || decision.Commit.TicketChange is not null
                    ) && known.Ticket is { IsOpen: true, Owner: null, Routed: false }
                )
                    services.Assignment.TicketIsNobodys(known.Account, known.Thread);
                if (known.Row.AlarmAt is { } alarm && (armed is null || alarm < armed))
                    ArmAfterwards();
                if (
                    decision.Commit.Changes.Any(c => c.Status is MessageStatus.Failed or MessageStatus.Cancelled)
                    && AlarmDecider.MayWarn(known.Row, Clock.GetUtcNow())
                )
                    CheckAfterwards();
                break;
            case CommitResult.Conflict or CommitResult.Unknown:
                Forget();
                break;
        }
        return outcome;
    }

    private static readonly CommitOutcome Nothing = new(CommitResult.Stored);

    /// <summary>The state, loaded at the first command rather than on activation: a reminder that is turned away costs no query.</summary>
    private async Task<ThreadState> LoadAsync()
    {
        var rules = await RulesAsync();
        if (known is not null)
            return known = ReferenceEquals(known.Rules, rules) ? known : known with { Rules = rules };
        var nothing = NotThere() with { Rules = rules };
        var stored = await store.LoadAsync(nothing.Account, nothing.Thread);
        confirmedAt = Clock.GetTimestamp();
        return known = stored is null
            ? nothing
            : nothing with
            {
                Channel = stored.Channel,
                Version = stored.Version,
                Row = stored.Row,
                Ticket = stored.Ticket,
                Identities = [.. stored.Identities],
                Person = stored.Person,
                Queue =
                [
                    .. stored.Queue.Select(q => new QueuedSend(
                        q.Row,
                        new OutboundContent(q.Type, q.Body, q.Media),
                        q.Ledger
                    )),
                ],
            };
    }

    private ValueTask<TicketRules> RulesAsync() =>
        services.Rules.OfAsync(GrainKeys.ParseThread(this.GetPrimaryKeyString()).Account);

    private ThreadState NotThere()
    {
        var (account, thread) = GrainKeys.ParseThread(this.GetPrimaryKeyString());
        return ThreadState.Empty(account, thread);
    }

    private void Forget() => known = null;

    private long ASecondAgo => Clock.GetTimestamp() - Clock.TimestampFrequency;

    /// <summary>
    /// True where what is held was last confirmed by PostgreSQL before that time: it is forgotten, and is to be loaded again. A commit on
    /// a state that another activation has moved on since is refused by its version; an answer that commits nothing would be given.
    /// </summary>
    private bool LooksAgain(long since)
    {
        if (known is null || confirmedAt >= since)
            return false;
        Forget();
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A customer message could not be stored and was left over: {Reason}"
    )]
    private static partial void LogLeftOver(ILogger logger, string reason);
}
