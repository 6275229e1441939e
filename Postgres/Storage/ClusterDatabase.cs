using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Threadkeep.Storage;

/// <summary>PostgreSQL and the cluster that lives in it; the same for every silo and Api host.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The name by which Orleans' AdoNet providers know PostgreSQL.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>An Npgsql connection string.</summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>The same, with Orleans' own tables in reach: they live in a schema of their own.</summary>
    public string OrleansConnectionString =>
        new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            SearchPath = "orleans,public",
            MaxAutoPrepare = 50,
            ApplicationName = "threadkeep-orleans",
        }.ConnectionString;
}

/// <summary>Which cluster a process belongs to.</summary>
public sealed class ClusterNames
{
    /// <summary>May change with a deployment.</summary>
    [Required]
    public string ClusterId { get; set; } = "threadkeep";

    /// <summary>Never changes: reminders are stored under it.</summary>
    [Required]
    public string ServiceId { get; set; } = "threadkeep";
}
