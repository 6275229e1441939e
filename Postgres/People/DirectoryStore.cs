using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.People;

/// <summary>The people and teams of an account. Each change is one transaction with its entry in the audit log.</summary>
public sealed class DirectoryStore(NpgsqlDataSource database)
{
    private const string People = """
        select a.id, a.name, a.email, a.role, a.language, a.channels_limited, a.disabled_at, a.created_at, a.in_training,
            array(select channel_id from threadkeep.agent_channels c where c.account_id = a.account_id and c.agent_id = a.id
                order by channel_id) as channels,
            array(select team_id from threadkeep.team_members m where m.account_id = a.account_id and m.agent_id = a.id
                order by team_id) as teams,
            a.totp_confirmed_at is not null as second_factor,
            (select count(*)::int from threadkeep.sign_in_sessions s
                where s.account_id = a.account_id and s.agent_id = a.id and s.expires_at > @now) as sessions
        from threadkeep.agents a
        where a.account_id = @account
        """;

    private const string Teams = """
        select t.id, t.name,
            array(select agent_id from threadkeep.team_members m where m.account_id = t.account_id and m.team_id = t.id
                order by agent_id) as members,
            array(select channel_id from threadkeep.team_channels c where c.account_id = t.account_id and c.team_id = t.id
                order by channel_id) as channels
        from threadkeep.teams t
        where t.account_id = @account
        """;

    /// <summary>Everybody, by name.</summary>
    public async Task<IReadOnlyList<PersonRow>> PeopleAsync(AccountId account, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<PersonRow>(
                People + "\norder by lower(a.name), a.id",
                new { account = account.Value, now }
            ),
        ];
    }

    public async Task<PersonRow?> PersonAsync(AccountId account, Guid person, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await PersonAsync(connection, account, person, now);
    }

    public async Task<IReadOnlyList<TeamRow>> TeamsAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<TeamRow>(
                Teams + "\norder by lower(t.name), t.id",
                new { account = account.Value }
            ),
        ];
    }

    /// <summary>Changes a person. Whoever is turned off is signed out everywhere.</summary>
    /// <param name="version">The version that the change was made on; null: whatever it is.</param>
    public async Task<DirectoryOutcome> ChangeAsync(
        Actor actor,
        Guid person,
        string? version,
        PersonChange change,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var admins = await LockAsync(connection, actor.Account);
        if (await PersonAsync(connection, actor.Account, person, now) is not { } before)
            return DirectoryOutcome.NotFound;
        if (version is not null && version != before.Version)
            return DirectoryOutcome.Changed;
        var stays = (change.Role ?? before.Role) == "admin" && (change.Active ?? before.DisabledAt is null);
        if (!stays && admins.Contains(person) && admins.Length == 1)
            return DirectoryOutcome.LastAdmin;
        if (
            await HasUnknownAsync(connection, actor.Account, "channels", change.Channels)
            || await HasUnknownAsync(connection, actor.Account, "teams", change.Teams)
        )
            return DirectoryOutcome.Unknown;
        await connection.ExecuteAsync(
            """
            update threadkeep.agents
            set name = coalesce(@Name, name), role = coalesce(@Role, role), channels_limited = coalesce(@ChannelsLimited, channels_limited),
                in_training = coalesce(@InTraining, in_training),
                disabled_at = case @Active when true then null when false then coalesce(disabled_at, @now) else disabled_at end
            where account_id = @account and id = @person
            """,
            new
            {
                change.Name,
                change.Role,
                change.ChannelsLimited,
                change.Active,
                change.InTraining,
                account = actor.Account.Value,
                person,
                now,
            }
        );
        if (change.Active == false)
            await EndSessionsAsync(connection, actor.Account, person);
        await ReplaceAsync(
            connection,
            actor.Account,
            "agent_channels (account_id, agent_id, channel_id)",
            person,
            change.Channels
        );
        await ReplaceMembersAsync(connection, actor.Account, "agent_id", "team_id", person, change.Teams);
        var after = (await PersonAsync(connection, actor.Account, person, now))!;
        var (was, @is) = Difference(Describe(before), Describe(after));
        if (@is.Count > 0)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry("person.changed", "person", person.ToString("N"), before.Name, was, @is),
                now
            );
        await transaction.CommitAsync();
        return DirectoryOutcome.Done;
    }

    /// <summary>Signs a person out everywhere. How many sessions there were; null: no such person.</summary>
    public async Task<int?> EndSessionsAsync(Actor actor, Guid person, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PersonAsync(connection, actor.Account, person, now) is not { } found)
            return null;
        var ended = await EndSessionsAsync(connection, actor.Account, person);
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                "person.signed_out",
                "person",
                person.ToString("N"),
                found.Name,
                After: new { sessions = ended }
            ),
            now
        );
        await transaction.CommitAsync();
        return ended;
    }

    /// <summary>Makes a team, or changes one.</summary>
    /// <param name="isNew">Makes it under this id.</param>
    /// <param name="version">The version that the change was made on; null: whatever it is.</param>
    public async Task<DirectoryOutcome> SaveTeamAsync(
        Actor actor,
        Guid team,
        bool isNew,
        string? version,
        TeamChange change,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await LockAsync(connection, actor.Account);
        if (
            await HasUnknownAsync(connection, actor.Account, "channels", change.Channels)
            || await HasUnknownAsync(connection, actor.Account, "agents", change.Members)
        )
            return DirectoryOutcome.Unknown;
        var before = isNew ? null : await TeamAsync(connection, actor.Account, team);
        if (before is null && !isNew)
            return DirectoryOutcome.NotFound;
        if (before is not null && version is not null && version != before.Version)
            return DirectoryOutcome.Changed;
        try
        {
            await connection.ExecuteAsync(
                isNew
                    ? "insert into threadkeep.teams (account_id, id, name, created_at) values (@account, @team, @Name, @now)"
                    : "update threadkeep.teams set name = coalesce(@Name, name) where account_id = @account and id = @team",
                new
                {
                    account = actor.Account.Value,
                    team,
                    change.Name,
                    now,
                }
            );
        }
        catch (PostgresException taken) when (taken.ConstraintName == "teams_name")
        {
            return DirectoryOutcome.NameTaken;
        }
        await ReplaceAsync(
            connection,
            actor.Account,
            "team_channels (account_id, team_id, channel_id)",
            team,
            change.Channels
        );
        await ReplaceMembersAsync(connection, actor.Account, "team_id", "agent_id", team, change.Members);
        var after = (await TeamAsync(connection, actor.Account, team))!;
        var (was, @is) = before is null ? (null, Describe(after)) : Difference(Describe(before), Describe(after));
        if (@is.Count > 0)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(
                    isNew ? "team.created" : "team.changed",
                    "team",
                    team.ToString("N"),
                    after.Name,
                    was,
                    @is
                ),
                now
            );
        await transaction.CommitAsync();
        return DirectoryOutcome.Done;
    }

    /// <summary>False: the account has no such team.</summary>
    public async Task<bool> RemoveTeamAsync(Actor actor, Guid team, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await TeamAsync(connection, actor.Account, team) is not { } before)
            return false;
        await connection.ExecuteAsync(
            "delete from threadkeep.teams where account_id = @account and id = @team",
            new { account = actor.Account.Value, team }
        );
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("team.removed", "team", team.ToString("N"), before.Name, Describe(before)),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>
    /// Who changed a person or team last, as the audit log names them: by itself, or from the other side (a person taken into a team).
    /// Null: nobody within a day.
    /// </summary>
    public async Task<string?> ChangedByAsync(AccountId account, Guid subject, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>(
            """
            select actor_name from threadkeep.audit_log
            where account_id = @account and at > @since and subject_kind in ('person', 'team')
                and (subject_id = @subject
                    or (coalesce(details -> 'before', '""')::text like '%' || @subject || '%')
                        <> (coalesce(details -> 'after', '""')::text like '%' || @subject || '%'))
            order by at desc, id desc
            limit 1
            """,
            new
            {
                account = account.Value,
                subject = subject.ToString("N"),
                since = now.AddDays(-1),
            }
        );
    }

    // One change of people or teams after the other: two admins who demote each other at once must not both succeed, and of two who
    // changed the same version one is told. The rows of all admins are the lock.
    private static async Task<Guid[]> LockAsync(NpgsqlConnection connection, AccountId account) =>
        [
            .. await connection.QueryAsync<Guid>(
                """
                select id from threadkeep.agents
                where account_id = @account and role = 'admin' and disabled_at is null
                order by id for update
                """,
                new { account = account.Value }
            ),
        ];

    private static Task<PersonRow?> PersonAsync(
        NpgsqlConnection connection,
        AccountId account,
        Guid person,
        DateTimeOffset now
    ) =>
        connection.QuerySingleOrDefaultAsync<PersonRow>(
            People + "\nand a.id = @person",
            new
            {
                account = account.Value,
                person,
                now,
            }
        );

    private static Task<TeamRow?> TeamAsync(NpgsqlConnection connection, AccountId account, Guid team) =>
        connection.QuerySingleOrDefaultAsync<TeamRow>(
            Teams + "\nand t.id = @team",
            new { account = account.Value, team }
        );

    private static Task<int> EndSessionsAsync(NpgsqlConnection connection, AccountId account, Guid person) =>
        connection.ExecuteAsync(
            "delete from threadkeep.sign_in_sessions where account_id = @account and agent_id = @person",
            new { account = account.Value, person }
        );

    private static async Task<bool> HasUnknownAsync(
        NpgsqlConnection connection,
        AccountId account,
        string table,
        Guid[]? ids
    ) =>
        ids is { Length: > 0 }
        && await connection.ExecuteScalarAsync<int>(
            $"select count(*)::int from threadkeep.{table} where account_id = @account and id = any(@ids)",
            new { account = account.Value, ids }
        ) != ids.Distinct().Count();

    // The channels of a person or of a team become these.
    private static async Task ReplaceAsync(
        NpgsqlConnection connection,
        AccountId account,
        string table,
        Guid owner,
        Guid[]? channels
    )
    {
        if (channels is null)
            return;
        var name = table[..table.IndexOf(' ', StringComparison.Ordinal)];
        var column = table.Split(", ")[1];
        await connection.ExecuteAsync(
            $"""
            delete from threadkeep.{name} where account_id = @account and {column} = @owner;
            insert into threadkeep.{table} select @account, @owner, id from unnest(@ids) as i (id);
            """,
            new
            {
                account = account.Value,
                owner,
                ids = channels.Distinct().ToArray(),
            }
        );
    }

    // The teams of a person, or the members of a team, become these.
    private static async Task ReplaceMembersAsync(
        NpgsqlConnection connection,
        AccountId account,
        string ownerColumn,
        string otherColumn,
        Guid owner,
        Guid[]? others
    )
    {
        if (others is null)
            return;
        await connection.ExecuteAsync(
            $"""
            delete from threadkeep.team_members where account_id = @account and {ownerColumn} = @owner;
            insert into threadkeep.team_members (account_id, {ownerColumn}, {otherColumn})
            select @account, @owner, id from unnest(@ids) as i (id);
            """,
            new
            {
                account = account.Value,
                owner,
                ids = others.Distinct().ToArray(),
            }
        );
    }

    private static Dictionary<string, object> Describe(PersonRow person) =>
        new()
        {
            ["name"] = person.Name,
            ["role"] = person.Role,
            ["allChannels"] = !person.ChannelsLimited,
            ["channels"] = Ids(person.Channels),
            ["teams"] = Ids(person.Teams),
            ["active"] = person.DisabledAt is null,
            ["inTraining"] = person.InTraining,
        };

    private static Dictionary<string, object> Describe(TeamRow team) =>
        new()
        {
            ["name"] = team.Name,
            ["members"] = Ids(team.Members),
            ["channels"] = Ids(team.Channels),
        };

    private static string Ids(Guid[] ids) => string.Join(' ', ids.Select(i => i.ToString("N")));

    private static (Dictionary<string, object>? Was, Dictionary<string, object> Is) Difference(
        Dictionary<string, object> before,
        Dictionary<string, object> after
    )
    {
        var changed = after.Keys.Where(k => !after[k].Equals(before[k])).ToArray();
        return (changed.ToDictionary(k => k, k => before[k]), changed.ToDictionary(k => k, k => after[k]));
    }
}
