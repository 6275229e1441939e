using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Usage;

/// <summary>What left, counted from the messages themselves, and the account's prices.</summary>
public sealed class UsageStore(NpgsqlDataSource database)
{
    // A message is counted by when it was written: that never changes, however often and late Meta tells of it.
    private const string Facts = """
        (m.at at time zone @zone)::date as day, m.channel_id, m.agent_id, m.template_name, m.template_language,
        coalesce(m.price_category, p.category, case when m.template_name is null then 'service' end) as category, m.price_type,
        coalesce(left(t.wa_id, 4), left(t.user_id, 2)) as origin
        """;

    private const string Sources = """
        from threadkeep.messages m
        join threadkeep.channels c on c.account_id = m.account_id and c.id = m.channel_id
        join threadkeep.threads t on t.account_id = m.account_id and t.id = m.thread_id
        left join threadkeep.templates p
            on p.account_id = m.account_id and p.waba_id = c.waba_id and p.name = m.template_name and p.language = m.template_language
        left join threadkeep.quota_ledger l on l.account_id = m.account_id and l.thread_id = m.thread_id and l.seq = m.seq
        where m.account_id = @account and m.direction = 1 and m.at >= @from and m.at < @until
            and (@channels::uuid[] is null or m.channel_id = any(@channels))
        """;

    /// <summary>Everything that left or failed in a period, by day.</summary>
    /// <param name="zone">IANA name: days are the account's.</param>
    public async Task<IReadOnlyList<UsageRow>> RowsAsync(
        Scope scope,
        string zone,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<UsageRow>(
            $"""
            select {Facts},
                -- A message sent outside a session has drawn on the quota, and has not given it back for having left inside one after all.
                l.seq is null or l.kind = 'user_initiated' or l.released_for is not distinct from 'left_inside' as inside,
                (count(*) filter (where m.sent_at is not null))::int as sent,
                (count(*) filter (where m.status between 4 and 6))::int as delivered,
                (count(*) filter (where m.status = 7))::int as failed,
                (count(*) filter (where l.state = 'counted'))::int as conversations
            {Sources}
                and (m.sent_at is not null or m.status = 7)
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9
            order by 1
            """,
            ParametersOf(scope, zone, from, until)
        );
        return [.. rows];
    }

    /// <summary>Delivered messages one by one, each thread's in their order: conversations are made of them.</summary>
    public async Task<IReadOnlyList<ConversationRow>> OneByOneAsync(
        Scope scope,
        string zone,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ConversationRow>(
            $"""
            select m.thread_id, m.at, {Facts}
            {Sources}
                and m.status between 4 and 6
            order by m.thread_id, m.at, m.seq
            """,
            ParametersOf(scope, zone, from, until)
        );
        return [.. rows];
    }

    private static object ParametersOf(Scope scope, string zone, DateTimeOffset from, DateTimeOffset until) =>
        new
        {
            account = scope.Account.Value,
            channels = scope.Channels,
            zone,
            from,
            until,
        };

    /// <summary>What the account's channels and people are called.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Id, string Name)>(
            """
            select id, name from threadkeep.channels where account_id = @account
            union all
            select id, name from threadkeep.agents where account_id = @account
            """,
            new { account = account.Value }
        );
        return rows.ToDictionary(r => r.Id, r => r.Name);
    }

    // Prices --------------------------------------------------------------------------------------------------

    public async Task<IReadOnlyList<PriceRow>> PricesAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<PriceRow>(
            """
            select country, category, valid_from, market, currency, price from threadkeep.prices
            where account_id = @account
            order by market, country, category, valid_from desc
            """,
            new { account = account.Value }
        );
        return [.. rows];
    }

    /// <summary>Adds the prices of a card, over those of the same country, category and day: all of them or none.</summary>
    /// <returns>Null: done. Else the currency that the account's prices are in, which is another one.</returns>
    public async Task<string?> ImportAsync(Actor actor, IReadOnlyList<PriceRow> prices, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Two imports at once would not see each other's currency.
        await connection.ExecuteAsync(
            "select from threadkeep.business_accounts where id = @account for update",
            new { account = actor.Account.Value }
        );
        var currency = await connection.QueryFirstOrDefaultAsync<string>(
            "select currency from threadkeep.prices where account_id = @account and currency <> @currency limit 1",
            new { account = actor.Account.Value, currency = prices[0].Currency }
        );
        if (currency is not null)
            return currency;
        await connection.ExecuteAsync(
            """
            insert into threadkeep.prices (account_id, country, category, valid_from, market, currency, price)
            select @account, p.country, p.category, p.valid_from, p.market, @currency, p.price
            from unnest(@countries::text[], @categories::text[], @days::date[], @markets::text[], @prices::numeric[])
                as p (country, category, valid_from, market, price)
            on conflict (account_id, country, category, valid_from) do update
                set market = excluded.market, currency = excluded.currency, price = excluded.price
            """,
            new
            {
                account = actor.Account.Value,
                currency = prices[0].Currency,
                countries = prices.Select(p => p.Country).ToArray(),
                categories = prices.Select(p => p.Category).ToArray(),
                days = prices.Select(p => p.ValidFrom).ToArray(),
                markets = prices.Select(p => p.Market).ToArray(),
                prices = prices.Select(p => p.Price).ToArray(),
            }
        );
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                "prices.imported",
                "prices",
                After: new
                {
                    prices[0].Currency,
                    prices = prices.Count,
                    validFrom = prices.Select(p => p.ValidFrom).Distinct().Order(),
                }
            ),
            now
        );
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>Takes all prices away.</summary>
    public async Task RemovePricesAsync(Actor actor, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var removed = await connection.ExecuteAsync(
            "delete from threadkeep.prices where account_id = @account",
            new { account = actor.Account.Value }
        );
        if (removed > 0)
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry("prices.removed", "prices", Before: new { prices = removed }),
                now
            );
        await transaction.CommitAsync();
    }
}
