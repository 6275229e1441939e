using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Hours;

namespace Threadkeep.Sla;

/// <summary>An account's policies in their order, with the version of the whole.</summary>
public sealed record SlaSettings(IReadOnlyList<SlaPolicy> Policies, int Version);

/// <summary>The SLA settings of an account.</summary>
public sealed class SlaStore(NpgsqlDataSource database)
{
    public async Task<SlaSettings> GetAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ReadAsync(connection, account);
    }

    /// <summary>Replaces all policies where they are still at that version. <see cref="SettingsOutcome.NotFound"/>: a schedule is gone.</summary>
    public async Task<SettingsOutcome> ChangeAsync(Actor actor, SlaSettings settings, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Whoever removes a schedule waits until this is written, and finds that it is in use.
        var wanted = settings.Policies.Select(p => p.Schedule).OfType<Guid>().Distinct().ToArray();
        var there = await connection.QueryAsync<Guid>(
            "select id from threadkeep.schedules where account_id = @account and id = any(@wanted) for share",
            new { account = actor.Account.Value, wanted }
        );
        if (there.Count() < wanted.Length)
            return SettingsOutcome.NotFound;
        var before = await ReadAsync(connection, actor.Account);
        var written = await connection.ExecuteAsync(
            """
            insert into threadkeep.sla_settings as s (account_id, policies, version) select @account, @policies, 1 where @version = 0
            on conflict (account_id) do nothing
            """,
            Parameters()
        );
        if (written == 0)
            written = await connection.ExecuteAsync(
                """
                update threadkeep.sla_settings set policies = @policies, version = version + 1
                where account_id = @account and version = @version
                """,
                Parameters()
            );
        if (written == 0)
            return SettingsOutcome.Changed;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("sla.changed", "sla", null, null, Describe(before), Describe(settings)),
            now
        );
        await transaction.CommitAsync();
        return SettingsOutcome.Done;

        object Parameters() =>
            new
            {
                account = actor.Account.Value,
                policies = JsonSerializer.Serialize(settings.Policies, Schedule.Json),
                version = settings.Version,
            };
    }

    private static async Task<SlaSettings> ReadAsync(NpgsqlConnection connection, AccountId account)
    {
        var (policies, version) = await connection.QuerySingleOrDefaultAsync<(string? Policies, int Version)>(
            "select policies, version from threadkeep.sla_settings where account_id = @account",
            new { account = account.Value }
        );
        return new SlaSettings(Read(policies), version);
    }

    internal static IReadOnlyList<SlaPolicy> Read(string? policies) =>
        policies is null ? [] : JsonSerializer.Deserialize<SlaPolicy[]>(policies, Schedule.Json)!;

    private static object Describe(SlaSettings settings) =>
        new { Policies = settings.Policies.Select(p => new { p.Name, p.Targets }).ToArray() };
}
