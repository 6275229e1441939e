using Microsoft.Extensions.Hosting;
using Threadkeep.Testing;
using Threadkeep.TestSilo;

namespace Threadkeep.Postgres.Tests.Orleans;

/// <summary>A started silo on a database of its own; the tests of a class share it.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public IHost Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Silo = SampleSilo.Create(Database.OrleansConnectionString, "one", "alone");
        await Silo.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.StopAsync();
        Silo.Dispose();
        await Database.DisposeAsync();
    }
}
