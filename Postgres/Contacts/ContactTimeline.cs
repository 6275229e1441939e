using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Contacts;

/// <summary>Something that happened to a contact, or in one of its threads.</summary>
public sealed record TimelineRow
{
    public DateTimeOffset At { get; init; }

    /// <summary>Its place among what happened at the same time.</summary>
    public string Key { get; init; } = "";

    /// <summary>note, a contact event's kind, or the type of a thread's own item.</summary>
    public string Kind { get; init; } = "";
    public Guid? ThreadId { get; init; }
    public Guid? AgentId { get; init; }
    public string? AgentName { get; init; }
    public string? Text { get; init; }

    /// <summary>Particulars, as JSON.</summary>
    public string? Data { get; init; }
}

/// <summary>
/// A contact's timeline, newest first: changes, matches and associations of the record, and of the threads that the caller may see their
/// sessions, tickets and notes.
/// </summary>
public sealed class ContactTimeline(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<TimelineRow>> ListAsync(
        Scope scope,
        Guid contact,
        (DateTimeOffset At, string Key)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        // Each thread gives its newest alone, by its own index; the rest is sorted out above.
        var rows = await connection.QueryAsync<TimelineRow>(
            $"""
            with {ContactSql.Everyone}
            select l.at, l.key, l.kind, l.thread_id, l.agent_id, o.name as agent_name, l.text, l.data
            from (
                select e.at, 'e' || e.id as key, e.kind, null::uuid as thread_id, e.agent_id, null::text as text, e.data
                from threadkeep.contact_events e
                where e.account_id = @account and e.contact_id in (select id from everyone) and (@at::timestamptz is null or e.at <= @at)
                    -- Of a customer on a hidden channel alone it says nothing.
                    and (@channels::uuid[] is null or e.kind not in ('matched', 'merged', 'unmerged') or exists (
                        select from threadkeep.contacts x
                        where x.account_id = e.account_id and x.id = (e.data::jsonb ->> 'contactId')::uuid
                            and (x.is_record or exists (
                                select from threadkeep.threads v
                                where v.account_id = x.account_id and v.contact_id = x.id and v.channel_id = any(@channels)))))
                union all
                select m.at, 'm' || t.id || lpad(m.seq::text, 10, '0'), case m.direction when 3 then 'note' else m.type end, t.id, m.agent_id,
                    case m.direction when 3 then m.text end, m.data
                from threadkeep.threads t
                cross join lateral (
                    select * from threadkeep.messages x
                    where x.account_id = t.account_id and x.thread_id = t.id and x.direction in (2, 3)
                        and x.type not in ('session_warning', 'ticket_woke') and (@at::timestamptz is null or x.at <= @at)
                    order by x.at desc, x.seq desc
                    limit @limit + 20) m
                where t.account_id = @account and t.contact_id in (select id from everyone)
                    and (@channels::uuid[] is null or t.channel_id = any(@channels))
            ) l
            left join threadkeep.agents o on o.account_id = @account and o.id = l.agent_id
            where @at::timestamptz is null or (l.at, l.key collate "C") < (@at, @key)
            order by l.at desc, l.key collate "C" desc
            limit @limit
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                contact,
                at = after?.At,
                key = after?.Key,
                limit,
            }
        );
        return [.. rows];
    }
}
