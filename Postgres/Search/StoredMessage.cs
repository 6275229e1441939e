using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Search;

/// <summary>What of a stored message the index is made from.</summary>
internal sealed record StoredMessage
{
    /// <summary>Of <c>m</c>.</summary>
    public const string Columns =
        "m.account_id, m.thread_id, m.seq, m.at, m.channel_id, m.direction, m.type, m.text, m.media_name, "
        + "m.media_state is not null, "
        + SearchWords.Source;

    /// <summary>False for the row that says only that no message was left.</summary>
    public bool Exists { get; private init; } = true;
    public AccountId Account { get; private init; }
    public ThreadId Thread { get; private init; }
    public int Seq { get; private init; }
    public DateTimeOffset At { get; private init; }
    public Guid Channel { get; private init; }
    public short Direction { get; private init; }
    public bool HasMedia { get; private init; }
    private string Type { get; init; } = "";
    private string? Text { get; init; }
    private string? FileName { get; init; }
    private byte[]? Raw { get; init; }

    public static async Task<List<StoredMessage>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var messages = new List<StoredMessage>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            messages.Add(
                reader.IsDBNull(0)
                    ? new StoredMessage { Exists = false }
                    : new StoredMessage
                    {
                        Account = new AccountId(reader.GetGuid(0)),
                        Thread = new ThreadId(reader.GetGuid(1)),
                        Seq = reader.GetInt32(2),
                        At = new DateTimeOffset(reader.GetDateTime(3)),
                        Channel = reader.GetGuid(4),
                        Direction = reader.GetInt16(5),
                        Type = reader.GetString(6),
                        Text = reader.IsDBNull(7) ? null : reader.GetString(7),
                        FileName = reader.IsDBNull(8) ? null : reader.GetString(8),
                        HasMedia = reader.GetBoolean(9),
                        Raw = reader.IsDBNull(10) ? null : reader.GetFieldValue<byte[]>(10),
                    }
            );
        }
        return messages;
    }

    /// <summary>As the index holds it; empty where it is not to be found: the thread's own items, and what has no words.</summary>
    public string Folded() =>
        Direction == (short)MessageDirection.System
            ? ""
            : SearchWords.Folded(SearchWords.Of(Type, Text, FileName, Raw));
}
