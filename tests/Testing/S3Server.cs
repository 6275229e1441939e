using System.Diagnostics;
using System.Globalization;

namespace Threadkeep.Testing;

/// <summary>
/// A real server that speaks S3: npm's s3rver, on a free port of this machine, with one empty bucket. It ends with us, however we end: its
/// input closes.
/// </summary>
public sealed class S3Server : IDisposable
{
    public const string Bucket = "files";

    /// <summary>What s3rver takes.</summary>
    public const string AccessKey = "S3RVER";
    public const string SecretKey = "S3RVER";

    private const string Script = """
        const S3rver = require('s3rver');
        const options = { port: 0, address: '127.0.0.1', silent: true, directory: process.argv[1], configureBuckets: [{ name: 'files' }] };
        new S3rver(options).run().then((address) => console.log(address.port));
        process.stdin.on('end', () => process.exit()).resume();
        """;

    private readonly Process process;
    private readonly string folder;

    private S3Server(Process process, string folder, int port)
    {
        (this.process, this.folder) = (process, folder);
        Endpoint = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Endpoint { get; }

    public static async Task<S3Server> StartAsync()
    {
        var packages = Path.Combine(PostgresServer.RepositoryRoot, "tests", "Console.Tests");
        if (!Directory.Exists(Path.Combine(packages, "node_modules", "s3rver")))
            throw new InvalidOperationException("s3rver is missing: run `npm ci` in tests/Console.Tests.");
        var folder = Directory.CreateTempSubdirectory("threadkeep-s3-").FullName;
        var start = new ProcessStartInfo("node", ["-e", Script, folder])
        {
            WorkingDirectory = packages,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync();
        return port is null
            ? throw new InvalidOperationException("s3rver did not start.")
            : new S3Server(process, folder, int.Parse(port, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
