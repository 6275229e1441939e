using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Threadkeep.Api.Tests.Support;

/// <summary>Keeps the warnings and errors of a process with the exceptions they are about.</summary>
public sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, Exception? Exception)> entries = [];

    public IEnumerable<(string Category, Exception? Exception)> Entries => entries;

    public ILogger CreateLogger(string categoryName) => new Logger(entries, categoryName);

    public void Dispose() { }

    private sealed class Logger(ConcurrentQueue<(string, Exception?)> entries, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                entries.Enqueue((category, exception));
        }
    }
}
