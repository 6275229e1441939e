using System.Diagnostics;
using Npgsql;

namespace Threadkeep.Testing;

/// <summary>
/// The PostgreSQL server of the tests. <c>./test</c> starts one for all test programs and names it in
/// <c>TK_TEST_PG</c>; a test program that is started alone makes its own through <c>tools/postgres</c> and ends it.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<string>> Admin = new(StartAsync);

    /// <summary>True where the server ends with this program, and every database with it.</summary>
    public static bool EndsWithProgram { get; } =
        Environment.GetEnvironmentVariable("TK_TEST_PG") is not { Length: > 0 };

    /// <summary>A connection string with the right to create databases.</summary>
    public static Task<string> AdminConnectionStringAsync() => Admin.Value;

    /// <summary>The folder that holds <c>Cluster.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot(new(AppContext.BaseDirectory));

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("TK_TEST_PG") is { Length: > 0 } given)
            return ToAdmin(given);

        var directory = Directory.CreateTempSubdirectory("threadkeep-tests-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101); // tools/postgres may hand it to another account
        var data = Path.Combine(directory, "postgres");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsync("stop", data).GetAwaiter().GetResult();
            Directory.Delete(directory, recursive: true);
        };
        return ToAdmin(await RunAsync("start", data));
    }

    private static async Task<string> RunAsync(string command, string data)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot, "tools", "postgres"), [command, data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Nothing in a test outlives a power cut, so nothing waits for the disk.
        start.Environment["TK_PG_OPTIONS"] = "-c fsync=off -c full_page_writes=off -c max_connections=400";
        start.Environment.Remove("TK_PG_PASSWORD");
        using var process = Process.Start(start)!;
        // Read both at once: a full pipe would stop the script. The server itself keeps neither open.
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"tools/postgres {command} failed: {await errors}");
    }

    private static string ToAdmin(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = "postgres",
            MaxPoolSize = 10,
        }.ConnectionString;

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Cluster.sln")) ? folder.FullName : FindRoot(folder.Parent!);
}
