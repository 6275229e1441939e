using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Hosting;

/// <summary>Callers of grains know nothing of Npgsql: what it throws for a passing reason leaves the silo as one exception of ours.</summary>
public sealed class DatabaseFailures : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception failed) when (failed is not TimeoutException && SqlErrors.IsPassing(failed))
        {
            throw new DatabaseUnavailableException(failed.Message);
        }
    }
}
