namespace Threadkeep.Cluster.Tests.Upgrade;

/// <summary>
/// Where all tests run, the previous version is built beside the first of them, which mostly wait; else the test of the upgrade would
/// keep one of the few places for a minute and more before it begins.
/// </summary>
public sealed class EarlyBuild : IAsyncLifetime
{
    private Task building = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        var some = Environment.GetCommandLineArgs().Any(a => a is "-method" or "-class" or "-namespace" or "-trait");
        if (!some)
            building = Task.Run(PreviousVersion.FolderAsync);
        return ValueTask.CompletedTask;
    }

    // Whatever became of it, the test of the upgrade has told.
    public async ValueTask DisposeAsync() => await building.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
