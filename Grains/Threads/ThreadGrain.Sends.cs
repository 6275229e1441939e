using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Messages;
using Threadkeep.Quota;

namespace Threadkeep.Threads;

/// <summary>Messages to the customer: accepted, taken by the dispatcher, settled.</summary>
public sealed partial class ThreadGrain
{
    private static readonly AcceptResult NotNow = new(0, AcceptRefusal.Unavailable);

    public async Task<AcceptResult> Accept(AcceptMessage command)
    {
        try
        {
            return await AcceptAsync(command);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return NotNow;
        }
    }

    private async Task<AcceptResult> AcceptAsync(AcceptMessage command)
    {
        int? collided = null;
        var reloads = 0;
        var begun = Clock.GetTimestamp();
        for (var n = 0; n < MaxDecisions; n++)
        {
            var state = await LoadAsync();
            var now = Clock.GetUtcNow();
            if (command.RepeatsSeq is { } repeated && !await MayBeSentAgainAsync(state, repeated, now))
                return new AcceptResult(0, AcceptRefusal.NotResendable);
            if ((SendDecider.Refuse(state, command, now) ?? await OptedOutAsync(state, command)) is { } refused)
            {
                if (LooksAgain(begun))
                    continue;
                return refused;
            }

            var userInitiatedUntil = await services.Accounts.UserInitiatedUntilAsync(state.Account);
            var countsAs = SendDecider.CountsAs(state, command.IsTemplate, now, userInitiatedUntil);
            DrawnSlot? slot = null;
            if (countsAs is not null)
            {
                var drawn = await QuotaOf(state).Draw(now, countsAs == LedgerRow.UserInitiated, collided);
                if (drawn.Slot == 0)
                    return new AcceptResult(0, AcceptRefusal.QuotaExhausted, drawn.ResetsAt, drawn.Limit);
                slot = new DrawnSlot(drawn.PeriodStart, drawn.Slot);
            }

            var decision = SendDecider.Accept(state, command, countsAs, slot, now);
            var outcome = await CommitAsync(decision);
            if (outcome.Result == CommitResult.Stored)
            {
                await FaultPoint.Reached("accepted");
                if (!command.Bulk) // bulk waits for its turn at the dispatcher, which looks for it by itself
                    await Nudge(state);
                return new AcceptResult(decision.After.Row.LastSeq, AcceptRefusal.None);
            }
            collided = outcome.Result is CommitResult.SlotTaken or CommitResult.OverLimit ? slot?.Slot : null;
            if (slot is not null && collided is null && outcome.Result != CommitResult.Unknown)
                await QuotaOf(state).Return(slot.PeriodStart, slot.Slot);
            switch (outcome.Result)
            {
                case CommitResult.SlotTaken or CommitResult.OverLimit:
                    continue;
                case CommitResult.Conflict or CommitResult.Unknown when reloads++ == 0:
                    continue;
                case CommitResult.KeyUsed:
                    return new AcceptResult(0, AcceptRefusal.KeyInUse);
                case CommitResult.ChannelGone:
                    return new AcceptResult(0, AcceptRefusal.ChannelPaused);
                case CommitResult.Rejected:
                    return new AcceptResult(0, AcceptRefusal.Invalid);
                default:
                    return NotNow;
            }
        }
        return NotNow;
    }

    private async Task<bool> MayBeSentAgainAsync(ThreadState state, int seq, DateTimeOffset now)
    {
        var found = await store.MessagesAsync(state.Account, state.Thread, [seq]);
        return found is [{ Direction: MessageDirection.Outbound, RepeatedBy: null } message]
            && (
                message.Status == MessageStatus.Failed
                || message.Status == MessageStatus.Unconfirmed
                    && message.UnconfirmedAt + ThreadTimes.UnconfirmedGrace <= now
            );
    }

    public async Task<TakeResult> TakeNext(PreparedMedia? prepared)
    {
        var attempt = Guid.NewGuid();
        (int Seq, DrawnSlot Slot)? slot = null;
        int? exhausted = null;
        int? collided = null;
        ReachResult? reach = null;
        for (var n = 0; n < MaxDecisions; n++)
        {
            var state = await LoadAsync();
            var now = Clock.GetUtcNow();
            var next = SendDecider.TakeNext(
                state,
                prepared,
                attempt,
                slot,
                exhausted,
                now,
                asksReach: true,
                reach: reach,
                unwanted: await UnwantedAsync(state)
            );
            var outcome = await CommitAsync(next.Decision);
            switch (outcome.Result)
            {
                case CommitResult.Stored when next.NeedsSlot is { } seq:
                    var drawn = await QuotaOf(state).Draw(now, mayPassLimit: false, collided);
                    slot = drawn.Slot == 0 ? null : (seq, new DrawnSlot(drawn.PeriodStart, drawn.Slot));
                    exhausted = drawn.Slot == 0 ? seq : null;
                    continue;
                case CommitResult.Stored when next.NeedsReach:
                    reach = await ReachAsync(state);
                    continue;
                // The dispatcher asks after every message: what was confirmed a moment ago will do, for it asks again anyway.
                case CommitResult.Stored when next.Decision.Commit is null && LooksAgain(ASecondAgo):
                    continue;
                case CommitResult.Stored:
                    if (slot is { } drawnFor && next.Decision.Commit?.Ledger.Any(l => l.Seq == drawnFor.Seq) != true)
                        await QuotaOf(state).Return(drawnFor.Slot.PeriodStart, drawnFor.Slot.Slot);
                    if (next.Result.Attempt is not null)
                        await FaultPoint.Reached("sending");
                    return next.Result;
                case CommitResult.SlotTaken or CommitResult.OverLimit:
                    (collided, slot) = (slot?.Slot.Slot, null);
                    continue;
                case CommitResult.Conflict or CommitResult.Unknown:
                    continue; // the same attempt id: if it was written after all, it is recognised
                default:
                    return new TakeResult(NotBefore: now + TimeSpan.FromSeconds(10));
            }
        }
        return new TakeResult(NotBefore: Clock.GetUtcNow() + TimeSpan.FromSeconds(10));
    }

    public async Task<bool> Settle(SendAttempt attempt, AttemptOutcome outcome)
    {
        for (var n = 0; ; n++)
        {
            var state = await LoadAsync();
            // Read anew for each decision: whoever else moved the thread on may have settled the draw too.
            IReadOnlyList<StoredMessage> found = state.Queue.Exists(q => q.Row.Attempt == attempt.Id)
                ? []
                : await store.MessagesAsync(state.Account, state.Thread, [attempt.Seq]);
            var stored = found is [var message] ? message : null;
            var decision = SendDecider.Settle(state, attempt, outcome, stored, Clock.GetUtcNow());
            var result = (await CommitAsync(decision)).Result;
            if (result == CommitResult.Stored && outcome.Result == AttemptResult.Refused)
                await UnreachAsync(state, attempt.Id);
            if (n > 0 || result is not (CommitResult.Conflict or CommitResult.Unknown))
                return result == CommitResult.Stored;
        }
    }

    public Task FailQueued(int seq, AttemptOutcome outcome) =>
        DecideAndCommitAsync(state => SendDecider.FailQueued(state, seq, outcome, Clock.GetUtcNow()));

    public async Task<bool> Cancel(int seq)
    {
        var cancelled = false;
        var result = await DecideAndCommitAsync(state =>
        {
            var decision = SendDecider.Cancel(state, seq, Clock.GetUtcNow());
            cancelled = decision is not null;
            return decision ?? new Decision(null, state);
        });
        return cancelled && result == CommitResult.Stored;
    }

    public async Task<ReceiveResult> ApplyStatuses(StatusItem[] statuses)
    {
        try
        {
            return await ApplyStatusesAsync(statuses);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return ReceiveResult.TryAgain;
        }
    }

    private async Task<ReceiveResult> ApplyStatusesAsync(StatusItem[] statuses)
    {
        int[] seqs = [.. statuses.Select(s => s.MessageId!.Value.Seq).Distinct()];
        int? collided = null;
        var recounts = true;
        var begun = Clock.GetTimestamp();
        for (var n = 0; n < MaxDecisions; n++)
        {
            var state = await LoadAsync();
            if (!state.Exists)
            {
                if (LooksAgain(begun))
                    continue;
                return ReceiveResult.Stored;
            }
            var messages = await store.MessagesAsync(state.Account, state.Thread, seqs);
            var stored = messages.Where(m => m.Status is not null).ToDictionary(m => m.Seq);
            LedgerRow[] again = recounts ? [.. SendDecider.CountsAgain(state, statuses, stored)] : [];
            var recount = new Dictionary<int, int>();
            foreach (var draw in again)
            {
                recount[draw.Seq] = (await QuotaOf(state).Draw(draw.PeriodStart, mayPassLimit: true, collided)).Slot;
                collided = null; // told once, it reads the free slots again; twice, it would give the same one out again
            }
            var decision = SendDecider.ApplyStatuses(state, statuses, stored, recount, Clock.GetUtcNow());
            var outcome = await CommitAsync(decision);
            if (outcome.Result is not (CommitResult.Stored or CommitResult.SlotTaken or CommitResult.Unknown))
            {
                foreach (var draw in again)
                    await QuotaOf(state).Return(draw.PeriodStart, recount[draw.Seq]);
            }
            switch (outcome.Result)
            {
                case CommitResult.Stored:
                    await Nudge(state);
                    return ReceiveResult.Stored;
                case CommitResult.SlotTaken:
                    collided = recount.Values.FirstOrDefault();
                    continue;
                case CommitResult.Rejected when recount.Count > 0:
                    recounts = false; // another message counts for its session by now
                    continue;
                case CommitResult.Rejected:
                    return ReceiveResult.Refused;
                case CommitResult.Conflict or CommitResult.Unknown:
                    continue;
                default:
                    return ReceiveResult.TryAgain;
            }
        }
        return ReceiveResult.TryAgain;
    }

    // Asked for the few who want none: whether a template is marketing is Meta's to say, and may change while it waits.
    private async Task<IReadOnlySet<int>?> UnwantedAsync(ThreadState state)
    {
        if (!state.WantsNoMarketing)
            return null;
        var unwanted = new HashSet<int>();
        foreach (var send in state.Queue.Where(q => !q.IsSending && q.Content.IsTemplate))
        {
            if (await IsMarketingAsync(state, send.Content.Body))
                unwanted.Add(send.Seq);
        }
        return unwanted;
    }

    private async Task<AcceptResult?> OptedOutAsync(ThreadState state, AcceptMessage command) =>
        state.WantsNoMarketing && command.IsTemplate && await IsMarketingAsync(state, command.Body)
            ? new AcceptResult(0, AcceptRefusal.OptedOut)
            : null;

    private Task<bool> IsMarketingAsync(ThreadState state, string body) =>
        store.IsMarketingAsync(state.Account, state.Channel, body);

    private async Task<ReachResult> ReachAsync(ThreadState state)
    {
        var portfolio = await services.Portfolios.OfAsync(state.Account, state.Channel);
        return portfolio is null ? new ReachResult() : await PortfolioOf(state, portfolio).Reach(CustomerOf(state));
    }

    // Meta refused it outside a session: the customer was not reached by it.
    private async Task UnreachAsync(ThreadState state, Guid attempt)
    {
        if (
            state.Queue.Find(q => q.Row.Attempt == attempt)?.Ledger is { Kind: LedgerRow.BusinessInitiated }
            && await services.Portfolios.OfAsync(state.Account, state.Channel) is { } portfolio
        )
            await PortfolioOf(state, portfolio).Unreach(CustomerOf(state));
    }

    // As PostgreSQL counts them (PortfolioStore): the same person on two numbers is one.
    private static string CustomerOf(ThreadState state) =>
        state.Address.WaId is { } waId ? $"wa:{waId}" : $"user:{state.Address.UserId}";

    private IPortfolioGrain PortfolioOf(ThreadState state, string portfolio) =>
        GrainFactory.GetGrain<IPortfolioGrain>(GrainKeys.Portfolio(state.Account, portfolio));

    private IQuotaGrain QuotaOf(ThreadState state) => GrainFactory.GetGrain<IQuotaGrain>(state.Account.ToString());

    private Task Nudge(ThreadState state) =>
        GrainFactory.GetGrain<IDispatcherGrain>(GrainKeys.Channel(state.Account, state.Channel)).Nudge(state.Thread);
}
