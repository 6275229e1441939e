using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Hours;

/// <summary>What became of a change or removal of settings that several people may edit.</summary>
public enum SettingsOutcome
{
    Done,

    /// <summary>It is gone, or was never there.</summary>
    NotFound,

    /// <summary>Somebody changed it since the version that the caller knows.</summary>
    Changed,

    /// <summary>Something else goes by it.</summary>
    InUse,

    /// <summary>The account has as many as it may.</summary>
    TooMany,
}

/// <summary>Schedules of an account.</summary>
public sealed class ScheduleStore(NpgsqlDataSource database)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Schedule>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ScheduleRecord>(
            "select * from threadkeep.schedules where account_id = @account order by lower(name), id",
            new { account = account.Value }
        );
        return [.. rows.Select(r => r.ToSchedule())];
    }

    public async Task<SettingsOutcome> AddAsync(Actor actor, Schedule schedule, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync(
            """
            insert into threadkeep.schedules (account_id, id, name, time_zone, spans, countries, holidays, version, created_at)
            select @account, @id, @name, @zone, @spans, @countries, @holidays, 1, @now
            where (select count(*) from threadkeep.schedules where account_id = @account) < @most
            """,
            Parameters(actor.Account, schedule, now)
        );
        if (added == 0)
            return SettingsOutcome.TooMany;
        await AuditAsync(connection, actor, "schedule.added", schedule, null, schedule, now);
        await transaction.CommitAsync();
        return SettingsOutcome.Done;
    }

    /// <summary>Replaces it, where it is still at the version that the change carries.</summary>
    public async Task<SettingsOutcome> ChangeAsync(Actor actor, Schedule schedule, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, actor.Account, schedule.Id) is not { } before)
            return SettingsOutcome.NotFound;
        if (before.Version != schedule.Version)
            return SettingsOutcome.Changed;
        await connection.ExecuteAsync(
            """
            update threadkeep.schedules
            set name = @name, time_zone = @zone, spans = @spans, countries = @countries, holidays = @holidays, version = version + 1
            where account_id = @account and id = @id
            """,
            Parameters(actor.Account, schedule, now)
        );
        await AuditAsync(connection, actor, "schedule.changed", schedule, before, schedule, now);
        await transaction.CommitAsync();
        return SettingsOutcome.Done;
    }

    public async Task<SettingsOutcome> RemoveAsync(Actor actor, Guid id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, actor.Account, id) is not { } before)
            return SettingsOutcome.NotFound;
        // Stored as the JSON of an id.
        var used = await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from threadkeep.sla_settings where account_id = @account and strpos(policies, @id) > 0)
                or exists (select from threadkeep.first_contacts where account_id = @account and strpos(settings, @id) > 0)
            """,
            new { account = actor.Account.Value, id = id.ToString("D") }
        );
        if (used)
            return SettingsOutcome.InUse;
        await connection.ExecuteAsync(
            "delete from threadkeep.schedules where account_id = @account and id = @id",
            new { account = actor.Account.Value, id }
        );
        await AuditAsync(connection, actor, "schedule.removed", before, before, null, now);
        await transaction.CommitAsync();
        return SettingsOutcome.Done;
    }

    private static async Task<Schedule?> LockAsync(NpgsqlConnection connection, AccountId account, Guid id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ScheduleRecord>(
            "select * from threadkeep.schedules where account_id = @account and id = @id for update",
            new { account = account.Value, id }
        );
        return row?.ToSchedule();
    }

    private static Task AuditAsync(
        NpgsqlConnection connection,
        Actor actor,
        string action,
        Schedule subject,
        Schedule? before,
        Schedule? after,
        DateTimeOffset now
    ) =>
        AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                action,
                "schedule",
                subject.Id.ToString("N"),
                subject.Name,
                Describe(before),
                Describe(after)
            ),
            now
        );

    private static object? Describe(Schedule? schedule) =>
        schedule is null
            ? null
            : new
            {
                schedule.Name,
                schedule.TimeZone,
                Spans = schedule.Spans.Count,
                schedule.Countries,
                Holidays = schedule.Holidays.Count,
            };

    private static object Parameters(AccountId account, Schedule schedule, DateTimeOffset now) =>
        new
        {
            account = account.Value,
            id = schedule.Id,
            name = schedule.Name,
            zone = schedule.TimeZone,
            spans = JsonSerializer.Serialize(schedule.Spans, Schedule.Json),
            countries = schedule.Countries.ToArray(),
            holidays = JsonSerializer.Serialize(schedule.Holidays, Schedule.Json),
            now,
            most = Schedule.Most,
        };

    internal sealed record ScheduleRecord
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string TimeZone { get; init; } = "";
        public string Spans { get; init; } = "[]";
        public string[] Countries { get; init; } = [];
        public string Holidays { get; init; } = "[]";
        public int Version { get; init; }

        public Schedule ToSchedule() =>
            new(
                Id,
                Name,
                TimeZone,
                JsonSerializer.Deserialize<BusinessSpan[]>(Spans, Schedule.Json)!,
                Countries,
                JsonSerializer.Deserialize<OwnHoliday[]>(Holidays, Schedule.Json)!,
                Version
            );
    }
}
