using System.Diagnostics;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>What a command said and how it ended.</summary>
public sealed record Said(int ExitCode, string Output);

/// <summary>Commands of the repository that run to their end.</summary>
public static class Shell
{
    public static async Task<Said> RunAsync(
        string file,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        // Into a file rather than a pipe: what a command leaves running would keep the pipe open for ever.
        var output = Path.GetTempFileName();
        string[] line = ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", output, file, .. arguments];
        var start = new ProcessStartInfo("bash", line);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1,localhost";
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
            return new Said(process.ExitCode, await File.ReadAllTextAsync(output));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            File.Delete(output);
        }
    }

    /// <summary>The same, where only success is of use.</summary>
    public static async Task<string> SucceedAsync(
        string file,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var said = await RunAsync(file, arguments, environment);
        return said.ExitCode == 0
            ? said.Output
            : throw new InvalidOperationException($"{file} ended with {said.ExitCode}: {said.Output}");
    }
}
