using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Live;

namespace Threadkeep.Threads;

/// <summary>All that one delivery says about one message: its stages folded, each stage's first time kept.</summary>
public sealed record ToldStatus
{
    public required AccountId Account { get; init; }
    public required ChannelId Channel { get; init; }
    public required string Wamid { get; init; }
    public MessageId? MessageId { get; init; }
    public required MessageStatus Status { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? PlayedAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public string? ErrorCode { get; init; }
    public int? MetaErrorCode { get; init; }
    public string? ErrorDetail { get; init; }

    /// <summary>What Meta charges it as, and how; null: it did not say.</summary>
    public string? PriceCategory { get; init; }
    public string? PriceType { get; init; }
}

public enum StatusResult
{
    UnknownMessage = 0,
    Merged = 1,

    /// <summary>The thread must settle it.</summary>
    ForThread = 2,
    Rejected = 100,
    Unavailable = 101,
}

/// <param name="Message">Where the message is, unless it is unknown.</param>
public sealed record StatusOutcome(StatusResult Result, MessageId? Message = null, string? Reason = null);

/// <summary>Merges delivery statuses forward in SQL, without waking threads (Statuses.sql). A repeat is free and changes nothing.</summary>
public sealed class StatusWriter(
    WriterDataSource database,
    GroupWriterSize size,
    IThreadHints hints,
    ILogger<StatusWriter> logger
) : GroupWriter<ToldStatus, StatusOutcome>(database.Source, size, logger)
{
    private static readonly StatusOutcome NotNow = new(StatusResult.Unavailable);

    protected override StatusOutcome Unavailable => NotNow;

    // Merging again is harmless, so not knowing is as good as not written.
    protected override StatusOutcome Unknown => NotNow;

    public Task<StatusOutcome> MergeAsync(ToldStatus told) => WriteAsync(told);

    protected override StatusOutcome Rejected(string reason) => new(StatusResult.Rejected, Reason: reason);

    protected override object KeyOf(ToldStatus intent) => (intent.Channel, intent.Wamid);

    protected override (int Rows, int Bytes) SizeOf(ToldStatus intent) => (1, 300);

    // The statement sorts by thread itself: a status told by wamid alone does not know its thread yet.
    protected override int Compare(ToldStatus a, ToldStatus b) => 0;

    protected override IStatement Prepare(NpgsqlConnection connection) => new Statement(connection, hints);

    private sealed class Statement(NpgsqlConnection connection, IThreadHints hints) : IStatement
    {
        private readonly ArrayCommand command = new(connection, ArrayCommand.ReadSql("Statuses.sql"));

        public void Dispose() => command.Dispose();

        public async Task<StatusOutcome[]> ExecuteAsync(IReadOnlyList<ToldStatus> told, CancellationToken cancellation)
        {
            Bind([.. told.Select((t, n) => (n + 1, t))]);
            var outcomes = new StatusOutcome[told.Count];
            Array.Fill(outcomes, new StatusOutcome(StatusResult.UnknownMessage));
            await using var reader = await command.ExecuteAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var thread = new ThreadId(reader.GetGuid(3));
                if (reader.GetInt32(1) == 3)
                    hints.Changed(new ThreadHint(new AccountId(reader.GetGuid(2)), thread, reader.GetInt64(5)));
                else
                    outcomes[reader.GetInt32(0) - 1] = new StatusOutcome(
                        (StatusResult)reader.GetInt32(1),
                        new MessageId(thread, reader.GetInt32(4))
                    );
            }
            return outcomes;
        }

        private void Bind((int Ord, ToldStatus T)[] s)
        {
            command.Set("s_ord", s, x => x.Ord);
            command.Set("s_account", s, x => x.T.Account.Value);
            command.Set("s_channel", s, x => x.T.Channel.Value);
            command.Set("s_thread", s, x => x.T.MessageId?.Thread.Value);
            command.Set("s_seq", s, x => x.T.MessageId?.Seq);
            command.Set("s_wamid", s, x => x.T.Wamid);
            command.Set("s_status", s, x => (short)x.T.Status);
            command.Set("s_sent", s, x => x.T.SentAt?.UtcDateTime);
            command.Set("s_delivered", s, x => x.T.DeliveredAt?.UtcDateTime);
            command.Set("s_read", s, x => x.T.ReadAt?.UtcDateTime);
            command.Set("s_played", s, x => x.T.PlayedAt?.UtcDateTime);
            command.Set("s_failed", s, x => x.T.FailedAt?.UtcDateTime);
            command.Set("s_error", s, x => x.T.ErrorCode);
            command.Set("s_meta_error", s, x => x.T.MetaErrorCode);
            command.Set("s_detail", s, x => x.T.ErrorDetail);
            command.Set("s_price_category", s, x => x.T.PriceCategory);
            command.Set("s_price_type", s, x => x.T.PriceType);
        }
    }
}
