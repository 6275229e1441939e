using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Audit;
using Threadkeep.Channels;
using Threadkeep.Storage;

namespace Threadkeep.Operations;

/// <summary>What an operator says of the deployment's Meta app. Null: it stays.</summary>
/// <param name="ConfigId">The login configuration; empty: none.</param>
public sealed record MetaAppChange(string AppId, string? ConfigId, string? AppSecret, string? VerifyToken);

/// <summary>One step of a walk.</summary>
/// <param name="State">waiting, running, ok, warning, failed or skipped.</param>
/// <param name="Code">What was found, as a stable code; null: nothing yet.</param>
/// <param name="Found">The particulars: an address, Meta's words; null: none.</param>
public sealed record MetaAppStep(string Step, string State, string? Code = null, string? Found = null);

/// <summary>A walk as it is kept.</summary>
public sealed record MetaAppCheckRow
{
    public Guid Id { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset MovedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string StartedBy { get; init; } = "";
    public string Steps { get; init; } = "[]";
}

/// <summary>The deployment's own Meta app, and the walks that tell whether everything about it works.</summary>
public sealed class MetaAppStore(NpgsqlDataSource database, SecretBox secrets)
{
    private const string First = "default";
    private const int Kept = 10;

    /// <summary>The app that people sign up with, else the first of the deployment's; null: none is named yet.</summary>
    public async Task<MetaApp?> FindAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<MetaApp>(
            "select * from threadkeep.meta_apps where account_id is null order by (config_id is null), app_key limit 1"
        );
    }

    /// <summary>Changes the app, or names the first one. False: a first one needs both secrets.</summary>
    public async Task<bool> ChangeAsync(Actor actor, MetaAppChange change, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('threadkeep-meta-app', 0))");
        var known = await connection.QueryFirstOrDefaultAsync<MetaApp>(
            "select * from threadkeep.meta_apps where account_id is null order by (config_id is null), app_key limit 1"
        );
        if (known is null && (change.AppSecret is null || change.VerifyToken is null))
            return false;
        var key = known?.AppKey ?? First;
        var config =
            change.ConfigId is null ? known?.ConfigId
            : change.ConfigId.Length == 0 ? null
            : change.ConfigId;
        await connection.ExecuteAsync(
            """
            insert into threadkeep.meta_apps as a (app_key, app_id, app_secret, verify_token, config_id)
            values (@key, @AppId, coalesce(@secret, ''::bytea), coalesce(@verifyToken, ''::bytea), @config)
            on conflict (app_key) do update
                set app_id = excluded.app_id, app_secret = coalesce(@secret, a.app_secret),
                    verify_token = coalesce(@verifyToken, a.verify_token), config_id = excluded.config_id
            """,
            new
            {
                key,
                change.AppId,
                secret = change.AppSecret is null
                    ? null
                    : secrets.Protect(change.AppSecret, SecretPurpose.AppSecret(key)),
                verifyToken = change.VerifyToken is null
                    ? null
                    : secrets.Protect(change.VerifyToken, SecretPurpose.VerifyToken(key)),
                config,
            }
        );
        // That a secret was changed is told, and neither of them.
        await AuditLog.AppendAsync(
            connection,
            actor,
            new AuditEntry(
                "meta_app.changed",
                "meta_app",
                key,
                change.AppId,
                known is null ? null : new { known.AppId, known.ConfigId },
                new
                {
                    change.AppId,
                    ConfigId = config,
                    AppSecret = change.AppSecret is null ? null : "changed",
                    VerifyToken = change.VerifyToken is null ? null : "changed",
                }
            ),
            now
        );
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Begins a walk. Null: one is under way.</summary>
    /// <param name="stalledBefore">One that has not moved since was interrupted.</param>
    public async Task<Guid?> BeginCheckAsync(
        string by,
        IReadOnlyList<MetaAppStep> steps,
        DateTimeOffset now,
        DateTimeOffset stalledBefore
    )
    {
        var id = Guid.CreateVersion7(now);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('threadkeep-meta-app', 0))");
        var begun = await connection.ExecuteAsync(
            """
            insert into threadkeep.meta_app_checks (id, started_at, moved_at, started_by, steps)
            select @id, @now, @now, @by, @steps
            where not exists (select from threadkeep.meta_app_checks where finished_at is null and moved_at > @stalledBefore)
            """,
            new
            {
                id,
                now,
                by,
                stalledBefore,
                steps = Json(steps),
            }
        );
        await connection.ExecuteAsync(
            """
            delete from threadkeep.meta_app_checks
            where id not in (select id from threadkeep.meta_app_checks order by started_at desc, id desc limit @Kept)
            """,
            new { Kept }
        );
        await transaction.CommitAsync();
        return begun == 1 ? id : null;
    }

    public async Task MoveCheckAsync(Guid id, IReadOnlyList<MetaAppStep> steps, bool finished, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update threadkeep.meta_app_checks
            set steps = @steps, moved_at = @now, finished_at = case when @finished then @now end
            where id = @id
            """,
            new
            {
                id,
                now,
                finished,
                steps = Json(steps),
            }
        );
    }

    /// <summary>The walk that was begun last; null: none ever was.</summary>
    public async Task<MetaAppCheckRow?> LastCheckAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<MetaAppCheckRow>(
            "select * from threadkeep.meta_app_checks order by started_at desc, id desc limit 1"
        );
    }

    public static IReadOnlyList<MetaAppStep> StepsOf(MetaAppCheckRow row) =>
        JsonSerializer.Deserialize<MetaAppStep[]>(row.Steps, JsonSerializerOptions.Web) ?? [];

    private static string Json(IReadOnlyList<MetaAppStep> steps) =>
        JsonSerializer.Serialize(steps, JsonSerializerOptions.Web);
}
