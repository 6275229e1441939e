using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.People;

/// <summary>Whether somebody can be given a ticket.</summary>
public enum Ownership
{
    Allowed,

    /// <summary>Nobody of the account, or turned off.</summary>
    NotHere,

    /// <summary>A viewer, or limited to other channels: the ticket would be out of everybody's queue, and nobody's to answer.</summary>
    CannotAnswer,
}

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

    /// <summary>Whether somebody can be a ticket's owner: works here, may answer, and sees the channel that it is on.</summary>
    /// <param name="ticket">One that does not exist yet is on no channel.</param>
    public async Task<Ownership> MayOwnAsync(AccountId account, Guid agent, Guid ticket)
    {
        await using var connection = await database.OpenConnectionAsync();
        var may = await connection.ExecuteScalarAsync<bool?>(
            $"""
            select a.role <> 'viewer' and (t.channel_id is null or t.channel_id = t.id or coalesce(t.channel_id = any({PeopleStore.ChannelsOfAgent}), true))
            from threadkeep.agents a
            left join threadkeep.tickets own on own.account_id = a.account_id and own.id = @ticket
            left join threadkeep.threads t on t.account_id = own.account_id and t.id = own.thread_id
            where a.account_id = @account and a.id = @agent and a.disabled_at is null
            """,
            new
            {
                account = account.Value,
                agent,
                ticket,
            }
        );
        return may switch
        {
            null => Ownership.NotHere,
            true => Ownership.Allowed,
            false => Ownership.CannotAnswer,
        };
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
