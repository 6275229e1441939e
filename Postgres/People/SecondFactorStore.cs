using Dapper;
using Npgsql;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>The second factor of agents: an encrypted secret, the last step whose code was used, and hashes of recovery codes.</summary>
public sealed class SecondFactorStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a secret that its owner has not shown to have yet. False: a factor is in use already.</summary>
    public async Task<bool> BeginAsync(AgentRecord agent, byte[] secret)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.agents set totp_secret = @secret, totp_last_step = null
                where account_id = @AccountId and id = @Id and totp_confirmed_at is null
                """,
                new
                {
                    secret,
                    agent.AccountId,
                    agent.Id,
                }
            ) == 1;
    }

    /// <summary>Takes the secret into use. False: another request has done so, or has made another secret.</summary>
    public async Task<bool> ConfirmAsync(
        Actor actor,
        AgentRecord agent,
        long step,
        IReadOnlyList<byte[]> codes,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var confirmed = await connection.ExecuteAsync(
            """
            update threadkeep.agents set totp_confirmed_at = @now, totp_last_step = @step
            where account_id = @AccountId and id = @Id and totp_confirmed_at is null and totp_secret = @TotpSecret
            """,
            new
            {
                now,
                step,
                agent.AccountId,
                agent.Id,
                agent.TotpSecret,
            }
        );
        if (confirmed == 0)
            return false;
        await ReplaceCodesAsync(connection, agent, codes);
        await AppendAsync(connection, actor, "second_factor.enabled", agent, now);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Uses up a step's code. False: it, or a later one, was used before.</summary>
    public async Task<bool> UseStepAsync(AgentRecord agent, long step)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.agents set totp_last_step = @step
                where account_id = @AccountId and id = @Id and (totp_last_step is null or totp_last_step < @step)
                """,
                new
                {
                    step,
                    agent.AccountId,
                    agent.Id,
                }
            ) == 1;
    }

    /// <summary>Uses up a recovery code. False: there is no such code (any more).</summary>
    public async Task<bool> UseCodeAsync(Actor actor, AgentRecord agent, byte[] code, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var used = await connection.ExecuteAsync(
            "delete from threadkeep.recovery_codes where account_id = @AccountId and agent_id = @Id and code_hash = @code",
            new
            {
                code,
                agent.AccountId,
                agent.Id,
            }
        );
        if (used == 0)
            return false;
        await AppendAsync(connection, actor, "second_factor.recovery_code_used", agent, now);
        await transaction.CommitAsync();
        return true;
    }

    public async Task<int> CodesLeftAsync(AgentRecord agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from threadkeep.recovery_codes where account_id = @AccountId and agent_id = @Id",
            agent
        );
    }

    public async Task RenewCodesAsync(Actor actor, AgentRecord agent, IReadOnlyList<byte[]> codes, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReplaceCodesAsync(connection, agent, codes);
        await AppendAsync(connection, actor, "second_factor.recovery_codes_renewed", agent, now);
        await transaction.CommitAsync();
    }

    /// <summary>Takes the factor away from an agent. False: there was none.</summary>
    public async Task<bool> DisableAsync(Actor actor, AgentRecord agent, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var disabled = await connection.ExecuteAsync(
            """
            update threadkeep.agents set totp_secret = null, totp_confirmed_at = null, totp_last_step = null
            where account_id = @AccountId and id = @Id and totp_confirmed_at is not null
            """,
            agent
        );
        if (disabled == 0)
            return false;
        await ReplaceCodesAsync(connection, agent, []);
        await AppendAsync(connection, actor, "second_factor.disabled", agent, now);
        await transaction.CommitAsync();
        return true;
    }

    private static Task ReplaceCodesAsync(
        NpgsqlConnection connection,
        AgentRecord agent,
        IReadOnlyList<byte[]> codes
    ) =>
        connection.ExecuteAsync(
            """
            delete from threadkeep.recovery_codes where account_id = @AccountId and agent_id = @Id;
            insert into threadkeep.recovery_codes (account_id, agent_id, code_hash)
            select @AccountId, @Id, code from unnest(@codes) as c (code);
            """,
            new
            {
                codes = codes.ToArray(),
                agent.AccountId,
                agent.Id,
            }
        );

    private static Task AppendAsync(
        NpgsqlConnection connection,
        Actor actor,
        string action,
        AgentRecord agent,
        DateTimeOffset now
    ) =>
        AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(action, "person", agent.Id.ToString("N"), agent.Name),
            now
        );
}
