using Dapper;
using Threadkeep.Accounts;

namespace Threadkeep.Threads;

/// <summary>A message that whoever wrote it has taken back, by the id that Meta gave it.</summary>
public readonly record struct TakenBack(string Wamid, MessageDirection Direction);

/// <summary>What is asked where accounts keep nothing of messages that were taken back.</summary>
public sealed partial class ThreadStore
{
    /// <summary>Messages, and their later texts, that are stored and say something still.</summary>
    public async Task<IReadOnlyList<int>> ToPurgeAsync(
        AccountId account,
        ThreadId thread,
        IReadOnlyCollection<TakenBack> taken
    )
    {
        if (taken.Count == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync();
        var seqs = await connection.QueryAsync<int>(
            $"""
            select m.seq
            from unnest(@wamids, @directions) as w (wamid, direction)
            join threadkeep.messages m
                on m.account_id = @account and m.thread_id = @thread and m.direction = w.direction
                and (m.wamid = w.wamid or m.type = 'edit' and m.context_wamid = w.wamid)
            where coalesce(m.data, '') not like '%{MessageRow.PurgedMark}%'
            order by m.seq
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                wamids = taken.Select(t => t.Wamid).ToArray(),
                directions = taken.Select(t => (short)t.Direction).ToArray(),
            }
        );
        return [.. seqs];
    }

    /// <summary>Those of these messages that have been taken back already.</summary>
    public async Task<IReadOnlyList<TakenBack>> TakenBackAsync(AccountId account, ThreadId thread, string[] wamids)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = await connection.QueryAsync<(string Wamid, short Direction)>(
            """
            select context_wamid, direction from threadkeep.messages
            where account_id = @account and thread_id = @thread and context_wamid = any(@wamids) and type = 'revoke'
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                wamids,
            }
        );
        return [.. found.Select(f => new TakenBack(f.Wamid, (MessageDirection)f.Direction))];
    }

    public async Task<bool> IsPurgedAsync(AccountId account, ThreadId thread, int seq)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            $"""
            select exists (
                select from threadkeep.messages
                where account_id = @account and thread_id = @thread and seq = @seq and data like '%{MessageRow.PurgedMark}%')
            """,
            new
            {
                account = account.Value,
                thread = thread.Value,
                seq,
            }
        );
    }
}
