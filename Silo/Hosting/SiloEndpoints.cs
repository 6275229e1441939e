using System.ComponentModel.DataAnnotations;

namespace Threadkeep.Hosting;

/// <summary>Where other silos and Api hosts reach this silo.</summary>
public sealed class SiloEndpoints
{
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address that others use and this silo listens on; empty: the host's own, listening on every interface (containers).</summary>
    public string AdvertisedAddress { get; set; } = "";
}
