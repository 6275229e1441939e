using System.Text.Json;
using Dapper;
using Npgsql;

namespace Threadkeep.Operations;

/// <summary>A silo as the cluster's membership has it.</summary>
/// <param name="Host">Address, port and generation: the name under which it reports.</param>
/// <param name="Status">Orleans' number: 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead.</param>
public sealed record MemberRow(
    string Host,
    string Name,
    int Status,
    DateTimeOffset StartedAt,
    DateTimeOffset LastSeenAt
);

/// <summary>What a process last said about itself.</summary>
public sealed record ReportRow(
    string Host,
    string Kind,
    DateTimeOffset StartedAt,
    DateTimeOffset ReportedAt,
    HostReport Report
);

/// <summary>What waits in the database, over all accounts.</summary>
public sealed record Backlog
{
    /// <summary>Messages that are queued or being sent.</summary>
    public long Outbound { get; init; }

    /// <summary>Seconds since the oldest of them that may leave now was accepted; 0 where none waits.</summary>
    public double OutboundOldest { get; init; }

    /// <summary>Leftovers not replayed, those of nobody's number included; 100,000 means that or more.</summary>
    public long Leftovers { get; init; }

    /// <summary>Of these, for a number that no channel has.</summary>
    public long Unclaimed { get; init; }

    /// <summary>Threads whose session alarm is overdue by minutes; 100,000 means that or more.</summary>
    public long Overdue { get; init; }

    /// <summary>Seconds by which the oldest alarm is late; 0 where none is.</summary>
    public double AlarmLag { get; init; }

    /// <summary>Orleans' reminders, about: PostgreSQL's own estimate.</summary>
    public long Reminders { get; init; }

    /// <summary>Files of customers still to be fetched.</summary>
    public long MediaJobs { get; init; }
}

/// <summary>Reads for operators. They are not bound to an account: who may see them is decided at the door.</summary>
public sealed class OperationsQueries(NpgsqlDataSource database)
{
    /// <summary>Silos of the last day, the dead ones among them, youngest first.</summary>
    public async Task<IReadOnlyList<MemberRow>> MembersAsync(string clusterId)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string, string, int, DateTimeOffset, DateTimeOffset)>(
            """
            select address || ':' || port || '@' || generation, siloname, status, starttime, iamalivetime
            from orleans.orleansmembershiptable
            where deploymentid = @clusterId and (status <> 6 or iamalivetime > clock_timestamp() - interval '1 day')
            order by starttime desc
            limit 200
            """,
            new { clusterId }
        );
        return [.. rows.Select(r => new MemberRow(r.Item1, r.Item2, r.Item3, r.Item4, r.Item5))];
    }

    /// <summary>Everybody who has reported within <paramref name="within"/>, by PostgreSQL's clock.</summary>
    public async Task<IReadOnlyList<ReportRow>> ReportsAsync(TimeSpan within)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string, string, DateTimeOffset, DateTimeOffset, string)>(
            """
            select host, kind, started_at, reported_at, report::text
            from threadkeep.host_reports
            where reported_at > clock_timestamp() - @within
            order by kind, host
            """,
            new { within }
        );
        return
        [
            .. rows.Select(r => new ReportRow(
                r.Item1,
                r.Item2,
                r.Item3,
                r.Item4,
                JsonSerializer.Deserialize<HostReport>(r.Item5, JsonSerializerOptions.Web)!
            )),
        ];
    }

    /// <param name="now">The product's time: alarms and the queue go by it.</param>
    /// <param name="patience">An alarm may be so late before it counts.</param>
    public async Task<Backlog> BacklogAsync(DateTimeOffset now, TimeSpan patience)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<Backlog>(
            """
            select
                (select count(*) from threadkeep.outbound_queue) as outbound,
                coalesce(extract(epoch from @now - (
                    select min(accepted_at) from threadkeep.outbound_queue where due_at <= @now)), 0)::float8 as outbound_oldest,
                l.leftovers, l.unclaimed, a.overdue,
                greatest(coalesce(extract(epoch from @now - a.oldest), 0), 0)::float8 as alarm_lag,
                -- A few are counted; of many, what PostgreSQL knows about the table is near enough.
                (select greatest(n, (select reltuples::bigint from pg_class where oid = 'orleans.orleansreminderstable'::regclass))
                    from (select count(*) as n from (select from orleans.orleansreminderstable limit 10000) r) c) as reminders,
                (select count(*) from threadkeep.media_jobs) as media_jobs
            from (
                select count(*) as leftovers, count(*) filter (where account_id is null) as unclaimed
                from (select account_id from threadkeep.webhook_leftovers where replayed_at is null limit 100000) l) l,
                (select count(*) as overdue, min(alarm_at) as oldest
                from (select alarm_at from threadkeep.threads
                    where alarm_at is not null and alarm_at < @late order by alarm_at limit 100000) t) a
            """,
            new { now, late = now - patience }
        );
    }

    /// <summary>Forgets processes that have been silent for a day.</summary>
    public async Task RemoveSilentAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "delete from threadkeep.host_reports where reported_at < clock_timestamp() - interval '1 day'"
        );
    }
}
