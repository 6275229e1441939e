using System.Diagnostics;

namespace Threadkeep.Bench.Running;

/// <summary>A .NET program of this checkout in a process of its own. Its id is noted, so that bench/run ends it whatever happens here.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private bool ended;

    private ChildProcess(string name, Process process) => (Name, this.process) = (name, process);

    public string Name { get; }

    public int Pid => process.Id;

    /// <param name="name">Its log is NAME.log in the run's directory.</param>
    /// <param name="assembly">Path of the program, from the checkout's root.</param>
    public static ChildProcess Start(
        string name,
        string assembly,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var log = Path.Combine(BenchSettings.Work, $"{DateTime.UtcNow:HHmmss}-{name}.log");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        // The shell gives way to the program, which keeps its process id.
        foreach (var word in (string[])["-c", "log=$1; shift; exec dotnet \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log])
            start.ArgumentList.Add(word);
        start.ArgumentList.Add(Path.Combine(BenchSettings.Need("BENCH_ROOT"), assembly));
        foreach (var word in arguments)
            start.ArgumentList.Add(word);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var child = new ChildProcess(name, Process.Start(start)!);
        File.AppendAllText(Path.Combine(BenchSettings.Work, "pids"), $"{child.Pid}\n");
        return child;
    }

    /// <exception cref="InvalidOperationException">It ended, or does not answer within two minutes.</exception>
    public async Task WaitUntilReadyAsync(Uri address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var n = 0; n < 480; n++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{Name} ended with code {process.ExitCode}; see its log.");
            try
            {
                using var answer = await http.GetAsync(address);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException) { }
            await Task.Delay(250);
        }
        throw new InvalidOperationException($"{Name} does not get ready at {address}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (ended)
            return;
        ended = true;
        Signal("TERM");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Signal("KILL");
            await process.WaitForExitAsync(CancellationToken.None);
        }
        process.Dispose();
    }

    private void Signal(string signal)
    {
        if (process.HasExited)
            return;
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(null as IFormatProvider)]);
        kill.WaitForExit();
    }
}
