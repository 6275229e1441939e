using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Audit;

/// <summary>Who does something, and from where.</summary>
/// <param name="Kind">agent, api_key, operator or nobody (somebody who is not signed in).</param>
/// <param name="Address">The IP address that the request came from; null for a command on the server.</param>
public sealed record Actor(AccountId Account, string Kind, Guid? Id, string? Name, string? Address);

/// <summary>Something that was done.</summary>
/// <param name="Action">Stable, e.g. <c>person.changed</c> (docs/api.md lists them).</param>
/// <param name="Before">What it was, as far as it changed; never a secret. Null: nothing, or nothing worth telling.</param>
public sealed record AuditEntry(
    string Action,
    string? SubjectKind = null,
    string? SubjectId = null,
    string? SubjectName = null,
    object? Before = null,
    object? After = null
);

/// <summary>The record of administrative and sensitive acts. It is written with the act, in its transaction, and never changed.</summary>
public static class AuditLog
{
    /// <summary>Adds an entry within the connection's running transaction, if there is one.</summary>
    public static Task AppendAsync(NpgsqlConnection connection, Actor actor, AuditEntry entry, DateTimeOffset now) =>
        connection.ExecuteAsync(
            """
            insert into threadkeep.audit_log (account_id, id, at, actor_kind, actor_id, actor_name, address, action, subject_kind,
                subject_id, subject_name, details)
            values (@account, @id, @now, @Kind, @actorId, @Name, @Address, @Action, @SubjectKind, @SubjectId, @SubjectName, @details::jsonb)
            """,
            new
            {
                account = actor.Account.Value,
                id = Guid.CreateVersion7(now),
                now,
                actor.Kind,
                actorId = actor.Id,
                actor.Name,
                actor.Address,
                entry.Action,
                entry.SubjectKind,
                entry.SubjectId,
                entry.SubjectName,
                details = entry.Before is null && entry.After is null
                    ? null
                    : JsonSerializer.Serialize(
                        new { before = entry.Before, after = entry.After },
                        JsonSerializerOptions.Web
                    ),
            }
        );
}
