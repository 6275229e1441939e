namespace Threadkeep.Accounts;

/// <summary>PostgreSQL is out of reach for a grain: nothing was written, or it is safe to ask again.</summary>
[GenerateSerializer, Alias("DatabaseUnavailableException")]
public sealed class DatabaseUnavailableException : OrleansException
{
    public DatabaseUnavailableException() { }

    public DatabaseUnavailableException(string message)
        : base(message) { }

    public DatabaseUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
