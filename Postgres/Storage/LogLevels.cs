using Microsoft.Extensions.Logging;

namespace Threadkeep.Storage;

/// <summary>What libraries may say in the logs of every process: not each statement, not each request.</summary>
public static class LogLevels
{
    public static void AddQuietLibraries(this ILoggingBuilder logging)
    {
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Polly", LogLevel.Error);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Sign-in sessions are in PostgreSQL: no key ring of the framework is in use.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
