using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>
/// Conversations that go on in another one of their number (ADR 092). All of it happens in the turn of the one that goes: while it merges or
/// takes a merge back it hands nothing on, so every message is wholly before or wholly after. It calls the other one, never the other way round.
/// </summary>
public sealed partial class ThreadGrain
{
    public async Task<MergeOutcome> MergeInto(MergeThread command)
    {
        try
        {
            var answer = MergeOutcome.Unavailable;
            var committed = await DecideAndCommitAsync(state =>
            {
                (answer, var decision) = ThreadMergeDecider.Begin(state, command, Clock.GetUtcNow());
                return decision;
            });
            if (committed != CommitResult.Stored)
                return MergeOutcome.Unavailable;
            return answer == MergeOutcome.Done ? await FinishMergeAsync() : answer;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return MergeOutcome.Unavailable;
        }
    }

    public async Task<MergeOutcome> Unmerge(AgentId? by)
    {
        try
        {
            if ((await LoadAsync()).Person?.Moved is null)
                return MergeOutcome.NotMerged;
            return await FinishMergeAsync() == MergeOutcome.Unavailable || !await SplitAsync(by)
                ? MergeOutcome.Unavailable
                : MergeOutcome.Done;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return MergeOutcome.Unavailable;
        }
    }

    public async Task<TakenIn> TakeIn(TakeInThread command)
    {
        try
        {
            if (command.Ticket is not null && !await HasTicketAsync(command))
                return new TakenIn(MergeOutcome.Unavailable);
            var answer = new TakenIn(MergeOutcome.Unavailable);
            var committed = await DecideAndCommitAsync(state =>
            {
                (answer, var decision) = ThreadMergeDecider.TakeIn(state, command, Clock.GetUtcNow());
                return decision;
            });
            return committed == CommitResult.Stored ? answer : new TakenIn(MergeOutcome.Unavailable);
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return new TakenIn(MergeOutcome.Unavailable);
        }
    }

    public async Task<MergeOutcome> LetGo(LetGoThread command)
    {
        try
        {
            var committed = await DecideAndCommitAsync(async state =>
            {
                Guid[] gone = [.. command.All.Select(t => t.Value)];
                var own = await store.HeardAsync(state.Account, state.Thread, gone, InboundKind.Heard, ofThem: false);
                string[] tags = command.Ticket is { } ticket
                    ? await store.TagsOfMergeAsync(state.Account, state.Thread, ticket.OtherTicket)
                    : [];
                return ThreadMergeDecider.LetGo(state, command, own, tags, Clock.GetUtcNow());
            });
            return committed is CommitResult.Stored or CommitResult.KeyUsed
                ? MergeOutcome.Done
                : MergeOutcome.Unavailable;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return MergeOutcome.Unavailable;
        }
    }

    private async Task<bool> HasTicketAsync(TakeInThread command)
    {
        var committed = await DecideAndCommitAsync(async state =>
        {
            if (ThreadMergeDecider.Refuse(state, command) is not null || ReceiveDecider.HasOpenTicket(state.Row))
                return new Decision(null, state);
            if (reservedTicket == 0)
                reservedTicket = await GrainFactory.GetGrain<ITicketNumberGrain>(state.Account.ToString()).Next();
            var now = Clock.GetUtcNow();
            return ThreadMergeDecider.OpenTicket(state, command.LastInboundAt ?? now, reservedTicket, now);
        });
        return committed == CommitResult.Stored;
    }

    /// <summary>Goes on with a merge that was begun, whoever finds it. <see cref="MergeOutcome.Done"/> where there is none to finish.</summary>
    private async Task<MergeOutcome> FinishMergeAsync()
    {
        var state = await LoadAsync();
        if (state.Person?.Moved is not { Pending: true } moved)
            return MergeOutcome.Done;
        var (waId, userId) = state.Address;
        var command = new TakeInThread
        {
            From = state.Thread,
            Channel = state.Channel,
            Merge = moved.Merge,
            By = moved.By,
            Name = NameOf(state),
            Address = new PassedOn(state.Thread, state.Person.Reply?.Thread ?? state.Thread, waId, userId),
            LastInboundAt = state.Row.LastInboundAt,
            PreviewAt = state.Row.PreviewAt,
            Unread = state.Row.Unread,
            AnswerOwed = state.Row.AnswerOwed,
            Ticket = state.Ticket is { IsOpen: true } ticket
                ? new TicketMerge
                {
                    Side = MergeSide.TakesIn,
                    Key = $"taken-in-{moved.Merge:N}",
                    OtherTicket = ticket.Id,
                    OtherNumber = state.Row.TicketNumber!.Value,
                    OtherThread = state.Thread,
                    Notes =
                    [
                        .. (await store.NotesAsync(state.Account, state.Thread, MostNotes)).Select(n => new MergedNote
                        {
                            Text = n.Text,
                            By = AgentOf(n.AgentId),
                            At = n.At,
                        }),
                    ],
                }
                : null,
            Tags = [.. state.Ticket?.Tags ?? []],
            Owner = state.Ticket?.Owner,
            Team = state.Ticket?.Team,
            MarketingAt = state.Person.Marketing?.At,
            MarketingStopped = state.WantsNoMarketing,
        };
        var taken = await Other(state, moved.Into).TakeIn(command);
        if (taken.Outcome == MergeOutcome.Unavailable)
            return taken.Outcome;
        var committed = await DecideAndCommitAsync(now =>
            now.Person?.Moved is not { Pending: true } ? new Decision(null, now)
            : taken.Outcome == MergeOutcome.Done ? ThreadMergeDecider.Settle(now, taken, Clock.GetUtcNow())
            : ThreadMergeDecider.TakeBack(now, Clock.GetUtcNow())
        );
        return committed is CommitResult.Stored ? taken.Outcome : MergeOutcome.Unavailable;
    }

    // The other one lets go first: until this thread has committed, whatever it hands on is turned away there, and it goes on with this.
    private async Task<bool> SplitAsync(AgentId? by)
    {
        var state = await LoadAsync();
        if (state.Person?.Moved is not { } moved)
            return true;
        var all = await store.MovedHereAsync(state.Account, state.Thread);
        Guid[] those = [state.Thread.Value, .. all];
        var since = await store.HeardAsync(state.Account, moved.Into, those, InboundKind.Heard, ofThem: true);
        var letGo = new LetGoThread
        {
            From = state.Thread,
            Merge = moved.Merge,
            All = [.. those.Select(t => new ThreadId(t))],
            By = by,
            Name = NameOf(state),
            Ticket = ThreadMergeDecider.ReopensTicket(state, moved)
                ? new TicketMerge
                {
                    Side = MergeSide.LetsGo,
                    Key = $"let-go-{moved.Merge:N}",
                    OtherTicket = state.Ticket!.Id,
                    OtherNumber = state.Row.TicketNumber!.Value,
                    OtherThread = state.Thread,
                }
                : null,
        };
        if (await Other(state, moved.Into).LetGo(letGo) != MergeOutcome.Done)
            return false;
        // Its own customer is no stranger to answers that go to it.
        if (since.Reply?.Thread == state.Thread)
            since = since with { Reply = null };
        var committed = await DecideAndCommitAsync(async now =>
        {
            if (reservedTicket == 0 && ThreadMergeDecider.IsOwed(now, since) && !ReceiveDecider.HasOpenTicket(now.Row))
                reservedTicket = await GrainFactory.GetGrain<ITicketNumberGrain>(now.Account.ToString()).Next();
            return ThreadMergeDecider.Split(now, since, by, reservedTicket, Clock.GetUtcNow());
        });
        return committed == CommitResult.Stored;
    }

    /// <summary>Hands customers' messages on, in this thread's turn, so that they arrive in their order.</summary>
    private async Task<ReceiveResult> PassOnAsync(ReceiveMessages command)
    {
        if (await FinishMergeAsync() == MergeOutcome.Unavailable)
            return ReceiveResult.TryAgain;
        var state = await LoadAsync();
        if (state.Person?.Moved is not { } moved)
            return await ReceiveAsync(command); // the other one did not want it
        var passed = command with
        {
            IsNew = false,
            IsFormer = true,
            ConflictsWith = null,
            Via = command.Via is { } via
                ? via with
                {
                    By = state.Thread,
                }
                : new PassedOn(state.Thread, state.Thread, state.Row.WaId, state.Row.UserId),
        };
        var result = await Other(state, moved.Into).Receive(passed);
        if (result != ReceiveResult.NotMine)
            return result;
        // It has been let go there. Somebody else has taken the merge back, or did so half-way.
        Forget();
        return await SplitAsync(null) ? await ReceiveAsync(command) : ReceiveResult.TryAgain;
    }

    private IThreadGrain Other(ThreadState state, ThreadId thread) =>
        GrainFactory.GetGrain<IThreadGrain>(GrainKeys.Thread(state.Account, thread));

    private static string? NameOf(ThreadState state) =>
        state.Row.ProfileName ?? (state.Row.WaId is { } waId ? "+" + waId : state.Row.UserId);
}
