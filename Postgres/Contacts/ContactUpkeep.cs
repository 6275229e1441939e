using Dapper;
using Npgsql;
using Threadkeep.Live;

namespace Threadkeep.Contacts;

/// <summary>What a turn did.</summary>
/// <param name="More">True where as much was read as was allowed, so that more may wait.</param>
/// <param name="Hints">Threads that show something else now.</param>
public readonly record struct UpkeepTurn(bool More, IReadOnlyList<ThreadHint> Hints);

/// <summary>
/// Follows the outbox: a contact that a thread brought gets its place in lists, the profile name that WhatsApp tells, and, where exactly
/// one record has its number, is said to be that one (ADR 047). A turn's effect and the reader's place are one transaction.
/// </summary>
public sealed class ContactUpkeep(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The outbox's reader.</summary>
    public const string Reader = "contacts";

    private readonly OutboxLog log = new(database);

    /// <summary>Looks at the contacts of the next commits; null where another silo is at it.</summary>
    /// <param name="limit">Commits at most.</param>
    /// <param name="passOver">True to move on without any effect: for a contact that cannot be written.</param>
    public async Task<UpkeepTurn?> FollowAsync(int limit, bool passOver, CancellationToken cancellation)
    {
        await using var turn = await log.TakeAsync(Reader, limit, cancellation);
        if (turn is null)
            return null;
        var touched = turn.Rows.Select(r => (Account: r.Account.Value, Thread: r.Thread.Value)).Distinct().ToArray();
        var rows = await turn.Connection.QueryAsync<HeardRow>(
            $"""
            select {HeardRow.Columns}
            from unnest(@accounts, @threads) as u (account_id, id)
            join threadkeep.threads t on t.account_id = u.account_id and t.id = u.id
            join threadkeep.contacts c on c.account_id = t.account_id and c.id = t.contact_id
            where {HeardRow.IsNews}
            """,
            new
            {
                accounts = touched.Select(t => t.Account).ToArray(),
                threads = touched.Select(t => t.Thread).ToArray(),
            }
        );
        var hints = passOver ? [] : await KeepAsync(turn.Connection, [.. rows]);
        await turn.CommitAsync(cancellation);
        return new UpkeepTurn(turn.Rows.Count == limit, hints);
    }

    /// <summary>Looks at the next of those stored before the log began; null where another silo is at it, or nothing is left.</summary>
    public async Task<UpkeepTurn?> FillAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = (
            await connection.QueryAsync<HeardRow>(
                $"""
                with place as materialized (
                    select * from threadkeep.outbox_consumers where name = @reader and filling for update skip locked
                )
                select {HeardRow.Columns}
                from place p
                left join lateral (
                    select * from threadkeep.contacts x
                    where (x.account_id, x.id) > (
                        coalesce(p.fill_account, '00000000-0000-0000-0000-000000000000'),
                        coalesce(p.fill_thread, '00000000-0000-0000-0000-000000000000'))
                    order by x.account_id, x.id
                    limit @limit) c on true
                left join lateral (
                    select * from threadkeep.threads y
                    where y.account_id = c.account_id and y.contact_id = c.id
                    order by y.last_inbound_at desc nulls last limit 1) t on true
                """,
                new { reader = Reader, limit }
            )
        ).ToArray();
        if (rows.Length == 0)
            return null;
        var contacts = rows.Where(r => r.Id != default).ToArray();
        var hints = await KeepAsync(connection, [.. contacts.Where(r => r.Contact.SortKey is null)]);
        await connection.ExecuteAsync(
            """
            update threadkeep.outbox_consumers
            set filling = @more, filled = filled + @count, fill_account = coalesce(@account, fill_account),
                fill_thread = coalesce(@contact, fill_thread)
            where name = @reader
            """,
            new
            {
                reader = Reader,
                more = contacts.Length == limit,
                count = (long)contacts.Length,
                account = contacts.LastOrDefault()?.AccountId,
                contact = contacts.LastOrDefault()?.Id,
            }
        );
        await transaction.CommitAsync(cancellation);
        return new UpkeepTurn(contacts.Length == limit, hints);
    }

    /// <summary>How old the oldest change is that contacts do not show yet.</summary>
    public Task<TimeSpan> LagAsync(CancellationToken cancellation) => log.LagAsync(Reader, cancellation);

    private async Task<IReadOnlyList<ThreadHint>> KeepAsync(NpgsqlConnection connection, IReadOnlyList<HeardRow> heard)
    {
        var matched = new List<(Guid Account, Guid Id)>();
        // One contact may be behind several threads; accounts are locked in one order by everybody.
        foreach (var account in heard.GroupBy(h => h.AccountId).OrderBy(g => g.Key))
        {
            var contacts = account.DistinctBy(h => h.Id).OrderBy(h => h.Id).ToArray();
            if (contacts.Any(h => h.IsToMatch))
                await ContactWriting.LockNumbersAsync(connection, account.Key);
            foreach (var one in contacts)
            {
                await WriteAsync(connection, one);
                if (
                    one.IsToMatch
                    && await ContactWriting.MatchAsync(
                        connection,
                        account.Key,
                        one.Id,
                        NumberForms.Key(one.WaId!),
                        clock.GetUtcNow()
                    )
                )
                    matched.Add((account.Key, one.Id));
            }
        }
        return await ContactWriting.TellAsync(connection, [.. matched]);
    }

    // What somebody wrote stays: of a record only the profile name is ours, and what follows from it. It may have been written in
    // since it was read: then the next message brings the rest.
    private static Task WriteAsync(NpgsqlConnection connection, HeardRow heard)
    {
        var contact = heard.Contact;
        var properties = contact.IsRecord
            ? contact.Properties
            : contact.Properties with
            {
                Phone = heard.WaId is { } waId ? "+" + waId : contact.Phone,
            };
        return connection.ExecuteAsync(
            """
            update threadkeep.contacts
            set profile_name = @profileName, sort_key = @sortKey, search_text = @searchText,
                phone = case when is_record then phone else @phone end
            where account_id = @account and id = @id and version = @version
            """,
            new
            {
                account = heard.AccountId,
                id = heard.Id,
                version = contact.Version,
                profileName = heard.Heard,
                sortKey = properties.SortKey(heard.Heard),
                searchText = properties.SearchText(heard.Heard),
                phone = properties.Phone,
            }
        );
    }

    /// <summary>A contact, and what a thread of its tells of it.</summary>
    private sealed record HeardRow
    {
        public const string Columns = $"""
            c.account_id, t.wa_id, t.profile_name as told_name, c.profile_name as known_name, {ContactRow.Columns}
            """;

        public const string IsNews = """
            c.sort_key is null or t.profile_name is distinct from c.profile_name
                or not c.is_record and t.wa_id is not null and c.phone is distinct from '+' || t.wa_id
            """;

        public Guid AccountId { get; init; }
        public Guid Id { get; init; }
        public string? WaId { get; init; }
        public string? ToldName { get; init; }
        public string? KnownName { get; init; }
        public bool IsRecord { get; init; }
        public Guid? SameAs { get; init; }
        public int Version { get; init; }
        public string? FamilyName { get; init; }
        public string? GivenName { get; init; }
        public string? FamilyReading { get; init; }
        public string? GivenReading { get; init; }
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? MobilePhone { get; init; }
        public string? SortKey { get; init; }

        public string? Heard => ToldName ?? KnownName;

        /// <summary>It has just come, or goes by another number than before.</summary>
        public bool IsToMatch =>
            WaId is not null && !IsRecord && SameAs is null && (SortKey is null || Phone != "+" + WaId);

        public ContactRow Contact =>
            new()
            {
                Id = Id,
                IsRecord = IsRecord,
                Version = Version,
                SortKey = SortKey,
                FamilyName = FamilyName,
                GivenName = GivenName,
                FamilyReading = FamilyReading,
                GivenReading = GivenReading,
                Email = Email,
                Phone = Phone,
                MobilePhone = MobilePhone,
            };
    }
}
