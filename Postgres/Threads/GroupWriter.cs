using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Threadkeep.Storage;

namespace Threadkeep.Threads;

/// <summary>How a <see cref="GroupWriter{TIntent,TOutcome}"/> is sized.</summary>
/// <param name="Loops">Statements under way at once, each on a connection of its own.</param>
/// <param name="Capacity">Intents that may wait; one more is refused at once.</param>
/// <param name="MaxRows">Rows of one statement.</param>
/// <param name="MaxBytes">Bytes of one statement; the connection's write buffer is at least as large.</param>
public sealed record GroupWriterSize(int Loops, int Capacity, int MaxRows, int MaxBytes);

/// <summary>
/// Group commit: callers' intents gather while the last statement commits, and leave together in the next one.
/// No timer lingers: alone, an intent waits for nothing; under load a batch grows to fit.
/// What a caller is told: its own outcome, never before the commit. One bad intent never harms its neighbours:
/// the batch is halved until it stands alone.
/// </summary>
public abstract partial class GroupWriter<TIntent, TOutcome> : IAsyncDisposable
    where TIntent : class
{
    // Waiting intents, intents in a statement, and a statement's time explain everything about a writer.
    private static readonly Meter Meter = new("Threadkeep.Writer");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "threadkeep.writer.batch",
        "{intent}"
    );
    private static readonly Histogram<double> StatementTime = Meter.CreateHistogram<double>(
        "threadkeep.writer.statement",
        "ms"
    );
    private static readonly Counter<long> TurnedAway = Meter.CreateCounter<long>(
        "threadkeep.writer.turned_away",
        "{intent}"
    );

    private readonly NpgsqlDataSource database;
    private readonly GroupWriterSize size;
    private readonly ILogger logger;
    private readonly KeyValuePair<string, object?> kind;
    private readonly Channel<Pending> waiting;
    private readonly Task[] loops;
    private long progressed = Stopwatch.GetTimestamp();

    protected GroupWriter(NpgsqlDataSource database, GroupWriterSize size, ILogger logger)
    {
        this.database = database;
        this.size = size;
        this.logger = logger;
        kind = new KeyValuePair<string, object?>("writer", GetType().Name);
        Meter.CreateObservableGauge("threadkeep.writer.waiting", () => new Measurement<int>(Depth, kind), "{intent}");
        waiting = Channel.CreateBounded<Pending>(
            new BoundedChannelOptions(size.Capacity) { FullMode = BoundedChannelFullMode.Wait }
        );
        loops = [.. Enumerable.Range(0, size.Loops).Select(_ => Task.Run(LoopAsync))];
    }

    /// <summary>Intents waiting now.</summary>
    public int Depth => waiting.Reader.Count;

    /// <summary>How long intents have waited without any statement beginning or ending; zero where none waits. Over a minute means that it is stuck.</summary>
    public TimeSpan Stalled => Depth == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref progressed));

    /// <summary>Certainly not written, for now.</summary>
    protected abstract TOutcome Unavailable { get; }

    /// <summary>Perhaps written.</summary>
    protected abstract TOutcome Unknown { get; }

    /// <summary>Certainly not written, and never will be as it is.</summary>
    protected abstract TOutcome Rejected(string reason);

    /// <summary>Two intents with the same key never share a statement; the second waits for the next.</summary>
    protected abstract object KeyOf(TIntent intent);

    protected abstract (int Rows, int Bytes) SizeOf(TIntent intent);

    /// <summary>The order of a batch, the same in every writer, so that locks are taken in one order.</summary>
    protected abstract int Compare(TIntent a, TIntent b);

    /// <summary>Prepares the writer's statement on a new connection.</summary>
    protected abstract IStatement Prepare(NpgsqlConnection connection);

    protected interface IStatement : IDisposable
    {
        Task<TOutcome[]> ExecuteAsync(IReadOnlyList<TIntent> intents, CancellationToken cancellation);
    }

    /// <summary>Waits for the commit that holds this intent. A full writer refuses at once.</summary>
    protected Task<TOutcome> WriteAsync(TIntent intent)
    {
        var pending = new Pending(
            intent,
            new TaskCompletionSource<TOutcome>(TaskCreationOptions.RunContinuationsAsynchronously),
            Tracing.Caller
        );
        if (!waiting.Writer.TryWrite(pending))
        {
            TurnedAway.Add(1, kind);
            pending.Done.SetResult(Unavailable);
        }
        return pending.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await Task.WhenAll(loops);
        GC.SuppressFinalize(this);
    }

    private async Task LoopAsync()
    {
        // A loop works for everybody: not in the name of whoever happened to be first.
        Activity.Current = null;
        var session = new Session(this);
        var held = new List<Pending>();
        var batch = new List<Pending>();
        var keys = new HashSet<object>();
        while (held.Count > 0 || await waiting.Reader.WaitToReadAsync())
        {
            Gather(batch, held, keys);
            if (batch.Count == 0)
                continue;
            batch.Sort((a, b) => Compare(a.Intent, b.Intent));
            var began = Stopwatch.GetTimestamp();
            Volatile.Write(ref progressed, began);
            using (var span = Tracing.StartShared("commit", batch.Select(p => p.Caller)))
            {
                span?.SetTag("threadkeep.writer", kind.Value).SetTag("threadkeep.batch", batch.Count);
                await SendAsync(session, batch, mayRepeat: true);
            }
            Volatile.Write(ref progressed, Stopwatch.GetTimestamp());
            StatementTime.Record(Stopwatch.GetElapsedTime(began).TotalMilliseconds, kind);
            BatchSize.Record(batch.Count, kind);
            batch.Clear();
            keys.Clear();
        }
        await session.CloseAsync();
    }

    private void Gather(List<Pending> batch, List<Pending> held, HashSet<object> keys)
    {
        int rows = 0,
            bytes = 0;
        var again = held.ToArray();
        held.Clear();
        foreach (var pending in again)
            Take(pending);
        while (rows < size.MaxRows && bytes < size.MaxBytes && waiting.Reader.TryRead(out var pending))
            Take(pending);

        void Take(Pending pending)
        {
            if (!keys.Add(KeyOf(pending.Intent)))
            {
                held.Add(pending);
                return;
            }
            batch.Add(pending);
            var (r, b) = SizeOf(pending.Intent);
            rows += r;
            bytes += b;
        }
    }

    private async Task SendAsync(Session session, IReadOnlyList<Pending> batch, bool mayRepeat)
    {
        IStatement? statement = null;
        try
        {
            statement = await session.StatementAsync(CancellationToken.None);
            var outcomes = await statement.ExecuteAsync([.. batch.Select(p => p.Intent)], CancellationToken.None);
            for (var n = 0; n < batch.Count; n++)
                batch[n].Done.SetResult(outcomes[n]);
        }
        catch (PostgresException refused) when (SqlErrors.IsAboutData(refused.SqlState))
        {
            // A unique violation: somebody else claimed a key meanwhile. The statement sees it when it is sent again.
            if (batch.Count > 1)
                await HalveAsync(session, batch);
            else if (mayRepeat && refused.SqlState == PostgresErrorCodes.UniqueViolation)
                await SendAsync(session, batch, mayRepeat: false);
            else
                Complete(batch, Rejected($"{refused.SqlState} {refused.ConstraintName}: {refused.MessageText}"));
        }
        catch (PostgresException refused) when (SqlErrors.IsAboutLocks(refused.SqlState) && mayRepeat)
        {
            // Nothing was written. Whoever held the lock for so long is frozen, and about to be ended (WriterWatch).
            await SendAsync(session, batch, mayRepeat: false);
        }
        catch (PostgresException refused)
        {
            // The server undid the statement and said so; only a server going down may say it after the commit.
            LogRefused(logger, refused.SqlState, refused.MessageText);
            Complete(batch, SqlErrors.IsShutdown(refused.SqlState) ? Unknown : Unavailable);
            await session.CloseAsync();
        }
        catch (Exception failed) when (SqlErrors.IsEncoding(failed))
        {
            await session.CloseAsync();
            if (batch.Count > 1)
                await HalveAsync(session, batch);
            else
                Complete(batch, Rejected($"{failed.GetType().Name}: {failed.Message}"));
        }
        catch (Exception failed)
        {
            LogLost(logger, failed);
            Complete(batch, statement is null ? Unavailable : Unknown);
            await session.CloseAsync();
        }
    }

    private async Task HalveAsync(Session session, IReadOnlyList<Pending> batch)
    {
        var middle = batch.Count / 2;
        await SendAsync(session, [.. batch.Take(middle)], mayRepeat: true);
        await SendAsync(session, [.. batch.Skip(middle)], mayRepeat: true);
    }

    private static void Complete(IReadOnlyList<Pending> batch, TOutcome outcome)
    {
        foreach (var pending in batch)
            pending.Done.TrySetResult(outcome);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL refused a batch: {SqlState} {Text}")]
    private static partial void LogRefused(ILogger logger, string sqlState, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The writer's connection was lost")]
    private static partial void LogLost(ILogger logger, Exception exception);

    private sealed record Pending(TIntent Intent, TaskCompletionSource<TOutcome> Done, Activity? Caller);

    /// <summary>One loop's connection, opened when first needed and again after it was lost.</summary>
    private sealed class Session(GroupWriter<TIntent, TOutcome> writer)
    {
        private NpgsqlConnection? connection;
        private IStatement? statement;

        public async Task<IStatement> StatementAsync(CancellationToken cancellation)
        {
            if (statement is not null)
                return statement;
            connection = await writer.database.OpenConnectionAsync(cancellation);
            return statement = writer.Prepare(connection);
        }

        public async Task CloseAsync()
        {
            statement?.Dispose();
            if (connection is not null)
            {
                // Never back to the pool: after an error nobody knows what is still on its way on it.
                NpgsqlConnection.ClearPool(connection);
                await connection.DisposeAsync();
            }
            (connection, statement) = (null, null);
        }
    }
}
