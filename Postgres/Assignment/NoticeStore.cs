using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Assignment;

/// <summary>Tickets went back because their owner stayed away.</summary>
/// <param name="Owner">Who had them.</param>
/// <param name="Minutes">How long they had been away.</param>
/// <param name="Count">How many tickets.</param>
/// <param name="Tickets">Which; only the owner is told.</param>
public sealed record TicketsReturned(
    Guid Owner,
    string OwnerName,
    int Minutes,
    int Count,
    IReadOnlyList<ReturnedTicket> Tickets
)
{
    public const string Kind = "tickets_returned";
}

/// <summary>A ticket that went back.</summary>
public sealed record ReturnedTicket(Guid Id, Guid Thread, int Number);

/// <summary>Something that somebody is told, until they say that they have seen it.</summary>
public sealed record NoticeRow(Guid Id, DateTimeOffset At, string Kind, TicketsReturned Data);

/// <summary>What people are told.</summary>
public sealed class NoticeStore(NpgsqlDataSource database)
{
    /// <summary>Notices that are shown at once; older ones come when these are done with.</summary>
    public const int MostShown = 20;

    /// <summary>What somebody has not seen yet, the newest first.</summary>
    public async Task<IReadOnlyList<NoticeRow>> UnseenAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<NoticeRecord>(
            """
            select id, at, kind, data from threadkeep.notices
            where account_id = @account and agent_id = @agent and seen_at is null
            order by at desc, id limit @limit
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                limit = MostShown,
            }
        );
        return [.. rows.Select(r => r.ToRow())];
    }

    /// <summary>Null where that person was told no such thing. Seen ones are found too: a click may come twice.</summary>
    public async Task<NoticeRow?> FindAsync(AccountId account, AgentId agent, Guid notice)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<NoticeRecord>(
            "select id, at, kind, data from threadkeep.notices where account_id = @account and agent_id = @agent and id = @notice",
            new
            {
                account = account.Value,
                agent = agent.Value,
                notice,
            }
        );
        return row?.ToRow();
    }

    /// <summary>False where that person was told no such thing.</summary>
    public async Task<bool> SetSeenAsync(AccountId account, AgentId agent, Guid notice, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.notices set seen_at = coalesce(seen_at, @now)
                where account_id = @account and agent_id = @agent and id = @notice
                """,
                new
                {
                    account = account.Value,
                    agent = agent.Value,
                    notice,
                    now,
                }
            ) == 1;
    }

    /// <summary>Forgets what was told before this.</summary>
    public async Task RemoveOldAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.notices where at < @before", new { before });
    }

    private sealed record NoticeRecord
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public string Kind { get; init; } = "";
        public string Data { get; init; } = "{}";

        public NoticeRow ToRow() =>
            new(Id, At, Kind, JsonSerializer.Deserialize<TicketsReturned>(Data, JsonSerializerOptions.Web)!);
    }
}
