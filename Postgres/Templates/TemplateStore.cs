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

    /// <summary>GREEN, YELLOW, RED or UNKNOWN; null: nobody has said.</summary>
    public string? Quality { get; init; }

    /// <summary>Why it was rejected or paused, in Meta's words.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a webhook says of a template; null: nothing of that.</summary>
public sealed record ToldOfTemplate(string GraphId, string? Status, string? Reason, string? Quality, string? Category);

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
                (account_id, waba_id, name, language, graph_id, category, status, parameter_format, components, quality, reason, synced_at)
            values (@Account, @WabaId, @Name, @Language, @GraphId, @Category, @Status, @ParameterFormat, @Components, @Quality, @Reason,
                @Now)
            on conflict (account_id, waba_id, name, language) do update
                set graph_id = excluded.graph_id, category = excluded.category, status = excluded.status,
                    parameter_format = excluded.parameter_format, components = excluded.components, quality = excluded.quality,
                    reason = coalesce(excluded.reason, case when excluded.status = templates.status then templates.reason end),
                    synced_at = excluded.synced_at
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
                    t.Quality,
                    t.Reason,
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

    /// <summary>Lets count what a webhook says. False: no such template is known, or it is known to be gone.</summary>
    /// <param name="at">Meta's time; an older word about the status does not undo a newer one.</param>
    public async Task<bool> ChangeAsync(AccountId account, string wabaId, ToldOfTemplate told, DateTimeOffset at)
    {
        await using var connection = await database.OpenConnectionAsync();
        var parameters = new
        {
            account = account.Value,
            wabaId,
            told.GraphId,
            told.Status,
            told.Reason,
            told.Quality,
            told.Category,
            at,
        };
        if (told.Status == "DELETED")
            return await connection.ExecuteAsync(
                    "delete from threadkeep.templates where account_id = @account and waba_id = @wabaId and graph_id = @GraphId",
                    parameters
                ) > 0;
        return await connection.ExecuteAsync(
                """
                update threadkeep.templates
                set status = case when newer then coalesce(@Status, status) else status end,
                    reason = case when newer and @Status::text is not null then @Reason else reason end,
                    told_at = case when newer and @Status::text is not null then @at else told_at end,
                    quality = coalesce(@Quality, quality), category = coalesce(@Category, category)
                from (select coalesce(min(told_at), '-infinity') <= @at as newer from threadkeep.templates
                      where account_id = @account and waba_id = @wabaId and graph_id = @GraphId) t
                where account_id = @account and waba_id = @wabaId and graph_id = @GraphId
                """,
                parameters
            ) > 0;
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

    /// <summary>The template of Meta's id, and a connected channel of its account; null where the caller may see none.</summary>
    public async Task<(StoredTemplate Template, Guid Channel)?> FindAsync(Scope scope, string graphId)
    {
        await using var connection = await database.OpenConnectionAsync();
        var channel = await connection.QueryFirstOrDefaultAsync<Guid?>(
            """
            select c.id from threadkeep.templates t
            join threadkeep.channels c on c.account_id = t.account_id and c.waba_id = t.waba_id and c.state = 'connected'
            where t.account_id = @account and t.graph_id = @graphId and (@channels::uuid[] is null or c.id = any(@channels))
            order by c.id limit 1
            """,
            new
            {
                account = scope.Account.Value,
                channels = scope.Channels,
                graphId,
            }
        );
        if (channel is null)
            return null;
        var template = await connection.QueryFirstAsync<StoredTemplate>(
            "select * from threadkeep.templates where account_id = @account and graph_id = @graphId limit 1",
            new { account = scope.Account.Value, graphId }
        );
        return (template, channel.Value);
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
