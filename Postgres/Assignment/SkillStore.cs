using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Tickets;

namespace Threadkeep.Assignment;

/// <summary>Something that people can do.</summary>
/// <param name="People">How many of the account can.</param>
public sealed record SkillRow(Guid Id, string Name, int People);

public enum SkillChange
{
    Done,
    NotFound,
    NameTaken,

    /// <summary>The account has as many as it may.</summary>
    TooMany,

    /// <summary>A skill that is named is not the account's.</summary>
    Unknown,
}

/// <summary>The skills of an account, and who has them.</summary>
public sealed class SkillStore(NpgsqlDataSource database)
{
    public const int Most = 200;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SkillRow>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SkillRow>(
            """
            select s.id, s.name, (select count(*)::int from threadkeep.agent_skills a
                where a.account_id = s.account_id and a.skill_id = s.id) as people
            from threadkeep.skills s where s.account_id = @account order by lower(s.name), s.id
            """,
            new { account = account.Value }
        );
        return [.. rows];
    }

    /// <summary>True where the account has all of these.</summary>
    public async Task<bool> HasAllAsync(AccountId account, IReadOnlyList<SkillLevel> skills)
    {
        if (skills.Count == 0)
            return true;
        await using var connection = await database.OpenConnectionAsync();
        return await HasAllAsync(connection, account, [.. skills.Select(s => s.Skill).Distinct()]);
    }

    /// <summary>Makes a skill, or gives it another name.</summary>
    /// <param name="isNew">Makes it under this id.</param>
    public async Task<SkillChange> SaveAsync(Actor actor, Guid skill, bool isNew, string name, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var parameters = new
        {
            account = actor.Account.Value,
            skill,
            name,
            now,
            most = Most,
        };
        var before = await connection.ExecuteScalarAsync<string?>(
            "select name from threadkeep.skills where account_id = @account and id = @skill",
            parameters
        );
        if (before is null && !isNew)
            return SkillChange.NotFound;
        try
        {
            var written = await connection.ExecuteAsync(
                isNew
                    ? """
                    insert into threadkeep.skills (account_id, id, name, created_at) select @account, @skill, @name, @now
                    where (select count(*) from threadkeep.skills where account_id = @account) < @most
                    """
                    : "update threadkeep.skills set name = @name where account_id = @account and id = @skill",
                parameters
            );
            if (written == 0)
                return SkillChange.TooMany;
        }
        catch (PostgresException taken) when (taken.ConstraintName == "skills_name")
        {
            return SkillChange.NameTaken;
        }
        await RecordAsync(connection, actor, isNew ? "skill.created" : "skill.changed", skill, name, before, name, now);
        await transaction.CommitAsync();
        return SkillChange.Done;
    }

    /// <summary>Removes a skill: nobody has it any more, and no ticket needs it. False: there is none.</summary>
    public async Task<bool> RemoveAsync(Actor actor, Guid skill, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var name = await connection.ExecuteScalarAsync<string?>(
            "delete from threadkeep.skills where account_id = @account and id = @skill returning name",
            new { account = actor.Account.Value, skill }
        );
        if (name is null)
            return false;
        await RecordAsync(connection, actor, "skill.removed", skill, name, name, null, now);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>A person's skills become these.</summary>
    public async Task<SkillChange> SetAsync(
        Actor actor,
        AgentId agent,
        IReadOnlyList<SkillLevel> skills,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var parameters = new
        {
            account = actor.Account.Value,
            agent = agent.Value,
            skills = skills.Select(s => s.Skill).ToArray(),
            levels = skills.Select(s => (short)s.Level).ToArray(),
        };
        var name = await connection.ExecuteScalarAsync<string?>(
            "select name from threadkeep.agents where account_id = @account and id = @agent for update",
            parameters
        );
        if (name is null)
            return SkillChange.NotFound;
        if (!await HasAllAsync(connection, actor.Account, parameters.skills))
            return SkillChange.Unknown;
        const string described = """
            select coalesce(string_agg(s.name || ' ' || a.level, ', ' order by lower(s.name)), '')
            from threadkeep.agent_skills a
            join threadkeep.skills s on s.account_id = a.account_id and s.id = a.skill_id
            where a.account_id = @account and a.agent_id = @agent
            """;
        var before = await connection.ExecuteScalarAsync<string>(described, parameters);
        await connection.ExecuteAsync(
            """
            delete from threadkeep.agent_skills where account_id = @account and agent_id = @agent;
            insert into threadkeep.agent_skills (account_id, agent_id, skill_id, level)
            select @account, @agent, skill, level from unnest(@skills, @levels) as n (skill, level);
            """,
            parameters
        );
        var after = await connection.ExecuteScalarAsync<string>(described, parameters);
        if (after != before)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(
                    "person.work_changed",
                    "person",
                    agent.ToString(),
                    name,
                    new { skills = before },
                    new { skills = after }
                ),
                now
            );
        await transaction.CommitAsync();
        return SkillChange.Done;
    }

    private static async Task<bool> HasAllAsync(NpgsqlConnection connection, AccountId account, Guid[] skills) =>
        await connection.ExecuteScalarAsync<int>(
            "select count(*)::int from threadkeep.skills where account_id = @account and id = any(@skills)",
            new { account = account.Value, skills }
        ) == skills.Length;

    private static Task RecordAsync(
        NpgsqlConnection connection,
        Actor actor,
        string action,
        Guid skill,
        string name,
        string? before,
        string? after,
        DateTimeOffset now
    ) =>
        AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                action,
                "skill",
                skill.ToString("N"),
                name,
                before is null ? null : new { name = before },
                after is null ? null : new { name = after }
            ),
            now
        );
}
