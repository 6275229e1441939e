using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Views;

namespace Threadkeep.Tickets;

public enum CustomPropertyChange
{
    Done,
    NotFound,

    /// <summary>It is not at that version any more.</summary>
    Changed,

    /// <summary>Another one in use has this label.</summary>
    LabelTaken,

    /// <summary>The account has as many in use as it may.</summary>
    TooMany,

    /// <summary>Only an archived one can be deleted.</summary>
    InUse,
}

/// <summary>The custom properties of an account's tickets: definitions alone, values are the tickets'.</summary>
public sealed class CustomPropertyStore(NpgsqlDataSource database)
{
    /// <summary>
    /// The values of a ticket <c>k</c> as a JSON object, without those of properties that were deleted; null: it has none. Most tickets have
    /// none, and cost no look-up.
    /// </summary>
    internal const string ValuesSql = """
        case when k.properties <> '{}' then (
            select jsonb_object_agg(p.key, p.value)::text
            from jsonb_each(k.properties) p
            join threadkeep.custom_properties d on d.account_id = k.account_id and d.id = p.key::uuid) end
        """;

    /// <summary>In the order in which they were made, archived ones among them.</summary>
    public async Task<IReadOnlyList<CustomProperty>> ListAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await ListAsync(connection, account);
    }

    /// <summary>What views and rules of the account may name: every ticket's properties, and the account's own that are in use.</summary>
    public async Task<ViewCatalogue> CatalogueAsync(AccountId account) => ViewCatalogue.With(await ListAsync(account));

    /// <summary>As <see cref="CatalogueAsync(AccountId)"/>; asks nobody where no key is of the account's own.</summary>
    public async Task<ViewCatalogue> CatalogueAsync(AccountId account, IEnumerable<string> keys) =>
        keys.Any(ViewCatalogue.IsCustom) ? await CatalogueAsync(account) : ViewCatalogue.Standard;

    public async Task<CustomPropertyChange> AddAsync(Actor actor, CustomProperty property, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            var added = await connection.ExecuteAsync(
                """
                insert into threadkeep.custom_properties (account_id, id, label, type, choices, ask_on_close, created_at)
                select @account, @id, @label, @type, @choices, @askOnClose, @now
                where (select count(*) from threadkeep.custom_properties where account_id = @account and archived_at is null) < @most
                """,
                Parameters(actor, property, now)
            );
            if (added == 0)
                return CustomPropertyChange.TooMany;
        }
        catch (PostgresException taken) when (taken.ConstraintName == "custom_properties_label")
        {
            return CustomPropertyChange.LabelTaken;
        }
        await RecordAsync(connection, actor, "ticket_property.created", null, property, now);
        await transaction.CommitAsync();
        return CustomPropertyChange.Done;
    }

    /// <summary>Changes one from its version. Choices that are not among the new ones are archived: tickets may have them.</summary>
    public async Task<CustomPropertyChange> ChangeAsync(Actor actor, CustomProperty changed, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = (await ListAsync(connection, actor.Account)).FirstOrDefault(p => p.Id == changed.Id);
        if (before is null)
            return CustomPropertyChange.NotFound;
        var property = changed with
        {
            Choices =
            [
                .. changed.Choices,
                .. before
                    .Choices.Where(c => changed.Choices.All(n => n.Id != c.Id))
                    .Select(c => c with { Archived = true }),
            ],
        };
        if (property.Choices.Count > CustomProperty.MostChoices)
            return CustomPropertyChange.TooMany;
        try
        {
            var written = await connection.ExecuteAsync(
                """
                update threadkeep.custom_properties
                set label = @label, choices = @choices, ask_on_close = @askOnClose, version = version + 1,
                    archived_at = case when @archived then coalesce(archived_at, @now) end
                where account_id = @account and id = @id and version = @version
                """,
                Parameters(actor, property, now)
            );
            if (written == 0)
                return CustomPropertyChange.Changed;
        }
        catch (PostgresException taken) when (taken.ConstraintName == "custom_properties_label")
        {
            return CustomPropertyChange.LabelTaken;
        }
        if (before.Archived && !property.Archived)
        {
            var inUse = (await ListAsync(connection, actor.Account)).Count(p => !p.Archived);
            if (inUse > CustomProperty.Most)
                return CustomPropertyChange.TooMany;
        }
        await RecordAsync(connection, actor, "ticket_property.changed", before, property, now);
        await transaction.CommitAsync();
        return CustomPropertyChange.Done;
    }

    /// <summary>Deletes an archived one. Its values are shown nowhere from then on.</summary>
    public async Task<CustomPropertyChange> RemoveAsync(Actor actor, Guid id, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = (await ListAsync(connection, actor.Account)).FirstOrDefault(p => p.Id == id);
        if (before is null)
            return CustomPropertyChange.NotFound;
        var gone = await connection.ExecuteAsync(
            "delete from threadkeep.custom_properties where account_id = @account and id = @id and archived_at is not null",
            new { account = actor.Account.Value, id }
        );
        if (gone == 0)
            return CustomPropertyChange.InUse;
        await RecordAsync(connection, actor, "ticket_property.deleted", before, null, now);
        await transaction.CommitAsync();
        return CustomPropertyChange.Done;
    }

    private static async Task<IReadOnlyList<CustomProperty>> ListAsync(NpgsqlConnection connection, AccountId account)
    {
        var rows = await connection.QueryAsync<PropertyRecord>(
            """
            select id, label, type, choices, ask_on_close, archived_at is not null as archived, version
            from threadkeep.custom_properties where account_id = @account order by created_at, id
            """,
            new { account = account.Value }
        );
        return [.. rows.Select(r => r.ToProperty())];
    }

    private static object Parameters(Actor actor, CustomProperty property, DateTimeOffset now) =>
        new
        {
            account = actor.Account.Value,
            id = property.Id,
            label = property.Label,
            type = property.Type,
            choices = JsonSerializer.Serialize(property.Choices, JsonSerializerOptions.Web),
            askOnClose = property.AskOnClose,
            archived = property.Archived,
            version = property.Version,
            now,
            most = CustomProperty.Most,
        };

    private static Task RecordAsync(
        NpgsqlConnection connection,
        Actor actor,
        string action,
        CustomProperty? before,
        CustomProperty? after,
        DateTimeOffset now
    ) =>
        AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                action,
                "ticket_property",
                (after ?? before)!.Id.ToString("N"),
                (after ?? before)!.Label,
                Told(before),
                Told(after)
            ),
            now
        );

    private static object? Told(CustomProperty? property) =>
        property is null
            ? null
            : new
            {
                label = property.Label,
                type = property.Type,
                choices = property.Choices.Where(c => !c.Archived).Select(c => c.Label),
                askOnClose = property.AskOnClose,
                archived = property.Archived,
            };

    private sealed record PropertyRecord
    {
        public Guid Id { get; init; }
        public string Label { get; init; } = "";
        public string Type { get; init; } = "";
        public string Choices { get; init; } = "[]";
        public bool AskOnClose { get; init; }
        public bool Archived { get; init; }
        public int Version { get; init; }

        public CustomProperty ToProperty() =>
            new(
                Id,
                Label,
                Type,
                JsonSerializer.Deserialize<CustomChoice[]>(Choices, JsonSerializerOptions.Web)!,
                AskOnClose,
                Archived,
                Version
            );
    }
}
