using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Templates;

/// <summary>A template as Meta lists it.</summary>
public sealed record StoredTemplate
{
    public string WabaId { get; init; } = "";
    public string Name { get; init; } = "";
    public string Language { get; init; } = "";
    public string GraphId { get; init; } = "";
    public string Category { get; init; } = "";
    public string Status { get; init; } = "";
    public string ParameterFormat { get; init; } = "";

    /// <summary>Meta's JSON.</summary>
    public string Components { get; init; } = "";
}

/// <summary>The templates of an account's WABAs, as last fetched.</summary>
public sealed class TemplateStore(NpgsqlDataSource database)
{
    /// <summary>Makes the stored templates of a WABA equal to these.</summary>
    public async Task ReplaceAsync(
        AccountId account,
        string wabaId,
        IReadOnlyList<StoredTemplate> templates,
        DateTimeOffset now
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.templates
                (account_id, waba_id, name, language, graph_id, category, status, parameter_format, components, synced_at)
            values (@Account, @WabaId, @Name, @Language, @GraphId, @Category, @Status, @ParameterFormat, @Components, @Now)
            on conflict (account_id, waba_id, name, language) do update
                set graph_id = excluded.graph_id, category = excluded.category, status = excluded.status,
                    parameter_format = excluded.parameter_format, components = excluded.components, synced_at = excluded.synced_at
            """,
            templates
                .OrderBy(t => t.Name, StringComparer.Ordinal)
                .ThenBy(t => t.Language, StringComparer.Ordinal)
                .Select(t => new
                {
                    Account = account.Value,
                    WabaId = wabaId,
                    t.Name,
                    t.Language,
                    t.GraphId,
                    t.Category,
                    t.Status,
                    t.ParameterFormat,
                    t.Components,
                    Now = now,
                })
                .ToArray()
        );
        await connection.ExecuteAsync(
            "delete from threadkeep.templates where account_id = @account and waba_id = @wabaId and synced_at < @now",
            new
            {
                account = account.Value,
                wabaId,
                now,
            }
        );
        await transaction.CommitAsync();
    }

    /// <summary>Templates whose name contains <paramref name="query"/>, for a channel's WABA or for all that the caller may see.</summary>
    public async Task<IReadOnlyList<StoredTemplate>> ListAsync(Scope scope, ChannelId? channel, string? query)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<StoredTemplate>(
            """
            select t.* from threadkeep.templates t
            where t.account_id = @account
                and (@channel::uuid is null or t.waba_id = (
                    select c.waba_id from threadkeep.channels c where c.account_id = @account and c.id = @channel))
                and (@channels::uuid[] is null or t.waba_id in (
                    select c.waba_id from threadkeep.channels c where c.account_id = @account and c.id = any(@channels)))
                and (@query::text is null or t.name ilike '%' || @query || '%' or t.components ilike '%' || @query || '%')
            order by t.name, t.language
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                channel = channel?.Value,
                query,
            }
        );
        return [.. rows];
    }

    /// <summary>One template of a channel's WABA; null where there is none.</summary>
    public async Task<StoredTemplate?> FindAsync(AccountId account, ChannelId channel, string name, string language)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<StoredTemplate>(
            """
            select t.* from threadkeep.templates t
            join threadkeep.channels c on c.account_id = t.account_id and c.waba_id = t.waba_id
            where t.account_id = @account and c.id = @channel and t.name = @name and t.language = @language
            """,
            new
            {
                account = account.Value,
                channel = channel.Value,
                name,
                language,
            }
        );
    }
}
