using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Threads;

/// <summary>A message of a thread as what comes about it later needs to know it.</summary>
public sealed record StoredMessageRow
{
    public string Wamid { get; init; } = "";
    public int Seq { get; init; }

    /// <summary>It came as history, from before the number was connected.</summary>
    public bool IsHistory { get; init; }

    /// <summary>What hides it wholly; null: it is shown.</summary>
    public string[]? HiddenBy { get; init; }
}

/// <summary>What a thread asks of its stored messages before it decides; rarely: about edits, repeats of history, and what is hidden by hand.</summary>
public sealed class StoredMessages(NpgsqlDataSource database)
{
    /// <summary>The messages of a thread that Meta knows by these ids.</summary>
    public async Task<IReadOnlyList<StoredMessageRow>> ByWamidAsync(
        AccountId account,
        ChannelId channel,
        ThreadId thread,
        string[] wamids
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<StoredMessageRow>(
            $"""
            select m.wamid, m.seq, not ({MessageRow.IsNews}) as is_history, h.rules as hidden_by
            from threadkeep.messages m
            left join threadkeep.hidden_messages h
                on h.account_id = m.account_id and h.thread_id = m.thread_id and h.seq = m.seq
                    and h.effect = 'quarantine' and h.released_at is null
            where m.account_id = @account and m.channel_id = @channel and m.wamid = any(@wamids) and m.thread_id = @thread
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                thread = thread.Value,
                wamids,
            }
        );
        return [.. rows];
    }

    /// <summary>The new texts of a customer's message, as numbers of the thread; those that are shown.</summary>
    public async Task<int[]> EditsOfAsync(AccountId account, ThreadId thread, int seq)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<int>(
            """
            select e.seq
            from threadkeep.messages m
            join threadkeep.messages e
                on e.account_id = m.account_id and e.thread_id = m.thread_id and e.context_wamid = m.wamid
                    and e.type = 'edit' and e.direction = 0
            where m.account_id = @account and m.thread_id = @thread and m.seq = @seq
            order by e.seq
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                seq,
            }
        );
        return [.. rows];
    }

    /// <summary>The new texts that are hidden for what hides their message, and for nothing else.</summary>
    public async Task<int[]> HiddenEditsOfAsync(AccountId account, ThreadId thread, int seq)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<int>(
            """
            select x.seq
            from threadkeep.messages m
            join threadkeep.hidden_messages h
                on h.account_id = m.account_id and h.thread_id = m.thread_id and h.seq = m.seq and h.released_at is null
            join threadkeep.hidden_messages x
                on x.account_id = m.account_id and x.thread_id = m.thread_id and x.seq <> m.seq and x.type = 'edit'
                    and x.rules = h.rules and x.released_at is null
            join threadkeep.messages e
                on e.account_id = x.account_id and e.thread_id = x.thread_id and e.seq = x.seq and e.context_wamid = m.wamid
            where m.account_id = @account and m.thread_id = @thread and m.seq = @seq
            order by x.seq
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                seq,
            }
        );
        return [.. rows];
    }
}
