using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>An agent as others see them.</summary>
public sealed record AgentName(Guid Id, string Name);

/// <summary>Who works in an account: for choosing owners and naming people in notes.</summary>
public sealed class AgentDirectory(NpgsqlDataSource database)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<AgentName>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<AgentName>(
            "select id, name from threadkeep.agents where account_id = @account order by lower(name), id",
            new { account = account.Value }
        );
        return [.. rows];
    }

    /// <summary>True where the account has all of these agents.</summary>
    public async Task<bool> HasAsync(AccountId account, IReadOnlyCollection<Guid> agents)
    {
        if (agents.Count == 0)
            return true;
        await using var connection = await database.OpenConnectionAsync();
        var known = await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from threadkeep.agents where account_id = @account and id = any(@agents)",
            new { account = account.Value, agents = agents.Distinct().ToArray() }
        );
        return known == agents.Distinct().Count();
    }
}
