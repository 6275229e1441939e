using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Notices;

namespace Threadkeep.Assignment;

/// <summary>Somebody who has been away for as long as the account allows.</summary>
public sealed record AwayPerson(AgentId Agent, string Name, DateTimeOffset Since);

/// <summary>People who stay away, and telling of it.</summary>
public sealed class AwayStore(NpgsqlDataSource database)
{
    /// <summary>True where somebody is away whose tickets have not gone back yet.</summary>
    public async Task<bool> HasAwayAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                select from threadkeep.agent_work where account_id = @account and not available and returned_at is null)
            """,
            new { account = account.Value }
        );
    }

    /// <summary>Who has been away since <paramref name="before"/> or earlier, and has not handed back yet.</summary>
    public async Task<IReadOnlyList<AwayPerson>> DueAsync(AccountId account, DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Agent, string Name, DateTimeOffset Since)>(
            """
            select a.id, a.name, w.since
            from threadkeep.agent_work w
            join threadkeep.agents a on a.account_id = w.account_id and a.id = w.agent_id
            where w.account_id = @account and not w.available and w.returned_at is null and w.since <= @before
            order by w.since
            """,
            new { account = account.Value, before }
        );
        return [.. rows.Select(r => new AwayPerson(new AgentId(r.Agent), r.Name, r.Since))];
    }

    /// <summary>The tickets of somebody that wait on us and are not put off.</summary>
    public async Task<IReadOnlyList<ReturnedTicket>> TicketsAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ReturnedTicket>(
            """
            select k.id, k.thread_id as thread, k.number
            from threadkeep.tickets k
            join threadkeep.threads t on t.account_id = k.account_id and t.id = k.thread_id
            where k.account_id = @account and k.owner_id = @agent and k.is_open and k.snoozed_until is null
                and t.ticket_status in ('new', 'waiting_on_us')
            order by k.opened_at, k.number
            limit 1000
            """,
            new { account = account.Value, agent = agent.Value }
        );
        return [.. rows];
    }

    /// <summary>
    /// Tells the owner which tickets go back, and the supervisors (admins where there is none) how many. Written before they do, once for each
    /// time that somebody is away: what is done twice is told once, and what is done is told.
    /// </summary>
    public async Task TellAsync(
        AccountId account,
        AwayPerson person,
        int minutes,
        IReadOnlyList<ReturnedTicket> tickets,
        DateTimeOffset now
    )
    {
        var whole = new TicketsReturned(person.Agent.Value, person.Name, minutes, tickets.Count, tickets);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"""
            with told as (
            insert into threadkeep.notices (account_id, agent_id, id, at, pushed_at, kind, data, ways)
            select account_id, id, @notice, @now, @now, @kind, case when id = @agent then @whole else @counted end,
                coalesce((
                    select (w.settings::jsonb -> 'ways' ->> @event)::smallint
                    from threadkeep.notice_settings w where w.account_id = a.account_id and w.agent_id = a.id), 7)
            from threadkeep.agents a
            where account_id = @account and disabled_at is null and (id = @agent or role = case when exists (
                select from threadkeep.agents s where s.account_id = @account and s.role = 'supervisor' and s.disabled_at is null
                    and s.id <> @agent) then 'supervisor' else 'admin' end)
            on conflict do nothing
            returning account_id, agent_id, id, at, ways, pushed_at
            )
            {NoticeWriting.PushJobs}
            """,
            new
            {
                account = account.Value,
                agent = person.Agent.Value,
                notice = NoticeOf(person),
                now,
                kind = NoticeKinds.TicketsReturned,
                @event = NoticeEvents.Returned,
                whole = whole.Write(),
                counted = (whole with { Tickets = [] }).Write(),
            }
        );
    }

    /// <summary>It is done, if they are away still.</summary>
    public async Task SetReturnedAsync(AccountId account, AwayPerson person, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.agent_work set returned_at = @now
            where account_id = @account and agent_id = @agent and not available and since = @Since
            """,
            new
            {
                account = account.Value,
                agent = person.Agent.Value,
                person.Since,
                now,
            }
        );
    }

    // The same for the same time away.
    private static Guid NoticeOf(AwayPerson person) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Agent} {person.Since.UtcTicks}")).AsSpan(0, 16));
}
