using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Search;

namespace Threadkeep.Records;

/// <summary>Companies and deals of an account, and the contacts that they have to do with.</summary>
public sealed class RecordStore(NpgsqlDataSource database)
{
    private const string CompanyColumns =
        "c.id, c.name, c.domain, c.phone, c.city, c.note, c.version, c.sort_key, c.created_at from threadkeep.companies c";
    private const string DealColumns = """
        d.id, d.name, d.amount, d.currency, d.stage, d.close_date, d.owner_id, o.name as owner_name, d.note, d.version, d.sort_key,
            d.created_at
        from threadkeep.deals d left join threadkeep.agents o on o.account_id = d.account_id and o.id = d.owner_id
        """;

    // Every statement lists the rows of `r`, which its kind names.
    private const string Page = """
        where r.account_id = @account and (@key::text is null or (r.sort_key, r.id) > (@key collate "C", @id))
            and r.search_text like all(@patterns)
        order by r.sort_key, r.id
        limit @limit
        """;

    public Task<IReadOnlyList<Company>> CompaniesAsync(
        AccountId account,
        IReadOnlyList<string> terms,
        (string SortKey, Guid Id)? after,
        int limit
    ) =>
        ListAsync<Company>(
            $"select {CompanyColumns} {Page.Replace("r.", "c.", StringComparison.Ordinal)}",
            account,
            terms,
            after,
            limit
        );

    public Task<IReadOnlyList<Deal>> DealsAsync(
        AccountId account,
        IReadOnlyList<string> terms,
        (string SortKey, Guid Id)? after,
        int limit
    ) =>
        ListAsync<Deal>(
            $"select {DealColumns} {Page.Replace("r.", "d.", StringComparison.Ordinal)}",
            account,
            terms,
            after,
            limit
        );

    public async Task<Company?> CompanyAsync(AccountId account, Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Company>(
            $"select {CompanyColumns} where c.account_id = @account and c.id = @id",
            new { account = account.Value, id }
        );
    }

    public async Task<Deal?> DealAsync(AccountId account, Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<Deal>(
            $"select {DealColumns} where d.account_id = @account and d.id = @id",
            new { account = account.Value, id }
        );
    }

    public async Task AddAsync(AccountId account, Company company, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.companies (account_id, id, name, domain, phone, city, note, sort_key, search_text, created_at, changed_at)
            values (@account, @Id, @Name, @Domain, @Phone, @City, @Note, @sort, @search, @now, @now)
            """,
            Parameters(account, company, company.Name, [company.Domain, company.City, Digits(company.Phone)], now)
        );
    }

    public async Task AddAsync(AccountId account, Deal deal, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.deals (account_id, id, name, amount, currency, stage, close_date, owner_id, note, sort_key, search_text,
                created_at, changed_at)
            values (@account, @Id, @Name, @Amount, @Currency, @Stage, @closes::date, @OwnerId, @Note, @sort, @search, @now, @now)
            """,
            Parameters(account, deal, deal.Name, [], now, deal.CloseDate)
        );
    }

    /// <summary>False where it is not at <see cref="Company.Version"/> any more.</summary>
    public async Task<bool> ChangeAsync(AccountId account, Company company, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.companies
                set name = @Name, domain = @Domain, phone = @Phone, city = @City, note = @Note, sort_key = @sort, search_text = @search,
                    version = version + 1, changed_at = @now
                where account_id = @account and id = @Id and version = @Version
                """,
                Parameters(account, company, company.Name, [company.Domain, company.City, Digits(company.Phone)], now)
            ) == 1;
    }

    /// <summary>False where it is not at <see cref="Deal.Version"/> any more.</summary>
    public async Task<bool> ChangeAsync(AccountId account, Deal deal, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
                """
                update threadkeep.deals
                set name = @Name, amount = @Amount, currency = @Currency, stage = @Stage, close_date = @closes::date, owner_id = @OwnerId,
                    note = @Note, sort_key = @sort, search_text = @search, version = version + 1, changed_at = @now
                where account_id = @account and id = @Id and version = @Version
                """,
                Parameters(account, deal, deal.Name, [], now, deal.CloseDate)
            ) == 1;
    }

    /// <summary>Companies of a contact, by name.</summary>
    public Task<IReadOnlyList<Company>> CompaniesOfAsync(AccountId account, Guid contact) =>
        OfContactAsync<Company>(CompanyColumns, "c", RecordKind.Company, account, contact);

    /// <summary>Deals of a contact, by name.</summary>
    public Task<IReadOnlyList<Deal>> DealsOfAsync(AccountId account, Guid contact) =>
        OfContactAsync<Deal>(DealColumns, "d", RecordKind.Deal, account, contact);

    /// <summary>The contacts that a record has to do with and that the caller may see, by name.</summary>
    public async Task<IReadOnlyList<LinkedContact>> ContactsOfAsync(Scope scope, RecordKind kind, Guid record)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<LinkedContact>(
            $"""
            select c.id, coalesce(c.name, case when @channels::uuid[] is null then c.profile_name end, c.phone, c.mobile_phone, c.email, '?') as name,
                coalesce(c.mobile_phone, c.phone) as phone, c.email
            from threadkeep.contacts c
            where c.account_id = @account and c.id in (
                select coalesce(own.same_as, own.id)
                from threadkeep.{kind.Links} l
                join threadkeep.contacts own on own.account_id = l.account_id and own.id = l.contact_id
                where l.account_id = @account and l.{kind.Key} = @record)
                and {ContactQueries.IsVisible}
            order by c.sort_key, c.id
            limit 200
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                record,
            }
        );
        return [.. rows];
    }

    /// <summary>Says that a contact and a record have to do with each other, or that they have not; what is so already is no change.</summary>
    /// <param name="name">The record's, for the timeline.</param>
    public async Task<ContactChange> LinkAsync(
        RecordActor actor,
        RecordKind kind,
        Guid contact,
        Guid record,
        string name,
        bool linked
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var account = actor.Account.Value;
        var parameters = new
        {
            account,
            contact,
            record,
            now = actor.Now,
        };
        // One that was merged into this contact may be the one that has it.
        var done = await connection.ExecuteAsync(
            linked
                ? $"""
                insert into threadkeep.{kind.Links} (account_id, contact_id, {kind.Key}, at)
                select @account, @contact, @record, @now
                where not exists (
                    with {ContactSql.Everyone}
                    select from threadkeep.{kind.Links} l
                    where l.account_id = @account and l.{kind.Key} = @record and l.contact_id in (select id from everyone))
                on conflict do nothing
                """
                : $"""
                with {ContactSql.Everyone}
                delete from threadkeep.{kind.Links} l
                where l.account_id = @account and l.{kind.Key} = @record and l.contact_id in (select id from everyone)
                """,
            parameters
        );
        if (done == 0)
            return new ContactChange(ContactOutcome.Done, contact, []);
        await ContactWriting.AddEventAsync(
            connection,
            account,
            contact,
            $"{kind.Name}_{(linked ? "added" : "removed")}",
            actor.Agent?.Value,
            new { id = record.ToString("N"), name },
            actor.Now
        );
        var hints = await ContactWriting.TellAsync(connection, (account, contact));
        await transaction.CommitAsync();
        return new ContactChange(ContactOutcome.Done, contact, hints);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        AccountId account,
        IReadOnlyList<string> terms,
        (string SortKey, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<T>(
            sql,
            new
            {
                account = account.Value,
                patterns = SearchQueries.Patterns(terms),
                key = after?.SortKey,
                id = after?.Id,
                limit,
            }
        );
        return [.. rows];
    }

    private async Task<IReadOnlyList<T>> OfContactAsync<T>(
        string columns,
        string alias,
        RecordKind kind,
        AccountId account,
        Guid contact
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<T>(
            $"""
            with {ContactSql.Everyone}
            select {columns}
            where {alias}.account_id = @account and {alias}.id in (
                select l.{kind.Key} from threadkeep.{kind.Links} l
                where l.account_id = @account and l.contact_id in (select id from everyone))
            order by {alias}.sort_key, {alias}.id
            limit 200
            """,
            new { account = account.Value, contact }
        );
        return [.. rows];
    }

    private static DynamicParameters Parameters(
        AccountId account,
        object record,
        string name,
        string?[] words,
        DateTimeOffset now,
        DateOnly? closes = null
    )
    {
        var parameters = new DynamicParameters(record);
        parameters.AddDynamicParams(
            new
            {
                account = account.Value,
                sort = KanaOrder.Key(name),
                search = string.Join('\n', words.Prepend(name).OfType<string>().Select(Folding.Fold)),
                closes = closes?.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                now,
            }
        );
        return parameters;
    }

    private static string? Digits(string? number) => number is null ? null : NumberForms.Digits(number);
}
