using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Channels;

/// <summary>A channel as people see it: no secrets.</summary>
public sealed record ChannelListRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string DisplayPhoneNumber { get; init; } = "";
    public string PhoneNumberId { get; init; } = "";
    public string WabaId { get; init; } = "";
    public string State { get; init; } = "";
    public string? Attention { get; init; }
    public string AppKey { get; init; } = "";
    public DateTimeOffset? FirstConnectedAt { get; init; }
    public DateTimeOffset? DisconnectedAt { get; init; }
}

/// <summary>What stands behind a channel's page.</summary>
public sealed record ChannelFigures
{
    public bool HasOwnApp { get; init; }
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>How long the message of <see cref="LastInboundAt"/> was under way, by Meta's clock and ours; in seconds, 0 or more.</summary>
    public double? LastLag { get; init; }

    /// <summary>Webhooks at the address of the channel's app that no known secret signed, in the last seven days.</summary>
    public long SignatureFailures { get; init; }
    public DateTimeOffset? LastSignatureFailureAt { get; init; }
    public long Leftovers { get; init; }
    public long Queued { get; init; }
}

/// <summary>Something that a channel was told and that no thread shows.</summary>
public sealed record ChannelEventRow
{
    /// <summary>Made of the message's own, so that a list has an order.</summary>
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What Meta said, as JSON; null for messages.</summary>
    public string? Detail { get; init; }
}

/// <summary>A Meta app whose secret may have signed a webhook.</summary>
public sealed record MetaApp
{
    public string AppKey { get; init; } = "";
    public string AppId { get; init; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] AppSecret { get; init; } = [];

    /// <summary>Encrypted.</summary>
    public byte[] VerifyToken { get; init; } = [];

    /// <summary>Null: the deployment's.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Login configuration of embedded signup.</summary>
    public string? ConfigId { get; init; }
}

/// <summary>Reads of channels for people and programs, and of apps for the webhook.</summary>
public sealed class ChannelQueries(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<ChannelListRow>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ChannelListRow>(
                """
                select id, name, display_phone_number, phone_number_id, waba_id, state, attention, app_key, first_connected_at, disconnected_at
                from threadkeep.channels where account_id = @account order by first_connected_at, id
                """,
                new { account = account.Value }
            ),
        ];
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<ChannelEventRow>> EventsAsync(
        AccountId account,
        Guid channel,
        (DateTimeOffset At, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ChannelEventRow>(
            """
            select id, kind, at, received_at, detail::text
            from (
                select md5(wamid)::uuid as id, kind, at, received_at, detail
                from threadkeep.channel_events where account_id = @account and channel_id = @channel
            ) e
            where @afterAt::timestamptz is null or (received_at, id) < (@afterAt, @afterId)
            order by received_at desc, id desc
            limit @limit
            """,
            new
            {
                account = account.Value,
                channel,
                afterAt = after?.At.UtcDateTime,
                afterId = after?.Id ?? Guid.Empty,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>Whether a message is noted there.</summary>
    public async Task<bool> HasEventAsync(AccountId account, Guid channel, string wamid)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                select 1 from threadkeep.channel_events where account_id = @account and channel_id = @channel and wamid = @wamid
            )
            """,
            new
            {
                account = account.Value,
                channel,
                wamid,
            }
        );
    }

    /// <summary>What Meta said of the channel's WhatsApp account in the last 90 days; of very many the newest.</summary>
    public async Task<IReadOnlyList<ChannelEventRow>> AccountUpdatesAsync(
        AccountId account,
        Guid channel,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ChannelEventRow>(
            """
            select kind, at, received_at, detail::text
            from threadkeep.channel_events
            where account_id = @account and channel_id = @channel and kind = 'account_update' and at > @since
            order by at desc
            limit 200
            """,
            new
            {
                account = account.Value,
                channel,
                since = now.AddDays(-90).UtcDateTime,
            }
        );
        return [.. rows];
    }

    public async Task<ChannelFigures> FiguresAsync(AccountId account, Guid channel)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleAsync<ChannelFigures>(
            """
            select a.account_id is not null as has_own_app, h.last_inbound_at,
                (select extract(epoch from greatest(m.received_at - m.at, interval '0'))::float8 from threadkeep.messages m
                    where m.account_id = c.account_id and m.thread_id = h.id and m.at = h.last_inbound_at and m.direction = 0
                    limit 1) as last_lag,
                coalesce(r.failures, 0)::bigint as signature_failures, r.last_at as last_signature_failure_at,
                (select count(*) from threadkeep.webhook_leftovers l
                    where l.account_id = c.account_id and l.channel_id = c.id and l.replayed_at is null) as leftovers,
                (select count(*) from threadkeep.outbound_queue q where q.account_id = c.account_id and q.channel_id = c.id) as queued
            from threadkeep.channels c
            join threadkeep.meta_apps a on a.app_key = c.app_key
            left join lateral (
                select t.id, t.last_inbound_at from threadkeep.threads t
                where t.account_id = c.account_id and t.channel_id = c.id and t.last_inbound_at is not null
                order by t.last_inbound_at desc
                limit 1) h on true
            left join lateral (
                select sum(f.count) as failures, max(f.last_at) as last_at from threadkeep.webhook_refusals f
                where f.app_key = c.app_key and f.day > current_date - 7) r on true
            where c.account_id = @account and c.id = @channel
            """,
            new { account = account.Value, channel }
        );
    }

    public async Task<IReadOnlyList<MetaApp>> AppsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<MetaApp>("select * from threadkeep.meta_apps")];
    }
}
