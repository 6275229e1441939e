using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>Tickets without a conversation: opened on a desk, handed over by it, taken by a conversation (ADR 066).</summary>
public sealed partial class ThreadGrain
{
    /// <summary>Notes that go along; what is older stays at the desk.</summary>
    private const int MostNotes = 200;

    public async Task<OpenTicketResult> OpenTicket(OpenTicket command)
    {
        try
        {
            var (account, thread) = GrainKeys.ParseThread(this.GetPrimaryKeyString());
            if (thread != Desk.Of(command.Properties.Ticket))
                return OpenTicketResult.Invalid;
            var answer = OpenTicketResult.Unavailable;
            var committed = await DecideAndCommitAsync(async state =>
            {
                if (!state.Exists && reservedTicket == 0)
                    reservedTicket = await GrainFactory.GetGrain<ITicketNumberGrain>(account.ToString()).Next();
                (answer, var decision) = DeskDecider.Open(state, command, reservedTicket, Clock.GetUtcNow());
                return decision;
            });
            return committed switch
            {
                CommitResult.Stored => answer,
                CommitResult.KeyUsed => OpenTicketResult.KeyInUse,
                CommitResult.Rejected => OpenTicketResult.Invalid,
                _ => OpenTicketResult.Unavailable,
            };
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return OpenTicketResult.Unavailable;
        }
    }

    public async Task<AttachResult> AttachTicket(AttachTicket command)
    {
        try
        {
            var answer = AttachResult.Unavailable;
            var committed = await DecideAndCommitAsync(state =>
            {
                (answer, var decision) = DeskDecider.Promise(state, command, Clock.GetUtcNow());
                return decision;
            });
            if (committed != CommitResult.Stored)
                return AttachResult.Unavailable;
            return answer == AttachResult.Attached ? await FinishMoveAsync(command.By) : answer;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return AttachResult.Unavailable;
        }
    }

    /// <summary>Goes on with what was promised, whoever finds it: the caller, a later one, or the sweep.</summary>
    private async Task<AttachResult> FinishMoveAsync(AgentId? by)
    {
        var state = await LoadAsync();
        if (state.Ticket is not { MovingTo: { } to } ticket)
            return AttachResult.NotThere;
        var notes = await store.NotesAsync(state.Account, state.Thread, MostNotes);
        var command = new TakeTicket
        {
            Ticket = ticket.Id,
            Number = state.Row.TicketNumber!.Value,
            Status = state.Row.TicketStatus!,
            Notes =
            [
                .. notes.Select(n => new MergedNote
                {
                    Text = n.Text,
                    By = AgentOf(n.AgentId),
                    At = n.At,
                }),
            ],
            By = by,
        };
        // Down one way only: a desk calls conversations, a conversation calls no desk.
        var taken = await GrainFactory.GetGrain<IThreadGrain>(GrainKeys.Thread(state.Account, to)).TakeTicket(command);
        if (taken == AttachResult.Unavailable)
            return taken;
        var committed = await DecideAndCommitAsync(now =>
            now.Ticket is not { MovingTo: not null } && now.Row.TicketId is null ? new Decision(null, now)
            : taken == AttachResult.Attached ? DeskDecider.Leave(now, to, by, Clock.GetUtcNow())
            : now.Ticket is null ? new Decision(null, now)
            : DeskDecider.TakeBack(now, Clock.GetUtcNow())
        );
        // Taken it is, whether whoever looks at the desk hears of it now or not.
        if (committed != CommitResult.Stored)
            Forget();
        return taken;
    }

    public async Task<AttachResult> TakeTicket(TakeTicket command)
    {
        try
        {
            var (account, thread) = GrainKeys.ParseThread(this.GetPrimaryKeyString());
            var answer = AttachResult.Unavailable;
            var committed = await DecideAndCommitAsync(async state =>
            {
                var moving = await store.MovingAsync(account, command.Ticket, thread);
                (answer, var decision) = DeskDecider.Take(state, command, moving, Clock.GetUtcNow());
                return decision;
            });
            return committed == CommitResult.Stored ? answer : AttachResult.Unavailable;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return AttachResult.Unavailable;
        }
    }

    /// <summary>A conversation for a ticket that had none: empty until somebody writes.</summary>
    public async Task<bool> Begin(BeginThread command)
    {
        try
        {
            var committed = await DecideAndCommitAsync(state => DeskDecider.Begin(state, command, Clock.GetUtcNow()));
            return committed == CommitResult.Stored;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return false;
        }
    }

    // A ticket that was promised goes over before anything else happens at its desk.
    private async Task<bool> IsLeavingAsync()
    {
        var state = await LoadAsync();
        if (!state.IsDesk)
            return false;
        if (state.Ticket?.MovingTo is not null)
            await FinishMoveAsync(null);
        return (await LoadAsync()).Ticket is null or { MovingTo: not null };
    }

    private static AgentId? AgentOf(Guid? agent) => agent is { } known ? new AgentId(known) : null;
}
