using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>Whether somebody works in an account: owners of tickets, people named in notes.</summary>
public sealed class AgentDirectory(NpgsqlDataSource database)
{
    /// <summary>True where the account has this team.</summary>
    public async Task<bool> HasTeamAsync(AccountId account, Guid team)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            "select exists (select from threadkeep.teams where account_id = @account and id = @team)",
            new { account = account.Value, team }
        );
    }

    /// <summary>Everybody who works in the account, and its teams.</summary>
    public async Task<(IReadOnlySet<Guid> Agents, IReadOnlySet<Guid> Teams)> IdsAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            """
            select id from threadkeep.agents where account_id = @account and disabled_at is null;
            select id from threadkeep.teams where account_id = @account;
            """,
            new { account = account.Value }
        );
        return ((await results.ReadAsync<Guid>()).ToHashSet(), (await results.ReadAsync<Guid>()).ToHashSet());
    }

    /// <summary>True where all of these work in the account, and none is turned off.</summary>
    public async Task<bool> HasAsync(AccountId account, IReadOnlyCollection<Guid> agents)
    {
        if (agents.Count == 0)
            return true;
        await using var connection = await database.OpenConnectionAsync();
        var known = await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from threadkeep.agents where account_id = @account and id = any(@agents) and disabled_at is null",
            new { account = account.Value, agents = agents.Distinct().ToArray() }
        );
        return known == agents.Distinct().Count();
    }
}
