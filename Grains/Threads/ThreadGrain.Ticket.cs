using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>The thread's current ticket, and notes: decided here because what customers and agents write moves them too.</summary>
public sealed partial class ThreadGrain
{
    public async Task<ChangeTicketResult> ChangeTicket(ChangeTicket command)
    {
        try
        {
            if (await IsLeavingAsync())
                return ChangeTicketResult.NoSuchTicket;
            var answer = ChangeTicketResult.Unavailable;
            var committed = await DecideAndCommitAsync(state =>
            {
                (answer, var decision) = TicketDecider.Change(state, command, Clock.GetUtcNow());
                return decision;
            });
            return committed switch
            {
                CommitResult.Stored => answer,
                // The same merge once more: it has happened.
                CommitResult.KeyUsed => ChangeTicketResult.Changed,
                CommitResult.Rejected => ChangeTicketResult.Invalid,
                _ => ChangeTicketResult.Unavailable,
            };
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return ChangeTicketResult.Unavailable;
        }
    }

    public async Task<RouteResult> Route(RouteTicket command)
    {
        try
        {
            var answer = RouteResult.Unavailable;
            var committed = await DecideAndCommitAsync(state =>
            {
                (answer, var decision) = TicketDecider.Route(state, command, Clock.GetUtcNow());
                return decision;
            });
            return committed == CommitResult.Stored ? answer : RouteResult.Unavailable;
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return RouteResult.Unavailable;
        }
    }

    public async Task<AcceptResult> AddNote(AddNote command)
    {
        try
        {
            if (await IsLeavingAsync())
                return new AcceptResult(0, AcceptRefusal.NoSuchThread);
            var seq = 0;
            var committed = await DecideAndCommitAsync(state =>
            {
                var decision = NoteDecider.Add(state, command, Clock.GetUtcNow());
                seq = decision.After.Row.LastSeq;
                return decision;
            });
            return committed switch
            {
                CommitResult.Stored when seq == 0 => new AcceptResult(0, AcceptRefusal.NoSuchThread),
                CommitResult.Stored => new AcceptResult(seq, AcceptRefusal.None),
                CommitResult.KeyUsed => new AcceptResult(0, AcceptRefusal.KeyInUse),
                CommitResult.Rejected => new AcceptResult(0, AcceptRefusal.Invalid),
                _ => NotNow,
            };
        }
        catch (Exception failed) when (SqlErrors.IsPassing(failed))
        {
            Forget();
            return NotNow;
        }
    }

    public async Task CheckSnooze()
    {
        if (!await IsLeavingAsync())
            await DecideAndCommitAsync(state => TicketDecider.CheckSnooze(state, Clock.GetUtcNow()));
    }
}
