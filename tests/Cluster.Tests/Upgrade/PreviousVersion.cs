using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Upgrade;

/// <summary>
/// The version before, built from this repository's history: the commit that <c>Upgrade/previous-version</c> names. It is built once,
/// into <c>artifacts/previous/</c>.
/// </summary>
public static class PreviousVersion
{
    // What Silo, Api and migrator are built from.
    private static readonly string[] Sources =
    [
        "Api",
        "Grains",
        "Grains.Interfaces",
        "Postgres",
        "Silo",
        "WhatsApp",
        "Directory.Build.props",
        "Directory.Packages.props",
        "global.json",
        ".editorconfig",
    ];

    private static string Commit =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Upgrade", "previous-version")).Trim();

    /// <summary>The folder that it is in, built; null where the history is not here.</summary>
    public static async Task<string?> BuildAsync()
    {
        var root = PostgresServer.RepositoryRoot;
        var folder = Path.Combine(root, "artifacts", "previous", Commit);
        var done = Path.Combine(folder, "built");
        if (File.Exists(done))
            return folder;
        var known = await Shell.RunAsync("git", ["-C", root, "cat-file", "-e", $"{Commit}^{{commit}}"]);
        if (known.ExitCode != 0)
            return null;
        Directory.CreateDirectory(folder);
        var archive = Path.Combine(folder, "source.tar");
        await Shell.SucceedAsync("git", ["-C", root, "archive", "--output", archive, Commit, .. Sources]);
        await Shell.SucceedAsync("tar", ["-x", "-f", archive, "-C", folder]);
        File.Delete(archive);
        foreach (var project in new[] { "Silo", "Api" })
            // It was checked when it was written; now it must only run.
            await Shell.SucceedAsync(
                "dotnet",
                [
                    "build",
                    Path.Combine(folder, project),
                    "-nologo",
                    "-v",
                    "quiet",
                    "-c",
                    Configuration,
                    "-p:RunAnalyzers=false",
                    "-p:EnforceCodeStyleInBuild=false",
                    "-p:GenerateDocumentationFile=false",
                    "-p:NuGetAudit=false",
                ]
            );
        await File.WriteAllTextAsync(done, "");
        return folder;
    }

    // As these tests were built: .../bin/<configuration>/net10.0/
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
}
