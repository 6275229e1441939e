using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Audit;

/// <summary>An entry of the audit log.</summary>
public sealed record AuditRow
{
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string ActorKind { get; init; } = "";
    public Guid? ActorId { get; init; }
    public string? ActorName { get; init; }
    public string? Address { get; init; }
    public string Action { get; init; } = "";
    public string? SubjectKind { get; init; }
    public string? SubjectId { get; init; }
    public string? SubjectName { get; init; }

    /// <summary>JSON: what it was before and after.</summary>
    public string? Details { get; init; }
}

/// <summary>Which entries are wanted; null: any.</summary>
/// <param name="Action">One action, or with a dot at its end all that begin so, e.g. <c>team.</c>.</param>
/// <param name="From">Then or later.</param>
/// <param name="To">Before then.</param>
public sealed record AuditFilter(
    string? Action,
    Guid? Actor,
    string? Subject,
    DateTimeOffset? From,
    DateTimeOffset? To
);

/// <summary>Reads the audit log.</summary>
public sealed class AuditQueries(NpgsqlDataSource database)
{
    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<AuditRow>> ListAsync(
        AccountId account,
        AuditFilter filter,
        (DateTimeOffset At, Guid Id)? after,
        int limit
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<AuditRow>(
            """
            select id, at, actor_kind, actor_id, actor_name, address, action, subject_kind, subject_id, subject_name, details::text
            from threadkeep.audit_log
            where account_id = @account
                and (@at::timestamptz is null or (at, id) < (@at, @id))
                and (@Actor::uuid is null or actor_id = @Actor)
                and (@Action::text is null or action = @Action or right(@Action, 1) = '.' and starts_with(action, @Action))
                and (@Subject::text is null or subject_id = @Subject)
                and (@From::timestamptz is null or at >= @From)
                and (@To::timestamptz is null or at < @To)
            order by at desc, id desc
            limit @limit
            """,
            new
            {
                account = account.Value,
                at = after?.At,
                id = after?.Id,
                filter.Actor,
                filter.Action,
                filter.Subject,
                filter.From,
                filter.To,
                limit,
            }
        );
        return [.. rows];
    }
}
