using Npgsql;

namespace Threadkeep.Bench.Yardsticks;

/// <summary>Where each customer's thread is; a yardstick is spared the question whose message it is.</summary>
internal static class ThreadMap
{
    public static async Task<IReadOnlyDictionary<string, (Guid Thread, Guid Channel)>> LoadAsync(
        NpgsqlDataSource database,
        Guid account
    )
    {
        var map = new Dictionary<string, (Guid, Guid)>();
        await using var command = database.CreateCommand(
            "select wa_id, id, channel_id from threadkeep.threads where account_id = $1 and wa_id is not null"
        );
        command.Parameters.AddWithValue(account);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            map[reader.GetString(0)] = (reader.GetGuid(1), reader.GetGuid(2));
        return map;
    }
}
