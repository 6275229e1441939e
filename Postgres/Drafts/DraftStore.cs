using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Drafts;

/// <summary>What an agent has begun to write in a thread.</summary>
public sealed record DraftRow
{
    public Guid ThreadId { get; init; }

    /// <summary><c>reply</c> or <c>note</c>.</summary>
    public string Kind { get; init; } = "";
    public string Text { get; init; } = "";

    /// <summary>Up to when its author knew the thread.</summary>
    public DateTimeOffset BasedOn { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Drafts of agents. The latest words count: an older change that comes late is passed over.</summary>
public sealed class DraftStore(NpgsqlDataSource database)
{
    /// <summary>The newest so many.</summary>
    private const int MostListed = 500;

    public async Task<IReadOnlyList<DraftRow>> ListAsync(AccountId account, AgentId agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<DraftRow>(
            """
            select thread_id, kind, text, based_on, changed_at
            from threadkeep.drafts
            where account_id = @account and agent_id = @agent and text <> ''
            order by changed_at desc
            limit @most
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                most = MostListed,
            }
        );
        return [.. rows];
    }

    /// <summary>
    /// Keeps a draft; an empty one ends it. When it ended is kept as long as a draft would be: words from before that come late do not begin it anew.
    /// False where newer words are there.
    /// </summary>
    public async Task<bool> SaveAsync(AccountId account, AgentId agent, DraftRow draft)
    {
        await using var connection = await database.OpenConnectionAsync();
        var saved = await connection.ExecuteAsync(
            """
            insert into threadkeep.drafts as d (account_id, agent_id, thread_id, kind, text, based_on, changed_at)
            values (@account, @agent, @thread, @kind, @text, @basedOn, @changedAt)
            on conflict (account_id, agent_id, thread_id, kind) do update
                set text = excluded.text, based_on = excluded.based_on, changed_at = excluded.changed_at
                where d.changed_at <= excluded.changed_at
            """,
            new
            {
                account = account.Value,
                agent = agent.Value,
                thread = draft.ThreadId,
                kind = draft.Kind,
                text = draft.Text,
                basedOn = draft.BasedOn,
                changedAt = draft.ChangedAt,
            }
        );
        return saved == 1;
    }

    /// <summary>Forgets drafts that nobody has touched since before this.</summary>
    public async Task RemoveOldAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.drafts where changed_at < @before", new { before });
    }
}
