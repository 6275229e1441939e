using System.Reflection;

namespace Threadkeep.Migrations;

/// <summary>How patient the migrator is, and where its scripts are.</summary>
public sealed record MigratorOptions
{
    /// <summary>What the names of a schema's resources begin with, given them in the project file.</summary>
    internal const string ResourcePrefix = "Threadkeep.Schema.";

    /// <summary>The assembly whose embedded <c>V*.sql</c> resources are the schema. Default: this one.</summary>
    public Assembly Scripts { get; init; } = typeof(MigratorOptions).Assembly;

    /// <summary>
    /// How long one statement may queue for a lock, and so hold up the running system behind it: everybody who comes later to the
    /// same table waits as long. Default 0.5 s.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a file is tried before its lock time-out becomes the result. Default 15: some five minutes.</summary>
    public int Attempts { get; init; } = 15;

    /// <summary>The pause after the first failed try; it doubles up to 30 s. Default 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for another migrator to finish. Default 15 minutes.</summary>
    public TimeSpan WaitForOther { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Who serves from this database and gets rights on its rows; null: nobody but the owner. Default null.</summary>
    public RuntimeRole? Runtime { get; init; }
}
