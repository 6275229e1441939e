using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Audit;

namespace Threadkeep.Contacts;

/// <summary>Contacts as people and programs write them, each change only from the version that it was made on.</summary>
public sealed class ContactStore(NpgsqlDataSource database)
{
    /// <summary>Adds a contact, and says of customers with its number that they are it.</summary>
    public async Task<ContactChange> AddAsync(RecordActor actor, ContactProperties properties)
    {
        var id = Guid.CreateVersion7(actor.Now);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        if (KeysOf(properties).Length > 0)
            await ContactWriting.LockNumbersAsync(connection, account);
        await connection.ExecuteAsync(
            """
            insert into threadkeep.contacts (account_id, id, is_record, name, family_name, given_name, family_reading, given_reading, honorific,
                language, time_zone, email, phone, mobile_phone, lifecycle, note, phone_key, mobile_key, sort_key, search_text, created_at)
            values (@account, @id, true, @Name, @FamilyName, @GivenName, @FamilyReading, @GivenReading, @Honorific, @Language, @TimeZone,
                @Email, @Phone, @MobilePhone, @Lifecycle, @Note, @phoneKey, @mobileKey, @sortKey, @searchText, @now)
            """,
            Parameters(actor, id, properties, null)
        );
        await ContactWriting.AddEventAsync(connection, account, id, "created", actor.Agent?.Value, null, actor.Now);
        await MatchAsync(connection, actor, id, KeysOf(properties));
        var hints = await ContactWriting.TellAsync(connection, (account, id));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, id, hints);
    }

    /// <summary>Changes a contact's properties; what is so already is no change.</summary>
    /// <param name="version">The version that the change was made on; null: whatever it is.</param>
    public async Task<ContactChange> ChangeAsync(
        RecordActor actor,
        Guid contact,
        int? version,
        Func<ContactProperties, ContactProperties> change
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        await ContactWriting.LockNumbersAsync(connection, account);
        if (await LockAsync(connection, account, contact) is not { } row)
            return ContactChange.Refused(ContactOutcome.NoSuchContact);
        if (row.SameAs is not null)
            return ContactChange.Refused(ContactOutcome.Merged);
        if (version is { } expected && expected != row.Version)
            return ContactChange.Refused(ContactOutcome.VersionConflict);
        var (before, after) = (row.Properties, change(row.Properties));
        if (before == after)
            return new ContactChange(ContactOutcome.Done, contact, []);
        await WriteAsync(connection, actor, row, after);
        var changes = ContactFields
            .Differing(before, after)
            .ToDictionary(f => f.Key, f => new { from = Start(f.Get(before)), to = Start(f.Get(after)) });
        await ContactWriting.AddEventAsync(
            connection,
            account,
            contact,
            "changed",
            actor.Agent?.Value,
            new { changes },
            actor.Now
        );
        await MatchAsync(connection, actor, contact, [.. KeysOf(after).Except(KeysOf(before))]);
        var hints = await ContactWriting.TellAsync(connection, (account, contact));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, contact, hints);
    }

    /// <summary>
    /// Says that two contacts are one person: the first becomes the second, which takes over what it has nothing of. Everything that
    /// belongs to the first stays where it is, and is found through it.
    /// </summary>
    public async Task<ContactChange> MergeAsync(RecordActor actor, Actor audit, Guid contact, Guid into)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        await ContactWriting.LockNumbersAsync(connection, account);
        var first = await LockAsync(connection, account, contact);
        var second = await LockAsync(connection, account, into);
        if (second?.SameAs is { } behind)
            second = await LockAsync(connection, account, behind);
        if (first is null || second is null)
            return ContactChange.Refused(ContactOutcome.NoSuchContact);
        if (first.Id == second.Id || first.SameAs == second.Id)
            return new ContactChange(ContactOutcome.Done, second.Id, []);
        var left = first.SameAs;
        Guid[] moved = [];
        Dictionary<string, string> filled = [];
        if (left is null)
        {
            moved =
            [
                .. await connection.QueryAsync<Guid>(
                    """
                    update threadkeep.contacts set same_as = @into where account_id = @account and same_as = @contact returning id
                    """,
                    new
                    {
                        account,
                        contact,
                        into = second.Id,
                    }
                ),
            ];
            filled = await FillAsync(connection, actor, first, second);
        }
        else
            await connection.ExecuteAsync(
                """
                update threadkeep.contact_merges set undone_at = @now
                where account_id = @account and contact_id = @contact and into_id = @left and undone_at is null
                """,
                new
                {
                    account,
                    contact,
                    left,
                    now = actor.Now,
                }
            );
        await connection.ExecuteAsync(
            "update threadkeep.contacts set same_as = @into where account_id = @account and id = @contact",
            new
            {
                account,
                contact,
                into = second.Id,
            }
        );
        var agent = actor.Agent?.Value;
        await ContactWriting.AddMergeAsync(
            connection,
            account,
            contact,
            second.Id,
            "person",
            moved,
            filled,
            agent,
            actor.Now
        );
        await ContactWriting.AddEventAsync(
            connection,
            account,
            second.Id,
            "merged",
            agent,
            new { contactId = contact.ToString("N"), name = first.Shown },
            actor.Now
        );
        await AuditLog.AppendAsync(
            connection,
            audit,
            new AuditEntry(
                "contact.merged",
                "contact",
                contact.ToString("N"),
                first.Shown,
                After: new { into = second.Id.ToString("N"), name = second.Shown }
            ),
            actor.Now
        );
        var hints = await ContactWriting.TellAsync(connection, (account, second.Id));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, second.Id, hints);
    }

    /// <summary>Takes back that one contact is another. One that was found by its number is kept apart from then on.</summary>
    public async Task<ContactChange> UnmergeAsync(RecordActor actor, Actor audit, Guid merge)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        await ContactWriting.LockNumbersAsync(connection, account);
        var done = (
            await connection.QueryAsync<(Guid Contact, Guid Into, string Kind, Guid[] Moved, string Filled)>(
                """
                select contact_id, into_id, kind, moved, filled from threadkeep.contact_merges
                where account_id = @account and id = @merge and undone_at is null
                for update
                """,
                new { account, merge }
            )
        ).ToArray();
        if (done.Length == 0)
            return ContactChange.Refused(ContactOutcome.NoSuchContact);
        var (contact, into, kind, moved, filled) = done[0];
        var first = await LockAsync(connection, account, contact);
        var second = await LockAsync(connection, account, into);
        if (first is null || second is null || first.SameAs != into)
            return ContactChange.Refused(ContactOutcome.Superseded);
        await connection.ExecuteAsync(
            """
            update threadkeep.contacts
            set same_as = null, apart_from = case when @apart then array_append(apart_from, @into) else apart_from end
            where account_id = @account and id = @contact;
            update threadkeep.contacts set same_as = @contact where account_id = @account and id = any(@moved) and same_as = @into;
            update threadkeep.contact_merges set undone_at = @now where account_id = @account and id = @merge;
            """,
            new
            {
                account,
                contact,
                into,
                moved,
                merge,
                apart = kind == "number",
                now = actor.Now,
            }
        );
        // What it took over it gives back, unless somebody has written something else there.
        var given = JsonSerializer.Deserialize<Dictionary<string, string>>(filled)!;
        var after = ContactFields
            .All.Where(f => given.TryGetValue(f.Key, out var value) && f.Get(second.Properties) == value)
            .Aggregate(second.Properties, (properties, f) => f.With(properties, null));
        if (after != second.Properties)
            await WriteAsync(connection, actor, second, after);
        var agent = actor.Agent?.Value;
        foreach (var (id, other, name) in new[] { (into, contact, first.Shown), (contact, into, second.Shown) })
            await ContactWriting.AddEventAsync(
                connection,
                account,
                id,
                "unmerged",
                agent,
                new { contactId = other.ToString("N"), name },
                actor.Now
            );
        await AuditLog.AppendAsync(
            connection,
            audit,
            new AuditEntry(
                "contact.unmerged",
                "contact",
                contact.ToString("N"),
                first.Shown,
                Before: new { into = into.ToString("N"), name = second.Shown }
            ),
            actor.Now
        );
        var hints = await ContactWriting.TellAsync(connection, (account, contact), (account, into));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, contact, hints);
    }

    /// <summary>Which contacts with its number this one is not, as somebody said: all of them from now on.</summary>
    public async Task<ContactChange> KeepApartAsync(RecordActor actor, Guid contact, Guid[] apart)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        var done = await connection.ExecuteAsync(
            """
            update threadkeep.contacts set apart_from = @apart, version = version + 1, changed_at = @now
            where account_id = @account and id = @contact and same_as is null
            """,
            new
            {
                account,
                contact,
                apart,
                now = actor.Now,
            }
        );
        if (done == 0)
            return ContactChange.Refused(ContactOutcome.NoSuchContact);
        var hints = await ContactWriting.TellAsync(connection, (account, contact));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, contact, hints);
    }

    // Customers who wrote under one of the numbers and whom nobody has written about: they are this contact, where it alone has it.
    // Of those alone whom the writer may see: else a number that one writes would tell that somebody has it, and put a name on a
    // conversation that is hidden. Whoever sees that one is shown the record beside it, as they are where several have the number.
    private static async Task MatchAsync(NpgsqlConnection connection, RecordActor actor, Guid contact, string[] keys)
    {
        var account = actor.Account.Value;
        foreach (var key in keys)
        {
            var own = await connection.QueryAsync<Guid>(
                """
                select distinct o.id
                from threadkeep.thread_identities i
                join threadkeep.threads t on t.account_id = i.account_id and t.id = i.thread_id
                join threadkeep.contacts o on o.account_id = t.account_id and o.id = t.contact_id
                where i.account_id = @account and i.identity = any(@identities)
                    and i.channel_id = any(array(select h.id from threadkeep.channels h where h.account_id = @account))
                    and (@channels::uuid[] is null or t.channel_id = any(@channels))
                    and o.id <> @contact and o.same_as is null and not o.is_record
                """,
                new
                {
                    account,
                    channels = actor.Channels,
                    contact,
                    identities = NumberForms.Of(key).Select(n => "wa:" + n).ToArray(),
                }
            );
            foreach (var id in own)
                await ContactWriting.MatchAsync(connection, account, id, key, actor.Now);
        }
    }

    private static async Task<Dictionary<string, string>> FillAsync(
        NpgsqlConnection connection,
        RecordActor actor,
        ContactRow from,
        ContactRow into
    )
    {
        // What messages alone brought is no property that somebody gave it.
        if (!from.IsRecord)
            return [];
        var filled = ContactFields
            .All.Where(f => f.Get(into.Properties) is null && f.Get(from.Properties) is not null)
            .ToDictionary(f => f.Key, f => f.Get(from.Properties)!);
        if (filled.Count > 0)
        {
            var after = ContactFields
                .All.Where(f => filled.ContainsKey(f.Key))
                .Aggregate(into.Properties, (properties, f) => f.With(properties, filled[f.Key]));
            await WriteAsync(connection, actor, into, after);
        }
        return filled;
    }

    private static Task<ContactRow?> LockAsync(NpgsqlConnection connection, Guid account, Guid contact) =>
        connection.QuerySingleOrDefaultAsync<ContactRow>(
            $"""
            select {ContactRow.Columns}, c.profile_name from threadkeep.contacts c
            where c.account_id = @account and c.id = @contact
            for update
            """,
            new { account, contact }
        );

    private static Task WriteAsync(
        NpgsqlConnection connection,
        RecordActor actor,
        ContactRow row,
        ContactProperties properties
    ) =>
        connection.ExecuteAsync(
            """
            update threadkeep.contacts
            set is_record = true, version = version + 1, changed_at = @now, name = @Name, family_name = @FamilyName, given_name = @GivenName,
                family_reading = @FamilyReading, given_reading = @GivenReading, honorific = @Honorific, language = @Language,
                time_zone = @TimeZone, email = @Email, phone = @Phone, mobile_phone = @MobilePhone, lifecycle = @Lifecycle, note = @Note,
                phone_key = @phoneKey, mobile_key = @mobileKey, sort_key = @sortKey, search_text = @searchText
            where account_id = @account and id = @id
            """,
            Parameters(actor, row.Id, properties, row.ProfileName)
        );

    private static DynamicParameters Parameters(
        RecordActor actor,
        Guid id,
        ContactProperties properties,
        string? profileName
    )
    {
        var parameters = new DynamicParameters(properties);
        parameters.AddDynamicParams(
            new
            {
                account = actor.Account.Value,
                id,
                phoneKey = NumberForms.KeyOf(properties.Phone),
                mobileKey = NumberForms.KeyOf(properties.MobilePhone),
                sortKey = properties.SortKey(profileName),
                searchText = properties.SearchText(profileName),
                now = actor.Now,
            }
        );
        return parameters;
    }

    private static string[] KeysOf(ContactProperties properties) =>
        [
            .. new[] { NumberForms.KeyOf(properties.Phone), NumberForms.KeyOf(properties.MobilePhone) }
                .OfType<string>()
                .Distinct(),
        ];

    // A timeline tells how a long note begins.
    private static string? Start(string? text) =>
        text is { Length: > 200 } ? text[..(char.IsHighSurrogate(text[199]) ? 199 : 200)] + "…" : text;
}
