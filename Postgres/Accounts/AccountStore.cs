using Dapper;
using Npgsql;
using Threadkeep.Audit;
using Threadkeep.People;

namespace Threadkeep.Accounts;

/// <summary>What is to become of an account's settings; null: as it is.</summary>
public sealed record AccountChange(
    string? Name,
    string? TimeZone,
    string? Country,
    string? Language,
    bool? SecondFactorRequired,
    short? ReopenDays,
    bool? AgentNameFirst,
    bool? ReadMarks,
    bool? TypingSigns,
    short? SendDelay,
    bool? PurgeDeleted
);

/// <summary>An account's own settings.</summary>
public sealed class AccountStore(NpgsqlDataSource database)
{
    /// <summary>Changes them, and answers what they were.</summary>
    public async Task<AccountRecord> ChangeAsync(Actor actor, AccountChange change, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await connection.QuerySingleAsync<AccountRecord>(
            "select * from threadkeep.business_accounts where id = @account for update",
            new { account = actor.Account.Value }
        );
        var after = before with
        {
            Name = change.Name ?? before.Name,
            TimeZone = change.TimeZone ?? before.TimeZone,
            Country = change.Country ?? before.Country,
            Language = change.Language ?? before.Language,
            SecondFactorRequired = change.SecondFactorRequired ?? before.SecondFactorRequired,
            ReopenDays = change.ReopenDays ?? before.ReopenDays,
            AgentNameFirst = change.AgentNameFirst ?? before.AgentNameFirst,
            ReadMarks = change.ReadMarks ?? before.ReadMarks,
            TypingSigns = change.TypingSigns ?? before.TypingSigns,
            SendDelay = change.SendDelay ?? before.SendDelay,
            PurgeDeleted = change.PurgeDeleted ?? before.PurgeDeleted,
        };
        if (after != before)
        {
            await connection.ExecuteAsync(
                """
                update threadkeep.business_accounts
                set name = @Name, time_zone = @TimeZone, country = @Country, language = @Language,
                    second_factor_required = @SecondFactorRequired, reopen_days = @ReopenDays,
                    agent_name_first = @AgentNameFirst, read_marks = @ReadMarks, typing_signs = @TypingSigns,
                    send_delay = @SendDelay, purge_deleted = @PurgeDeleted
                where id = @Id
                """,
                after
            );
            await AuditLog.AppendAsync(
                connection,
                actor,
                new AuditEntry(
                    "account.changed",
                    "account",
                    before.Id.ToString("N"),
                    after.Name,
                    Describe(before),
                    Describe(after)
                ),
                now
            );
        }
        await transaction.CommitAsync();
        return before;
    }

    private static object Describe(AccountRecord account) =>
        new
        {
            account.Name,
            account.TimeZone,
            account.Country,
            account.Language,
            account.SecondFactorRequired,
            account.ReopenDays,
            account.AgentNameFirst,
            account.ReadMarks,
            account.TypingSigns,
            account.SendDelay,
            account.PurgeDeleted,
        };
}
