using System.ComponentModel.DataAnnotations;
using Orleans.Configuration;

namespace Threadkeep.Hosting;

/// <summary>How soon a silo that does not answer is held for dead (docs/adr/011-membership.md says why these).</summary>
public sealed class MembershipSettings
{
    /// <summary>Seconds between two probes of a silo, and longest wait for the answer to one (1 to 30).</summary>
    [Range(1, 30)]
    public int ProbeSeconds { get; set; } = 5;

    /// <summary>A silo that has missed so many probes in a row is suspected (1 to 10).</summary>
    [Range(1, 10)]
    public int MissedProbes { get; set; } = 3;
}

/// <summary>Applies them.</summary>
public static class Membership
{
    public static ISiloBuilder UseMembership(this ISiloBuilder orleans, MembershipSettings settings)
    {
        var probe = TimeSpan.FromSeconds(settings.ProbeSeconds);
        return orleans.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = probe;
            // Orleans would stretch a probe to four times this, and hold a silo for alive as long as its connection has brought
            // anything within three stretched probes: a frozen one for a minute.
            o.MaxProbeTimeout = probe;
            o.MinProbeTimeout = probe / 2;
            o.NumMissedProbesLimit = settings.MissedProbes;
            // One voter is enough where only one is left; with three or more, one that is itself unwell decides nothing alone.
            o.NumVotesForDeathDeclaration = 2;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(30);
        });
    }
}
