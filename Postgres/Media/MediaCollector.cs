using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Media;

/// <summary>
/// Removes files that nothing points at. A file is looked at when it has been left alone for as long as <see cref="MediaOptions.UnsentHours"/>,
/// and every few days from then on.
/// <para>
/// Whoever takes a file in, or is about to send it, first moves that time ahead (<see cref="MediaIndex.AddAsync"/>,
/// <see cref="MediaIndex.HoldAsync"/>). Here the row is locked until the file is gone: the same content that comes meanwhile waits for the row,
/// makes it anew and then finds no file, so that it writes one.
/// </para>
/// </summary>
public sealed class MediaCollector(
    NpgsqlDataSource database,
    IMediaStore store,
    IOptions<MediaOptions> options,
    TimeProvider clock
)
{
    /// <summary>How long a file goes on after its last message has gone, at most.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromDays(3);

    /// <summary>Looks at the next few that are due, one silo at a time. Returns how many; fewer than asked for: there are no more now.</summary>
    /// <exception cref="MediaStoreException">The store is out of reach: what is not removed is looked at again.</exception>
    public async Task<int> CollectAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await IsFreeAsync(connection))
            return 0;
        var now = clock.GetUtcNow();
        var due = await DueAsync(connection, now, limit);
        if (due.Count == 0)
            return 0;
        foreach (var file in due.Where(f => !f.Held))
            await store.DeleteAsync(new AccountId(file.AccountId), file.Sha256, cancellation);
        await SettleAsync(connection, due, now);
        await transaction.CommitAsync(cancellation);
        return due.Count;
    }

    private static Task<bool> IsFreeAsync(NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<bool>(
            "select pg_try_advisory_xact_lock(hashtextextended('threadkeep files', 0))"
        );

    private async Task<IReadOnlyList<Due>> DueAsync(NpgsqlConnection connection, DateTimeOffset now, int limit)
    {
        var rows = await connection.QueryAsync<Due>(
            """
            with due as (
                select account_id, sha256 from threadkeep.media
                where check_at <= @now
                order by check_at
                limit @limit
                for update skip locked
            )
            select d.account_id, d.sha256,
                -- Queued, scheduled and failed ones are messages too.
                exists (select from threadkeep.messages m where m.account_id = d.account_id and m.media_sha256 = d.sha256)
                -- What was given back to its author may be sent again.
                or exists (
                    select from threadkeep.approvals a
                    where a.account_id = d.account_id and a.media_sha256 = d.sha256
                        and (a.state in ('waiting', 'approved') or a.decided_at > @recently))
                or exists (
                    select from threadkeep.macros c where c.account_id = d.account_id and position(d.sha256 in c.actions) > 0)
                or exists (
                    select from threadkeep.templates t where t.account_id = d.account_id and position(d.sha256 in t.components) > 0)
                or exists (
                    select from threadkeep.drafts w where w.account_id = d.account_id and position(d.sha256 in w.text) > 0) as held
            from due d
            """,
            new
            {
                now,
                limit,
                recently = now - TimeSpan.FromHours(options.Value.UnsentHours),
            }
        );
        return [.. rows];
    }

    private static Task SettleAsync(NpgsqlConnection connection, IReadOnlyList<Due> due, DateTimeOffset now) =>
        connection.ExecuteAsync(
            """
            update threadkeep.media f set check_at = @again
            from unnest(@accounts, @hashes, @held) as d (account_id, sha256, held)
            where f.account_id = d.account_id and f.sha256 = d.sha256 and d.held;

            delete from threadkeep.media f
            using unnest(@accounts, @hashes, @held) as d (account_id, sha256, held)
            where f.account_id = d.account_id and f.sha256 = d.sha256 and not d.held;

            delete from threadkeep.media_uploads u
            using unnest(@accounts, @hashes, @held) as d (account_id, sha256, held)
            where u.account_id = d.account_id and u.sha256 = d.sha256 and not d.held;
            """,
            new
            {
                again = now + LookAgainAfter,
                accounts = due.Select(f => f.AccountId).ToArray(),
                hashes = due.Select(f => f.Sha256).ToArray(),
                held = due.Select(f => f.Held).ToArray(),
            }
        );

    private sealed record Due
    {
        public Guid AccountId { get; init; }
        public string Sha256 { get; init; } = "";

        /// <summary>Something points at it.</summary>
        public bool Held { get; init; }
    }
}
