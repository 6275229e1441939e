using Dapper;
using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>What one conversation has heard from the customers of some conversations that it takes in, or from everybody else.</summary>
public sealed record HeardMeanwhile
{
    /// <summary>How much of what moves a session.</summary>
    public int Messages { get; init; }

    /// <summary>The newest of these by Meta's clock; null: none.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Whose it was, where it is not the conversation's own customer's.</summary>
    public ReplyRow? Reply { get; init; }
    public int Unread { get; init; }

    /// <summary>Nobody has answered since.</summary>
    public bool Owed { get; init; }

    /// <summary>Somebody has answered since the first of those was taken in.</summary>
    public bool Answered { get; init; }

    /// <summary>Somebody has read on since the first of those was taken in.</summary>
    public bool WasRead { get; init; }
}

/// <summary>What is asked when a merge of conversations is taken back (ADR 092).</summary>
public sealed partial class ThreadStore
{
    /// <summary>Conversations that go on in this one, and in those.</summary>
    public async Task<IReadOnlyList<Guid>> MovedHereAsync(AccountId account, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Guid>(
            """
            with recursive here as (
                select p.thread_id from threadkeep.thread_persons p
                where p.account_id = @account and p.merged_into = @thread and not p.merge_pending
                union
                select p.thread_id from here h
                join threadkeep.thread_persons p on p.account_id = @account and p.merged_into = h.thread_id and not p.merge_pending
            )
            select thread_id from here
            """,
            new { account = account.Value, thread = thread.Value }
        );
        return [.. rows];
    }

    /// <param name="those">Conversations whose customers are meant; the first is the one that was merged.</param>
    /// <param name="types">Those that move no session, and those that are not unread.</param>
    /// <param name="ofThem">True: what these customers wrote; false: what anybody else did.</param>
    public async Task<HeardMeanwhile> HeardAsync(
        AccountId account,
        ThreadId thread,
        Guid[] those,
        (string[] Still, string[] Quiet) types,
        bool ofThem
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var (messages, lastAt, lastFrom, unread, owed, answered, read) = await connection.QuerySingleAsync<(
            int,
            DateTimeOffset?,
            Guid?,
            int,
            bool,
            bool,
            bool
        )>(
            $$"""
            with heard as materialized (
                select m.seq, m.at, m.type, v.via
                from threadkeep.messages m
                cross join lateral (select substring(m.data from '"via":"([0-9a-f]{32})"')::uuid as via) v
                where m.account_id = @account and m.thread_id = @thread and m.direction = 0 and not m.type = any(@still)
                    and {{MessageRow.IsNews}} and coalesce(v.via = any(@those), false) = @ofThem
            ),
            -- One that is taken in too has not written since, perhaps.
            times as (
                select at, seq, via from heard
                union all
                select t.last_inbound_at, 0, t.id
                from threadkeep.thread_persons p
                cross join lateral unnest(p.takes_in) as o (id)
                join threadkeep.threads t on t.account_id = p.account_id and t.id = o.id
                where not @ofThem and p.account_id = @account and p.thread_id = @thread and not o.id = any(@those)
                    and t.last_inbound_at is not null
            ),
            answers as materialized (
                select max(seq) as seq from threadkeep.messages
                where account_id = @account and thread_id = @thread and direction = 1 and type <> 'reaction'
                    and coalesce(status not in (7, 8), true) -- neither failed nor cancelled
            ),
            merged as materialized (
                select max(seq) as seq from threadkeep.messages
                where account_id = @account and thread_id = @thread and direction = 2 and type = 'conversation_merged'
                    and data::jsonb ->> 'otherThreadId' = @first
            )
            select (select count(*) from heard)::int,
                (select max(at) from times),
                (select via from times order by at desc, seq desc limit 1),
                (select count(*) from heard where seq > t.read_seq and not type = any(@quiet))::int,
                coalesce((select max(seq) from heard where not type = any(@quiet)) > coalesce(answers.seq, 0), false),
                coalesce(answers.seq > merged.seq, false),
                coalesce(t.read_seq >= merged.seq, false)
            from threadkeep.threads t, answers, merged
            where t.account_id = @account and t.id = @thread
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                those,
                first = those[0].ToString("N"),
                still = types.Still,
                quiet = types.Quiet,
                ofThem,
            }
        );
        return new HeardMeanwhile
        {
            Messages = messages,
            LastAt = lastAt,
            Reply = lastFrom is { } from ? await AddressAsync(account, new ThreadId(from)) : null,
            Unread = unread,
            Owed = owed,
            Answered = answered,
            WasRead = read,
        };

        async Task<ReplyRow> AddressAsync(AccountId of, ThreadId known)
        {
            var (waId, userId) = await connection.QuerySingleAsync<(string?, string?)>(
                "select wa_id, user_id from threadkeep.threads where account_id = @account and id = @known",
                new { account = of.Value, known = known.Value }
            );
            return new ReplyRow(known, waId, userId);
        }
    }

    /// <inheritdoc cref="TicketQueries.TagsOfMergeAsync(AccountId, Guid, Guid)"/>
    public Task<string[]> TagsOfMergeAsync(AccountId account, ThreadId thread, Guid other) =>
        TicketQueries.TagsOfMergeAsync(database, account, thread.Value, other);
}
