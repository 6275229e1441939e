using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;

namespace Threadkeep.Quarantine;

/// <summary>What a message said that is hidden.</summary>
public sealed record HiddenMessage
{
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public string Effect { get; init; } = "";
    public string[] Rules { get; init; } = [];
    public string? Reason { get; init; }
    public Guid? HiddenBy { get; init; }
    public string? HiddenByName { get; init; }
    public DateTimeOffset HiddenAt { get; init; }
    public string Type { get; init; } = "";
    public string? Text { get; init; }
    public string? MediaName { get; init; }
    public byte[]? Raw { get; init; }

    /// <summary>Of its file, once that has arrived; null or empty: there is none.</summary>
    public string? MediaSha256 { get; init; }

    /// <summary>Whose it is, as lists name them.</summary>
    public string? ContactName { get; init; }
}

/// <summary>A customer's message as rules look at it.</summary>
public sealed record RecentMessage
{
    public Guid ThreadId { get; init; }
    public int Seq { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Text { get; init; }
    public string? FileName { get; init; }
    public string? MimeType { get; init; }

    /// <summary>It is hidden now.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>An account's content rules, and reads of what they hide. Nothing here shows it to anybody: doors do, and write who looked.</summary>
public sealed class QuarantineStore(NpgsqlDataSource database)
{
    private const string Columns = """
        select h.thread_id, h.seq, h.effect, h.rules, h.reason, h.hidden_by, b.name as hidden_by_name, h.hidden_at, h.type, h.text, h.media_name, h.raw,
            m.media_sha256, coalesce(t.profile_name, '+' || t.wa_id) as contact_name
        from threadkeep.hidden_messages h
        join threadkeep.threads t on t.account_id = h.account_id and t.id = h.thread_id
        join threadkeep.messages m on m.account_id = h.account_id and m.thread_id = h.thread_id and m.seq = h.seq
        left join threadkeep.agents b on b.account_id = h.account_id and b.id = h.hidden_by
        where h.account_id = @account and h.released_at is null and (@channels::uuid[] is null or h.channel_id = any(@channels))
        """;

    /// <summary>The settings and their version; version 0: nobody has set anything.</summary>
    public async Task<(ContentSettings Settings, int Version)> GetAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (settings, version) = await connection.QuerySingleOrDefaultAsync<(string? Settings, int Version)>(
            "select settings, version from threadkeep.content_rules where account_id = @account",
            new { account = account.Value }
        );
        return (ContentSettings.Read(settings), version);
    }

    /// <summary>Replaces the settings where they are still at that version; false where they are not.</summary>
    public async Task<bool> ChangeAsync(Actor actor, ContentSettings settings, int version, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var written = await connection.ExecuteScalarAsync<long>(
            """
            with changed as (
                update threadkeep.content_rules set settings = @settings, version = version + 1
                where account_id = @account and version = @version
                returning 1
            ), first as (
                insert into threadkeep.content_rules (account_id, settings, version)
                select @account, @settings, 1 where @version = 0
                on conflict (account_id) do nothing
                returning 1
            )
            select (select count(*) from changed) + (select count(*) from first)
            """,
            new
            {
                account = actor.Account.Value,
                settings = settings.ToJson(),
                version,
            }
        );
        if (written == 0)
            return false;
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry("content_rules.changed", "account", actor.Account.ToString(), null, After: settings),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>What a message says; null where it is not hidden, or the caller may not see its thread.</summary>
    public async Task<HiddenMessage?> FindAsync(Scope scope, MessageId message)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<HiddenMessage>(
            Columns + " and h.thread_id = @thread and h.seq = @seq",
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                thread = message.Thread.Value,
                seq = message.Seq,
            }
        );
    }

    /// <summary>Quarantined messages, the latest first.</summary>
    public async Task<IReadOnlyList<HiddenMessage>> ListAsync(
        Scope scope,
        (DateTimeOffset At, MessageId Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<HiddenMessage>(
            Columns
                + """
                     and h.effect = 'quarantine' and (@at::timestamptz is null or (h.hidden_at, h.thread_id, h.seq) < (@at, @thread, @seq))
                    order by h.hidden_at desc, h.thread_id desc, h.seq desc
                    limit @limit
                """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                at = after?.At,
                thread = after?.Id.Thread.Value,
                seq = after?.Id.Seq,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>What customers wrote since, the newest first: what can be found, and what is hidden.</summary>
    public async Task<IReadOnlyList<RecentMessage>> RecentAsync(Scope scope, DateTimeOffset since, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<RecentMessage>(
            """
            (select m.thread_id, m.seq, m.at, m.text, m.media_name as file_name, m.media_mime as mime_type, false as is_hidden
            from (
                select s.thread_id, s.seq from threadkeep.message_search s
                where s.account_id = @account and s.at > @since and s.direction = 0
                    and (@channels::uuid[] is null or s.channel_id = any(@channels))
                order by s.at desc, s.thread_id desc, s.seq desc
                limit @limit) f
            join threadkeep.messages m on m.account_id = @account and m.thread_id = f.thread_id and m.seq = f.seq
            where not exists (
                select from threadkeep.hidden_messages h
                where h.account_id = @account and h.thread_id = m.thread_id and h.seq = m.seq and h.released_at is null))
            union all
            (select h.thread_id, h.seq, h.hidden_at, h.text, h.media_name, null, true
            from threadkeep.hidden_messages h
            where h.account_id = @account and h.hidden_at > @since and h.released_at is null
                and (@channels::uuid[] is null or h.channel_id = any(@channels))
            order by h.hidden_at desc
            limit @limit)
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                since,
                limit,
            }
        );
        return [.. rows];
    }

    /// <summary>Whether somebody has looked at a message since then, as the audit log knows.</summary>
    public async Task<bool> HasLookedAsync(Actor actor, MessageId message, DateTimeOffset since)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (
                select from threadkeep.audit_log
                where account_id = @account and at >= @since and action = 'message.revealed' and subject_id = @message
                    and actor_kind = @Kind and actor_id is not distinct from @Id)
            """,
            new
            {
                account = actor.Account.Value,
                since = since.UtcDateTime,
                message = message.ToString(),
                actor.Kind,
                actor.Id,
            }
        );
    }

    /// <summary>Writes who looked at what, or did what with it.</summary>
    public async Task NoteAsync(
        Actor actor,
        string action,
        MessageId message,
        string? name,
        string? reason,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(action, "message", message.ToString(), name, After: new { reason }),
            now
        );
    }
}
