namespace Threadkeep.Cluster.Tests.Support;

/// <summary>One silo.</summary>
public sealed class OneSilo() : Deployment(1);

/// <summary>Two silos.</summary>
public sealed class TwoSilos() : Deployment(2);

/// <summary>Three silos.</summary>
public sealed class ThreeSilos() : Deployment(3);

/// <summary>Silos that give each other up after some five seconds of silence, so that a test need not wait for the usual fifteen.</summary>
public abstract class HastySilos(int silos) : Deployment(silos)
{
    protected override int ConversationLimit => 1_000_000;

    protected override IReadOnlyDictionary<string, string> SiloSettings { get; } =
        new Dictionary<string, string> { ["Membership__ProbeSeconds"] = "2", ["Membership__MissedProbes"] = "2" };
}

public sealed class TwoHastySilos() : HastySilos(2);

public sealed class ThreeHastySilos() : HastySilos(3);
