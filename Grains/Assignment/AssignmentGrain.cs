using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orleans.Dashboard;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>
/// Gives out an account's tickets: what is nobody's is looked at by the rules, what waits goes to whoever becomes free, the oldest first.
/// It reads what is in PostgreSQL, lets <see cref="AssignmentDecider"/> decide, and tells each ticket's thread, which commits it only where
/// the ticket is still nobody's. So a second activation, or a kill at any point, costs a repeat and never gives a ticket twice.
/// While something waits it looks every second: no nudge can be lost that would keep a customer waiting.
/// </summary>
[GrainType("assignment"), NoProfiling]
public sealed partial class AssignmentGrain(
    RoutingStore store,
    AwayStore away,
    TimeProvider clock,
    ILogger<AssignmentGrain> logger
) : Grain, IAssignmentGrain, IRemindable
{
    private static readonly Meter Meter = new("Threadkeep.Assignment");
    private static readonly Counter<long> Placed = Meter.CreateCounter<long>(
        "threadkeep.assignment.placed",
        "{ticket}"
    );

    private const string ReminderName = "assignment";
    private const int AtOnce = 8;

    /// <summary>Tickets looked at in one go; the rest a moment later.</summary>
    private const int PerLook = 500;

    /// <summary>New tickets have the highest numbers; blocks of numbers may be used a little out of their order.</summary>
    private const int NumbersBack = 300;

    private const int MostNudged = 5_000;

    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileWaiting = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileIdle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EverythingEvery = TimeSpan.FromMinutes(1);

    // On the real clock: what is due must not depend on the product's.
    private long lookedAt = Stopwatch.GetTimestamp();
    private long sweptAt;
    private TimeSpan rest;
    private int seenNumber;

    // Threads that said so themselves. What is forgotten here is found anyway, a little later.
    private readonly HashSet<Guid> nudged = [];

    private AccountId Account => new(Guid.ParseExact(this.GetPrimaryKeyString(), "N"));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(
            static (self, _) => self.TickAsync(),
            this,
            new GrainTimerCreationOptions(TickEvery, TickEvery) { KeepAlive = true }
        );
        return Task.CompletedTask;
    }

    public Task Start() => MinuteReminder.EnsureAsync(this, ReminderName);

    // Being called is all: the activation looks by itself.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public Task Wake()
    {
        // Everything: what was woken for may be of any age.
        sweptAt = 0;
        rest = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    public Task Nudge(ThreadId thread)
    {
        if (nudged.Count < MostNudged)
            nudged.Add(thread.Value);
        else
            sweptAt = 0;
        rest = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    private async Task TickAsync()
    {
        if (Stopwatch.GetElapsedTime(lookedAt) < rest)
            return;
        lookedAt = Stopwatch.GetTimestamp();
        rest = WhileWaiting;
        try
        {
            rest = await LookAsync();
        }
        catch (Exception failed)
        {
            // Whatever it was, what waits is tried again.
            LogFailed(logger, failed);
            rest = SqlErrors.IsPassing(failed) ? WhileWaiting : WhileIdle;
        }
    }

    // How long to rest until the next look.
    private async Task<TimeSpan> LookAsync()
    {
        var account = Account;
        await using var turn = await store.TryTakeTurnAsync(account);
        if (turn is null)
            return WhileWaiting;
        var sweeps = sweptAt == 0 || Stopwatch.GetElapsedTime(sweptAt) > EverythingEvery;
        if (sweeps)
        {
            await TakeBackAsync(account);
            sweptAt = Stopwatch.GetTimestamp();
        }
        var settings = await store.SettingsAsync(account);
        var somebodyAway = await away.HasAwayAsync(account);
        if (somebodyAway)
            await ReturnOfAwayAsync(account, settings.AwayMinutes);
        var queued = await store.WaitingAsync(account, PerLook);
        if (queued.Count == 0 && !settings.Rules.Any(r => r.Enabled))
        {
            if (!somebodyAway)
                await EndAsync();
            return WhileIdle;
        }
        var fresh = await FreshAsync(account, sweeps);
        if (queued.Count == 0 && fresh.Count == 0)
            return WhileIdle;
        var known = await store.KnownAsync(account);
        var state = await StateAsync(account, settings, known);
        // What waits is looked at where somebody could take it; now and then all the same: the rules may have changed.
        var somebodyFree = state.Workers.Any(w => w.Available && w.Load < w.Capacity);
        if (fresh.Count == 0 && !somebodyFree && !sweeps)
            return WhileWaiting;
        var threads = somebodyFree || sweeps ? queued.Concat(fresh).ToHashSet() : fresh;
        var tickets = await store.MatchAsync(account, threads, state.Rules, known.Properties, clock.GetUtcNow());
        var placements = AssignmentDecider.Decide(state, tickets);
        await PlaceAsync(account, turn, placements);
        // A full hand may not have been all.
        return fresh.Count >= PerLook || placements.Count >= PerLook ? TimeSpan.Zero : WhileWaiting;
    }

    private async Task<IReadOnlyCollection<Guid>> FreshAsync(AccountId account, bool all)
    {
        if (seenNumber == 0)
            seenNumber = await store.HighestNumberAsync(account);
        var found = await store.NotRoutedAsync(account, all ? null : seenNumber - NumbersBack, PerLook);
        if (found.Count > 0)
            seenNumber = Math.Max(seenNumber, found.Max(f => f.Number));
        var fresh = nudged.Take(PerLook).Concat(found.Select(f => f.Thread)).ToHashSet();
        nudged.ExceptWith(fresh);
        return fresh;
    }

    private async Task<AssignmentState> StateAsync(AccountId account, AssignmentSettings settings, Known known)
    {
        var workers = await store.WorkersAsync(account);
        var rules = settings.Rules.Where(r => AssignmentDecider.IsUsable(r, known, workers)).ToArray();
        return new AssignmentState(rules, workers, known.Skills, await store.TurnsAsync(account));
    }

    private async Task PlaceAsync(AccountId account, RoutingTurn turn, IReadOnlyList<Placement> placements)
    {
        foreach (var some in placements.Chunk(AtOnce))
        {
            await turn.EnsureHeldAsync();
            var results = await Task.WhenAll(some.Select(p => TellAsync(account, p)));
            var done = some.Where((_, n) => results[n] == RouteResult.Done).ToArray();
            Placed.Add(done.Count(p => p.Act == RouteAct.Assign));
            await store.SaveTurnsAsync(
                account,
                [.. done.Where(p => p.Act == RouteAct.Assign).Select(p => (p.Rule!.Id, p.Agent!.Value, p.Turn))]
            );
        }
        if (placements.Any(p => p.Act == RouteAct.Assign))
            await GrainFactory.TellAccountAsync(account, AccountHint.Availability);
    }

    private Task<RouteResult> TellAsync(AccountId account, Placement placement) =>
        RouteAsync(
            account,
            placement.Ticket.Thread,
            new RouteTicket
            {
                Ticket = placement.Ticket.Ticket,
                Act = placement.Act,
                Agent = placement.Agent,
                Team = placement.Team is { } team ? new TeamId(team) : null,
                Skills = [.. placement.Rule?.Skills ?? []],
                Rule = placement.Rule?.Name,
            }
        );

    // Tickets of people who were turned off, and of teams that were removed: nobody's, and looked at anew.
    private async Task TakeBackAsync(AccountId account)
    {
        var orphans = await store.OrphansAsync(account, PerLook);
        foreach (var some in orphans.Chunk(AtOnce))
            await Task.WhenAll(
                some.Select(o =>
                    RouteAsync(
                        account,
                        o.Thread,
                        new RouteTicket
                        {
                            Ticket = o.Ticket,
                            Act = o.Owner is null ? RouteAct.LoseTeam : RouteAct.TakeAway,
                            Agent = o.Owner,
                            Team = o.Team,
                            Reason = o.Owner is null ? "team_removed" : "owner_removed",
                        }
                    )
                )
            );
    }

    // A thread that cannot be told now is told at the next look: where it stands is in PostgreSQL.
    private async Task<RouteResult> RouteAsync(AccountId account, ThreadId thread, RouteTicket command)
    {
        try
        {
            return await GrainFactory.GetGrain<IThreadGrain>(GrainKeys.Thread(account, thread)).Route(command);
        }
        catch (Exception failed)
        {
            LogNotTold(logger, failed);
            return RouteResult.Unavailable;
        }
    }

    // Nothing to give out any more: it is begun again when there is.
    private async Task EndAsync()
    {
        if (await this.GetReminder(ReminderName) is { } reminder)
            await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tickets could not be given out; looking again soon")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A thread could not be told whose its ticket is; looking again soon"
    )]
    private static partial void LogNotTold(ILogger logger, Exception exception);
}
