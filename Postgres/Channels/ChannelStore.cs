using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Threads;

namespace Threadkeep.Channels;

/// <summary>A channel as the silo needs it.</summary>
public sealed record ChannelRecord
{
    public Guid AccountId { get; init; }
    public Guid Id { get; init; }
    public string AppKey { get; init; } = "";
    public string WabaId { get; init; } = "";
    public string PhoneNumberId { get; init; } = "";

    /// <summary>Encrypted.</summary>
    public byte[] AccessToken { get; init; } = [];
    public string State { get; init; } = "";

    /// <summary>Why Meta refuses it; null: it does not.</summary>
    public string? Attention { get; init; }

    /// <summary>Messages of before are noted and not shown; of no meaning while the channel is only ready.</summary>
    public DateTimeOffset FirstConnectedAt { get; init; }
    public string Name { get; init; } = "";
    public string DisplayPhoneNumber
    {
        get;
        init
        {
            field = value;
            Number = NumberForms.Digits(value);
        }
    } = "";

    /// <summary>The digits of its display number: as a customer it would be <c>wa_id</c>.</summary>
    public string Number { get; private init; } = "";

    /// <summary>Of what Meta lets it send a second: STANDARD, HIGH...; null: Meta has not been asked.</summary>
    public string? Throughput { get; init; }

    /// <summary>The number stays in the WhatsApp Business app.</summary>
    public bool IsOnPhoneApp { get; init; }

    /// <summary>TIER_250, TIER_2K... of its portfolio; null: Meta has not said.</summary>
    public string? MessagingLimit { get; init; }

    /// <summary>Of the business: verified, not_verified...; null: Meta has not said.</summary>
    public string? Verification { get; init; }
    public DateTimeOffset? LimitsReadAt { get; init; }

    /// <summary>When an admin last asked for the chats that the phone app holds; null: nobody has.</summary>
    public DateTimeOffset? HistoryAskedAt { get; init; }

    /// <summary>Encrypted; the number's two-step code. Null: nobody knows it.</summary>
    public byte[]? Pin { get; init; }

    public AccountId Account => new(AccountId);

    public ChannelId Channel => new(Id);
}

/// <summary>An identity's owner and generation, as one query finds them.</summary>
public sealed record ResolvedIdentity
{
    public string Identity { get; init; } = "";
    public Guid? ThreadId { get; init; }
    public string? UserId { get; init; }
    public DateTimeOffset? IdentityAt { get; init; }
    public int Generation { get; init; }

    /// <summary>When it changed hands, the latest first; null: never, or nobody knows.</summary>
    public DateTime[]? ReleasedAt { get; init; }

    /// <summary>The threads that let it go then.</summary>
    public Guid[]? ReleasedBy { get; init; }
}

/// <summary>A message that no thread shows.</summary>
/// <param name="Wamid">The message's id; for what Meta tells beside messages a hash of it, behind <c>event:</c>.</param>
/// <param name="Kind">before_connect, history_unasked, group_message, from_itself, or Meta's field.</param>
/// <param name="Detail">What Meta said, as JSON; null for messages, whose content is nobody's here.</param>
public sealed record ChannelEvent(
    string Wamid,
    string Kind,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    string? Detail = null
);

/// <summary>What Meta lets a number send, in Meta's words; null: it has not said.</summary>
public sealed record ChannelLimits(
    string? BusinessId,
    string? Verification,
    string? MessagingLimit,
    string? Throughput,
    bool IsOnPhoneApp
);

/// <summary>What routing and sending read of channels, and the few rows that belong to a channel alone.</summary>
public sealed class ChannelStore(NpgsqlDataSource database)
{
    /// <summary>The connected channel of a number; null where no account has it.</summary>
    public async Task<ChannelRecord?> ByPhoneNumberAsync(string phoneNumberId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ChannelRecord>(
            "select * from threadkeep.channels where phone_number_id = @phoneNumberId and state = 'connected'",
            new { phoneNumberId }
        );
    }

    /// <summary>The connected channels of a WhatsApp Business account whose webhooks this app signs.</summary>
    public async Task<IReadOnlyList<ChannelRecord>> OfWabaAsync(string wabaId, string appKey)
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ChannelRecord>(
                "select * from threadkeep.channels where waba_id = @wabaId and app_key = @appKey and state = 'connected' order by id",
                new { wabaId, appKey }
            ),
        ];
    }

    public async Task<ChannelRecord?> ByIdAsync(AccountId account, ChannelId channel)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ChannelRecord>(
            "select * from threadkeep.channels where account_id = @account and id = @channel",
            new { account = account.Value, channel = channel.Value }
        );
    }

    /// <summary>Every connected channel, for starting what belongs to each.</summary>
    public async Task<IReadOnlyList<ChannelRecord>> ConnectedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<ChannelRecord>(
                "select * from threadkeep.channels where state = 'connected'"
            ),
        ];
    }

    /// <summary>Who owns these identities on a channel, and how often each has changed hands: one query for a whole delivery.</summary>
    public async Task<IReadOnlyList<ResolvedIdentity>> ResolveAsync(
        AccountId account,
        ChannelId channel,
        string[] identities
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ResolvedIdentity>(
            """
            -- Each look-up by its whole key: as plain joins they are planned, while the tables are small, by the account alone.
            select w.identity, i.thread_id, t.user_id, t.identity_at, coalesce(g.generation, 0) as generation, g.released_at, g.released_by
            from unnest(@identities) as w (identity)
            left join lateral (
                select x.thread_id
                from threadkeep.thread_identities x
                where x.account_id = @account and x.channel_id = @channel and x.identity = w.identity
                limit 1
            ) i on true
            left join lateral (
                select x.user_id, x.identity_at from threadkeep.threads x where x.account_id = @account and x.id = i.thread_id limit 1
            ) t on true
            left join lateral (
                select x.generation, x.released_at, x.released_by
                from threadkeep.identity_generations x
                where x.account_id = @account and x.channel_id = @channel and x.identity = w.identity
                limit 1
            ) g on true
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                identities,
            }
        );
        return [.. rows];
    }

    /// <summary>What Meta calls a thread's customer by; null where there is no such thread.</summary>
    public async Task<(string? WaId, string? UserId)?> CustomerOfAsync(AccountId account, ThreadId thread)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(string?, string?)?>(
            "select wa_id, user_id from threadkeep.threads where account_id = @account and id = @thread",
            new { account = account.Value, thread = thread.Value }
        );
    }

    /// <summary>Notes what a channel was told that no thread shows. A repeat changes nothing.</summary>
    public async Task AddEventsAsync(AccountId account, ChannelId channel, IReadOnlyList<ChannelEvent> events)
    {
        if (events.Count == 0)
            return;
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.channel_events (account_id, channel_id, wamid, kind, at, received_at, detail)
            select @account, @channel, e.wamid, e.kind, e.at, e.received_at, e.detail::jsonb
            from unnest(@wamids::text[], @kinds::text[], @times::timestamptz[], @received::timestamptz[], @details::text[])
                as e (wamid, kind, at, received_at, detail)
            order by e.wamid
            on conflict do nothing
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                wamids = events.Select(e => e.Wamid).ToArray(),
                kinds = events.Select(e => e.Kind).ToArray(),
                times = events.Select(e => e.At.UtcDateTime).ToArray(),
                received = events.Select(e => e.ReceivedAt.UtcDateTime).ToArray(),
                details = events.Select(e => e.Detail).ToArray(),
            }
        );
    }

    /// <summary>Why Meta refuses the channel; null: it does not.</summary>
    public async Task SetAttentionAsync(AccountId account, ChannelId channel, string? reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.channels
            set attention = @reason, attention_at = case when @reason is not null then clock_timestamp() end
            where account_id = @account and id = @channel and attention is distinct from @reason
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                reason,
            }
        );
    }

    /// <summary>Notes what Meta lets a number send. What it did not say stays as it was said last.</summary>
    public async Task SetLimitsAsync(AccountId account, ChannelId channel, ChannelLimits limits, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.channels
            set business_id = coalesce(@BusinessId, business_id), verification = coalesce(@Verification, verification),
                messaging_limit = coalesce(@MessagingLimit, messaging_limit), throughput = coalesce(@Throughput, throughput),
                is_on_phone_app = @IsOnPhoneApp, limits_read_at = @now
            where account_id = @account and id = @channel
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                now,
                limits.BusinessId,
                limits.Verification,
                limits.MessagingLimit,
                limits.Throughput,
                limits.IsOnPhoneApp,
            }
        );
    }

    /// <summary>Threads of a channel with something due to leave in this lane, longest waiting first.</summary>
    /// <param name="lane"><see cref="QueueRow.Replies"/> or <see cref="QueueRow.Bulk"/>.</param>
    /// <param name="except">Threads that may not send yet.</param>
    public async Task<IReadOnlyList<ThreadId>> DueThreadsAsync(
        AccountId account,
        ChannelId channel,
        short lane,
        DateTimeOffset now,
        int limit,
        ThreadId[] except
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        // So many rows and no more, along the index: of a bulk send there may be a million.
        var rows = await connection.QueryAsync<Guid>(
            """
            select thread_id
            from (
                select thread_id, due_at
                from threadkeep.outbound_queue
                where account_id = @account and channel_id = @channel and lane = @lane and due_at <= @now
                    and thread_id <> all(@except)
                order by due_at, thread_id
                limit @limit
            ) due
            group by thread_id
            order by min(due_at)
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                lane,
                now,
                limit,
                except = except.Select(t => t.Value).ToArray(),
            }
        );
        return [.. rows.Select(id => new ThreadId(id))];
    }
}
