namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A test of a deployment that its class shares; where it fails, the processes' last words are shown.</summary>
public abstract class ClusterTest(Deployment deployment) : IDisposable
{
    protected Deployment Deployment { get; } = deployment;

    protected Meta Meta => Deployment.Meta;

    protected Rest Rest => Deployment.Rest;

    protected SandboxControl Sandbox => Deployment.Sandbox;

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            Deployment.ShowLogs();
        GC.SuppressFinalize(this);
    }
}
