using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hours;

namespace Threadkeep.FirstContact;

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

    /// <summary>Replaces them where they are still at that version. <see cref="SettingsOutcome.NotFound"/>: the schedule is gone.</summary>
    public async Task<SettingsOutcome> ChangeAsync(
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
                return SettingsOutcome.NotFound;
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
            return SettingsOutcome.Changed;
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
        return SettingsOutcome.Done;
    }

    internal static FirstContactSettings Read(string settings) =>
        JsonSerializer.Deserialize<FirstContactSettings>(settings, Schedule.Json)!;
}
