using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Messages;

/// <summary>What Meta last said of a portfolio, in its words; null: nothing.</summary>
/// <param name="MessagingLimit">TIER_250, TIER_2K... TIER_UNLIMITED.</param>
/// <param name="Verification">verified, not_verified...</param>
public sealed record PortfolioPlan(string? MessagingLimit, string? Verification);

/// <summary>Reads about a business portfolio: which one a channel is of, and whom its numbers have written to.</summary>
public sealed class PortfolioStore(NpgsqlDataSource database)
{
    /// <summary>The portfolio of a channel; where Meta has not said, its WhatsApp Business account stands for it.</summary>
    public async Task<string?> OfChannelAsync(AccountId account, ChannelId channel)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string>(
            "select coalesce(business_id, waba_id) from threadkeep.channels where account_id = @account and id = @channel",
            new { account = account.Value, channel = channel.Value }
        );
    }

    /// <summary>The newest that is known of it.</summary>
    public async Task<PortfolioPlan> PlanAsync(AccountId account, string portfolio)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<PortfolioPlan>(
                """
                select messaging_limit, verification from threadkeep.channels
                where account_id = @account and coalesce(business_id, waba_id) = @portfolio and limits_read_at is not null
                order by limits_read_at desc, id
                limit 1
                """,
                new { account = account.Value, portfolio }
            ) ?? new PortfolioPlan(null, null);
    }

    /// <summary>
    /// Customers to whom something left, or may have left, outside a session: each by the last time. What is on its way counts as of now.
    /// </summary>
    public async Task<IReadOnlyList<(string Recipient, DateTimeOffset At)>> ReachedAsync(
        AccountId account,
        string portfolio,
        DateTimeOffset since,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string, DateTimeOffset)>(
            """
            with drawn as (
                select l.thread_id, l.seq, l.left_at as at
                from threadkeep.quota_ledger l
                where l.account_id = @account and l.left_at > @since and l.kind = 'business_initiated'
                union all
                select q.thread_id, q.seq, @now
                from threadkeep.outbound_queue q
                join threadkeep.quota_ledger l on l.account_id = q.account_id and l.thread_id = q.thread_id and l.seq = q.seq
                where q.account_id = @account and q.attempt is not null and l.kind = 'business_initiated' and l.state = 'reserved'
            )
            select coalesce('wa:' || t.wa_id, 'user:' || t.user_id) as recipient, max(d.at) as at
            from drawn d
            join threadkeep.threads t on t.account_id = @account and t.id = d.thread_id
            join threadkeep.channels c on c.account_id = t.account_id and c.id = t.channel_id
            where coalesce(c.business_id, c.waba_id) = @portfolio and (t.wa_id is not null or t.user_id is not null)
            group by 1
            """,
            new
            {
                account = account.Value,
                portfolio,
                since,
                now,
            }
        );
        return [.. rows];
    }
}
