namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A test of a deployment that it may share with others; where it fails, the processes' last words are shown.</summary>
public abstract class ClusterTest(Deployment deployment) : IAsyncLifetime
{
    protected Deployment Deployment { get; } = deployment;

    protected Meta Meta => Deployment.Meta;

    protected Rest Rest => Deployment.Rest;

    protected SandboxControl Sandbox => Deployment.Sandbox;

    // Whatever a test before has killed, and not started again because it failed.
    public async ValueTask InitializeAsync() => await Deployment.ReviveAsync();

    public ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            Deployment.ShowLogs();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tests that measure: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Tests that kill one process of a deployment with one silo, one after the other.</summary>
[CollectionDefinition(nameof(SharedSilo))]
public sealed class SharedSilo : ICollectionFixture<OneSilo>;
