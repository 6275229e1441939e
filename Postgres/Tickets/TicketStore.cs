using Dapper;
using Npgsql;
using Threadkeep.Accounts;

namespace Threadkeep.Tickets;

/// <summary>Ticket numbers in blocks.</summary>
public sealed class TicketStore(NpgsqlDataSource database)
{
    /// <summary>Reserves <paramref name="count"/> numbers and returns the first.</summary>
    public async Task<int> ReserveNumbersAsync(AccountId account, int count)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            """
            insert into threadkeep.ticket_numbers as t (account_id, next) values (@account, 1 + @count)
            on conflict (account_id) do update set next = t.next + @count
            returning next - @count
            """,
            new { account = account.Value, count }
        );
    }
}
