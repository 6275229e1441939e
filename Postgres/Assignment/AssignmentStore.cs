using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Assignment;

/// <summary>How an account gives out its tickets.</summary>
/// <param name="Version">Moves with every change; 0: nothing was set yet.</param>
/// <param name="DefaultCapacity">Tickets that wait on us which a person takes at most, unless they have a number of their own (0 to 1,000).</param>
/// <param name="AwayMinutes">After so many minutes away somebody's tickets that wait on us go back (1 to 480).</param>
/// <param name="Rules">In their order.</param>
public sealed record AssignmentSettings(
    int Version,
    int DefaultCapacity,
    int AwayMinutes,
    IReadOnlyList<AssignmentRule> Rules
)
{
    /// <summary>What counts until somebody sets another.</summary>
    public const int UsualCapacity = 20;

    public const int UsualAwayMinutes = 15;
    public const int MostAwayMinutes = 480;

    public static readonly AssignmentSettings Usual = new(0, UsualCapacity, UsualAwayMinutes, []);
}

/// <summary>An account's settings about giving out tickets. A change is written only from the version that it was made on.</summary>
public sealed class AssignmentStore(NpgsqlDataSource database)
{
    public async Task<AssignmentSettings> GetAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await GetAsync(connection, account);
    }

    /// <summary>False where they are not at that version any more.</summary>
    public async Task<bool> SaveAsync(Actor actor, AssignmentSettings settings, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await GetAsync(connection, actor.Account);
        var saved = await connection.ExecuteAsync(
            """
            insert into threadkeep.assignment_settings as s (account_id, version, default_capacity, away_minutes, rules, rules_on)
            select @account, 1, @DefaultCapacity, @AwayMinutes, @rules, @on
            where @Version = 0 or exists (select from threadkeep.assignment_settings where account_id = @account)
            on conflict (account_id) do update set version = s.version + 1, default_capacity = excluded.default_capacity,
                    away_minutes = excluded.away_minutes, rules = excluded.rules, rules_on = excluded.rules_on
                where s.version = @Version
            """,
            new
            {
                account = actor.Account.Value,
                settings.Version,
                settings.DefaultCapacity,
                settings.AwayMinutes,
                rules = JsonSerializer.Serialize(settings.Rules, JsonSerializerOptions.Web),
                on = settings.Rules.Any(r => r.Enabled),
            }
        );
        if (saved == 0)
            return false;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("assignment.changed", "assignment", null, null, Describe(before), Describe(settings)),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    internal static async Task<AssignmentSettings> GetAsync(NpgsqlConnection connection, AccountId account) =>
        await connection.QuerySingleOrDefaultAsync<SettingsRecord>(
            "select version, default_capacity, away_minutes, rules from threadkeep.assignment_settings where account_id = @account",
            new { account = account.Value }
        )
            is { } found
            ? new AssignmentSettings(
                found.Version,
                found.DefaultCapacity,
                found.AwayMinutes,
                JsonSerializer.Deserialize<AssignmentRule[]>(found.Rules, JsonSerializerOptions.Web)!
            )
            : AssignmentSettings.Usual;

    private static object Describe(AssignmentSettings settings) =>
        new
        {
            settings.DefaultCapacity,
            settings.AwayMinutes,
            Rules = settings.Rules.Select(r => r.Enabled ? r.Name : $"({r.Name})"),
        };

    private sealed record SettingsRecord
    {
        public int Version { get; init; }
        public int DefaultCapacity { get; init; }
        public int AwayMinutes { get; init; }
        public string Rules { get; init; } = "[]";
    }
}
