namespace Threadkeep.Migrations;

/// <summary>The schema could not be brought up to date; the message is one sentence for whoever runs the migrator.</summary>
public sealed class MigrationException(string message, Exception? cause = null) : Exception(message, cause);
