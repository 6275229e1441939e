using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Storage;

namespace Threadkeep.Mail;

/// <summary>A mail to one person, as text.</summary>
public sealed record OutgoingMail(string To, string Subject, string Text);

/// <summary>A mail that may leave now.</summary>
/// <param name="Mail">Null: it was stored under another master key and cannot be read.</param>
public sealed record DueMail(Guid Id, OutgoingMail? Mail, int Tries, DateTimeOffset GiveUpAt);

/// <summary>
/// Mails between the decision to send them and the mail server. A request only adds a row: it neither waits for the server nor tells,
/// by the time it takes, whether there was anything to send.
/// </summary>
public sealed class MailQueue(NpgsqlDataSource database, SecretBox secrets)
{
    /// <summary>A sender that took a mail and was killed gives it to the next after this.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>Adds a mail within the connection's running transaction, if there is one.</summary>
    public Task AddAsync(
        NpgsqlConnection connection,
        AccountId account,
        OutgoingMail mail,
        DateTimeOffset now,
        DateTimeOffset giveUpAt
    )
    {
        var id = Guid.CreateVersion7(now);
        return connection.ExecuteAsync(
            """
            insert into threadkeep.mails (id, account_id, sealed, created_at, due_at, give_up_at)
            values (@id, @account, @sealed_, @now, @now, @giveUpAt)
            """,
            new
            {
                id,
                account = account.Value,
                sealed_ = secrets.Protect(JsonSerializer.Serialize(mail), SecretPurpose.Mail(id)),
                now,
                giveUpAt,
            }
        );
    }

    /// <summary>Takes mails that are due; no other sender gets them for two minutes.</summary>
    public async Task<IReadOnlyList<DueMail>> TakeAsync(int most, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(Guid Id, byte[] Sealed, int Tries, DateTimeOffset GiveUpAt)>(
            """
            update threadkeep.mails set due_at = @until, tries = tries + 1
            where id in (
                select id from threadkeep.mails where due_at <= @now order by due_at limit @most for update skip locked)
            returning id, sealed, tries, give_up_at
            """,
            new
            {
                now,
                until = now + Claim,
                most,
            }
        );
        return [.. rows.Select(r => new DueMail(r.Id, Open(r.Id, r.Sealed), r.Tries, r.GiveUpAt))];
    }

    private OutgoingMail? Open(Guid id, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<OutgoingMail>(secrets.Reveal(content, SecretPurpose.Mail(id)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>It has left, or is given up.</summary>
    public async Task RemoveAsync(Guid id)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.mails where id = @id", new { id });
    }

    public async Task TryAgainAsync(Guid id, DateTimeOffset at)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update threadkeep.mails set due_at = @at where id = @id", new { id, at });
    }
}
