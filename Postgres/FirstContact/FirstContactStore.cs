using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hours;

namespace Threadkeep.FirstContact;

/// <summary>What became of a change of first contact.</summary>
public enum FirstContactOutcome
{
    Done,

    /// <summary>It is not at that version any more.</summary>
    Changed,

    /// <summary>The business hours it names are not there any more.</summary>
    ScheduleGone,

    /// <summary>A team it names is not there any more.</summary>
    TeamGone,
}

/// <summary>What channels say by themselves.</summary>
public sealed class FirstContactStore(NpgsqlDataSource database)
{
    /// <summary>The settings and their version; version 0: nobody has set anything.</summary>
    public async Task<(FirstContactSettings Settings, int Version)> GetAsync(AccountId account, Guid channel)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (settings, version) = await connection.QuerySingleOrDefaultAsync<(string? Settings, int Version)>(
            "select settings, version from threadkeep.first_contacts where account_id = @account and channel_id = @channel",
            new { account = account.Value, channel }
        );
        return (settings is null ? FirstContactSettings.Off : Read(settings), version);
    }

    /// <summary>Replaces them where they are still at that version.</summary>
    public async Task<FirstContactOutcome> ChangeAsync(
        Actor actor,
        Guid channel,
        FirstContactSettings settings,
        int version,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (settings.OutOfHours.Schedule is { } schedule)
        {
            var there = await connection.QueryAsync<Guid>(
                "select id from threadkeep.schedules where account_id = @account and id = @schedule for share",
                new { account = actor.Account.Value, schedule }
            );
            if (!there.Any())
                return FirstContactOutcome.ScheduleGone;
        }
        var teams = settings.Menu.Buttons.Select(b => b.Team).OfType<Guid>().Distinct().ToArray();
        if (teams.Length > 0)
        {
            var there = await connection.QueryAsync<Guid>(
                "select id from threadkeep.teams where account_id = @account and id = any(@teams) for share",
                new { account = actor.Account.Value, teams }
            );
            if (there.Count() < teams.Length)
                return FirstContactOutcome.TeamGone;
        }
        var parameters = new
        {
            account = actor.Account.Value,
            channel,
            settings = JsonSerializer.Serialize(settings, Schedule.Json),
            version,
        };
        var written = await connection.ExecuteAsync(
            """
            insert into threadkeep.first_contacts (account_id, channel_id, settings, version)
            select @account, @channel, @settings, 1 where @version = 0
            on conflict (account_id, channel_id) do nothing
            """,
            parameters
        );
        if (written == 0)
            written = await connection.ExecuteAsync(
                """
                update threadkeep.first_contacts set settings = @settings, version = version + 1
                where account_id = @account and channel_id = @channel and version = @version
                """,
                parameters
            );
        if (written == 0)
            return FirstContactOutcome.Changed;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                "first_contact.changed",
                "channel",
                channel.ToString("N"),
                null,
                null,
                new
                {
                    Greeting = settings.Greeting.Enabled,
                    OutOfHours = settings.OutOfHours.Enabled,
                    Menu = settings.Menu.Enabled,
                }
            ),
            now
        );
        await transaction.CommitAsync();
        return FirstContactOutcome.Done;
    }

    internal static FirstContactSettings Read(string settings) =>
        JsonSerializer.Deserialize<FirstContactSettings>(settings, Schedule.Json)!;
}
