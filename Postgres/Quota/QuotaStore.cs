using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Quota;

/// <summary>An account's quota settings.</summary>
/// <param name="Limit">Conversations a period; null: no limit.</param>
/// <param name="TimeZone">The account's own zone.</param>
public sealed record QuotaPlan(int? Limit, string TimeZone, IReadOnlyList<AnchorRow> Anchors);

/// <summary>Which anniversary day and time zone hold from when (<c>threadkeep.quota_anchors</c>); the first is the subscription.</summary>
public sealed record AnchorRow
{
    public DateTimeOffset EffectiveFrom { get; init; }
    public short DayOfMonth { get; init; }
    public string TimeZone { get; init; } = "";
}

/// <summary>Reads of the ledger and its settings, and changes of the settings. Ledger rows are written by their threads' commits alone.</summary>
public sealed class QuotaStore(NpgsqlDataSource database)
{
    /// <summary>Null where there is no such account.</summary>
    public async Task<QuotaPlan?> PlanAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(int? Limit, string TimeZone)?>(
            "select conversation_limit, time_zone from threadkeep.business_accounts where id = @account",
            new { account = account.Value }
        );
        if (row is null)
            return null;
        var anchors = await connection.QueryAsync<AnchorRow>(
            "select * from threadkeep.quota_anchors where account_id = @account order by effective_from",
            new { account = account.Value }
        );
        return new QuotaPlan(row.Value.Limit, row.Value.TimeZone, [.. anchors]);
    }

    /// <summary>Slots of a period that are in use.</summary>
    public async Task<IReadOnlyList<int>> UsedSlotsAsync(AccountId account, DateTimeOffset periodStart)
    {
        await using var connection = await database.OpenConnectionAsync();
        var slots = await connection.QueryAsync<int>(
            """
            select slot from threadkeep.quota_ledger
            where account_id = @account and period_start = @periodStart and state <> 'released'
            """,
            new { account = account.Value, periodStart }
        );
        return [.. slots];
    }

    /// <summary>How many are counted and how many only reserved in a period.</summary>
    public async Task<(int Counted, int Reserved)> UsageAsync(AccountId account, DateTimeOffset periodStart)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<(int, int)>(
            """
            select (count(*) filter (where state = 'counted'))::int, (count(*) filter (where state = 'reserved'))::int
            from threadkeep.quota_ledger
            where account_id = @account and period_start = @periodStart and state <> 'released'
            """,
            new { account = account.Value, periodStart }
        );
    }

    /// <summary>Sets the limit; null: none.</summary>
    public async Task SetLimitAsync(AccountId account, int? limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.business_accounts set conversation_limit = @limit where id = @account",
            new { account = account.Value, limit }
        );
    }

    /// <summary>Sets anniversary and zone from a moment on, which must be the running period's end.</summary>
    public async Task SetAnchorAsync(AccountId account, AnchorRow anchor)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.quota_anchors (account_id, effective_from, day_of_month, time_zone)
            values (@account, @EffectiveFrom, @DayOfMonth, @TimeZone)
            on conflict (account_id, effective_from) do update
                set day_of_month = excluded.day_of_month, time_zone = excluded.time_zone
            """,
            new
            {
                account = account.Value,
                anchor.EffectiveFrom,
                anchor.DayOfMonth,
                anchor.TimeZone,
            }
        );
    }
}
