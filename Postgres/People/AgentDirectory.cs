using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>Whether somebody works in an account: owners of tickets, people named in notes.</summary>
public sealed class AgentDirectory(NpgsqlDataSource database)
{
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
