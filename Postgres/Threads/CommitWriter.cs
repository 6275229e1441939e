using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Live;

namespace Threadkeep.Threads;

/// <summary>
/// Writes what threads decide, one per silo. A commit is all or nothing; its outcome is told after PostgreSQL has
/// committed and never before. What it does not promise: that an outcome arrives (<see cref="CommitResult.Unknown"/>
/// exists); the keys in the schema make asking again harmless.
/// </summary>
public sealed class CommitWriter(
    WriterDataSource database,
    GroupWriterSize size,
    IThreadHints hints,
    ILogger<CommitWriter> logger
) : GroupWriter<ThreadCommit, CommitOutcome>(database.Source, size, logger)
{
    protected override CommitOutcome Unavailable => CommitOutcome.Unavailable;

    protected override CommitOutcome Unknown => CommitOutcome.Unknown;

    /// <summary>Commits, or says why not. Refused at once when too many wait.</summary>
    public async Task<CommitOutcome> CommitAsync(ThreadCommit commit)
    {
        var outcome = await WriteAsync(commit);
        if (outcome.Result == CommitResult.Stored && commit.Visible)
            hints.Changed(new ThreadHint(commit.Account, commit.Thread, outcome.Revision));
        return outcome;
    }

    protected override CommitOutcome Rejected(string reason) => new(CommitResult.Rejected, Reason: reason);

    protected override object KeyOf(ThreadCommit intent) => intent.Thread;

    protected override (int Rows, int Bytes) SizeOf(ThreadCommit intent) => (intent.RowCount, intent.ByteCount);

    protected override int Compare(ThreadCommit a, ThreadCommit b) => UuidOrder.Compare(a.Thread.Value, b.Thread.Value);

    protected override IStatement Prepare(NpgsqlConnection connection) => new Statement(connection);

    private sealed class Statement(NpgsqlConnection connection) : IStatement
    {
        private readonly CommitCommand command = new(connection);

        public Task<CommitOutcome[]> ExecuteAsync(
            IReadOnlyList<ThreadCommit> intents,
            CancellationToken cancellation
        ) => command.ExecuteAsync(intents, cancellation);

        public void Dispose() => command.Dispose();
    }
}

/// <summary>Hears of every visible change after its commit.</summary>
public interface IThreadHints
{
    void Changed(ThreadHint hint);
}

/// <summary>PostgreSQL's order of uuids: by their bytes as written.</summary>
public static class UuidOrder
{
    public static int Compare(Guid a, Guid b)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        a.TryWriteBytes(left, bigEndian: true, out _);
        b.TryWriteBytes(right, bigEndian: true, out _);
        return left.SequenceCompareTo(right);
    }
}
