using Dapper;
using Npgsql;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>The deployment's PostgreSQL: starting, stopping, cutting its connections, and asking what it holds.</summary>
public abstract partial class Deployment
{
    /// <summary>The schema, and the users as whom silos come.</summary>
    protected virtual async Task PrepareDatabaseAsync()
    {
        await MigrateAsync();
        // They serve as the product does, as one role; its watch over frozen writers needs the others' names beside.
        for (var n = 0; n < silos.Length; n++)
            await QueryAsync<int>(
                $"create role {SiloRole(n)} login in role {RuntimeRole}, pg_signal_backend, pg_read_all_stats"
            );
    }

    protected async Task MigrateAsync()
    {
        var settings = Settings();
        settings["Database__ConnectionString"] = ConnectionString("threadkeep");
        settings["Database__Runtime__Username"] = RuntimeRole;
        using var migrator = Start("migrator", "Postgres", settings, ["migrate"]);
        await migrator.SucceedsAsync();
    }

    public Task StartPostgresAsync() =>
        Shell.SucceedAsync(
            ToolPath,
            ["start", Data],
            new Dictionary<string, string>
            {
                ["TK_PG_PORT"] = Text(postgresPort),
                ["TK_PG_PASSWORD"] = "",
                // Killed processes lose nothing that the system holds for the disk, so nothing waits for the disk. But what is
                // committed must have left PostgreSQL: synchronous_commit stays on.
                ["TK_PG_OPTIONS"] = "-c fsync=off -c full_page_writes=off -c max_connections=400",
            }
        );

    public Task StopPostgresAsync() => Shell.SucceedAsync(ToolPath, ["stop", Data]);

    /// <summary>SIGKILL: its next start recovers from its log.</summary>
    public async Task KillPostgresAsync()
    {
        var pid = (await Shell.SucceedAsync(ToolPath, ["pid", Data])).Trim();
        await Shell.SucceedAsync("kill", ["-KILL", pid]);
    }

    /// <summary>Ends every writer's connection, whatever it is doing.</summary>
    public Task<long> CutWritersAsync() =>
        SingleAsync<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'threadkeep-writer'"
        );

    /// <summary>From now on PostgreSQL notes which silo was the last to write each thread; see <see cref="WritersAsync"/>.</summary>
    public Task NoteWritersAsync() =>
        QueryAsync<int>(
            """
            create table if not exists public.thread_writers (thread_id uuid primary key, writer text not null);
            create or replace function public.note_writer() returns trigger language plpgsql security definer as $$
            begin
                insert into public.thread_writers values (new.id, session_user)
                on conflict (thread_id) do update set writer = excluded.writer where thread_writers.writer <> excluded.writer;
                return null;
            end $$;
            create or replace trigger note_writer after insert or update of version on threadkeep.threads
                for each row execute function public.note_writer();
            """
        );

    public Task ForgetWritersAsync() => QueryAsync<int>("truncate public.thread_writers");

    /// <summary>The silo that last wrote each thread, by thread.</summary>
    public async Task<Dictionary<string, string>> WritersAsync() =>
        (
            await QueryAsync<(string Thread, string Writer)>(
                "select replace(thread_id::text, '-', ''), writer from public.thread_writers"
            )
        ).ToDictionary(w => w.Thread, w => w.Writer);

    /// <summary>Watches who waits for locks. Ends, with the longest wait and what waited, when it is told to.</summary>
    public async Task<(TimeSpan Longest, string? Query)> WatchLocksAsync(CancellationToken enough)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync(CancellationToken.None);
        await using var look = new NpgsqlCommand(
            """
            select extract(epoch from clock_timestamp() - l.waitstart)::float8, a.application_name || ': ' || left(a.query, 200)
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where not l.granted and l.waitstart is not null
            order by l.waitstart limit 1
            """,
            connection
        );
        var (longest, what) = (TimeSpan.Zero, default(string));
        while (!enough.IsCancellationRequested)
        {
            await using (var row = await look.ExecuteReaderAsync(CancellationToken.None))
                if (await row.ReadAsync(CancellationToken.None))
                {
                    var waits = TimeSpan.FromSeconds(row.GetDouble(0));
                    if (waits > longest)
                        (longest, what) = (waits, row.GetString(1));
                }
            await Task.Delay(20, CancellationToken.None);
        }
        return (longest, what);
    }

    /// <summary>Rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("threadkeep") + ";Pooling=false");
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async Task<T> SingleAsync<T>(string sql, object? parameters = null) =>
        (await QueryAsync<T>(sql, parameters)).Single();

    /// <summary>The same for who must know it while PostgreSQL may be away: asks until it answers.</summary>
    public async Task<T> LookUpAsync<T>(string sql, object? parameters = null)
    {
        while (true)
        {
            try
            {
                return await SingleAsync<T>(sql, parameters);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50); // a server that is not there refuses at once
            }
        }
    }

    /// <summary>The database, as its owner.</summary>
    public string Database => ConnectionString("threadkeep");

    protected const string RuntimeRole = "threadkeep_app";

    /// <summary>The user as whom a silo comes to PostgreSQL.</summary>
    public static string SiloRole(int n) => $"silo_{n}";

    /// <summary>The thread of a customer who has written.</summary>
    public Task<string> ThreadOfAsync(string waId) =>
        SingleAsync<string>(
            "select replace(id::text, '-', '') from threadkeep.threads where wa_id = @waId",
            new { waId }
        );

    /// <summary>A writer of a silo that froze in the middle of its message; see <see cref="HalfStatement"/>.</summary>
    public Task<HalfStatement> FreezeInAsync(int n, string statement) =>
        HalfStatement.SendAsync(postgresPort, SiloRole(n), statement);

    protected string ConnectionString(string user) =>
        $"Host=127.0.0.1;Port={postgresPort};Username={user};Database=threadkeep";
}
