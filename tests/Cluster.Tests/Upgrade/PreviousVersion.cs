using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Upgrade;

/// <summary>
/// The version before, built from this repository's history: the newest commit whose schema or whose grains' contracts are not those of
/// today, so that there is something to upgrade. It is built once, into <c>artifacts/previous/</c>.
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

    // What two versions that serve together must agree on.
    private static readonly string[] Shared = ["Postgres/Schema", "Grains.Interfaces"];

    // Both at once: most of what they are made of is the same.
    private const string Project = """
        <Project>
          <ItemGroup><Program Include="Silo/Silo.csproj;Api/Api.csproj" /></ItemGroup>
          <Target Name="Restore"><MSBuild Projects="@(Program)" Targets="Restore" /></Target>
          <Target Name="Build"><MSBuild Projects="@(Program)" Targets="Build" BuildInParallel="true" /></Target>
        </Project>
        """;

    private static readonly string Root = PostgresServer.RepositoryRoot;

    private static readonly Lazy<Task<string?>> Built = new(BuildAsync);

    /// <summary>The folder that it is in, built; null where the history is not here. The first who asks begins to build.</summary>
    public static Task<string?> FolderAsync() => Built.Value;

    private static async Task<string?> BuildAsync()
    {
        if (await CommitAsync() is not { } commit)
            return null;
        var folder = Path.Combine(Root, "artifacts", "previous", commit);
        var done = Path.Combine(folder, "built");
        if (File.Exists(done))
            return folder;
        Directory.CreateDirectory(folder);
        var archive = Path.Combine(folder, "source.tar");
        await GitAsync(["archive", "--output", archive, commit, .. Sources]);
        await Shell.SucceedAsync("tar", ["-x", "-f", archive, "-C", folder]);
        File.Delete(archive);
        var project = Path.Combine(folder, "previous.proj");
        await File.WriteAllTextAsync(project, Project);
        foreach (var target in new[] { "Restore", "Build" })
            // It was checked when it was written; now it must only run.
            await Shell.SucceedAsync(
                "dotnet",
                [
                    "msbuild",
                    project,
                    $"-t:{target}",
                    "-m",
                    "-nologo",
                    "-v:quiet",
                    $"-p:Configuration={Configuration}",
                    "-p:RunAnalyzers=false",
                    "-p:EnforceCodeStyleInBuild=false",
                    "-p:GenerateDocumentationFile=false",
                    "-p:NuGetAudit=false",
                ]
            );
        await File.WriteAllTextAsync(done, "");
        return folder;
    }

    // Where what is shared was changed and not committed yet, the last commit; else the one before the last that changed it.
    private static async Task<string?> CommitAsync()
    {
        if ((await Shell.RunAsync("git", ["-C", Root, "rev-parse", "--verify", "HEAD"])).ExitCode != 0)
            return null;
        if (await GitAsync(["status", "--porcelain", "--", .. Shared]) != "")
            return await GitAsync("rev-parse", "HEAD");
        var last = await GitAsync(["log", "-1", "--format=%H", "--first-parent", "--", .. Shared]);
        var before = await Shell.RunAsync("git", ["-C", Root, "rev-parse", "--verify", "--quiet", $"{last}^"]);
        return before.ExitCode == 0 ? before.Output.Trim() : null;
    }

    private static async Task<string> GitAsync(params string[] arguments) =>
        (await Shell.SucceedAsync("git", ["-C", Root, .. arguments])).Trim();

    // As these tests were built: .../bin/<configuration>/net10.0/
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;
}
