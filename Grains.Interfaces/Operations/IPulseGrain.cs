using Orleans.Concurrency;

namespace Threadkeep.Operations;

/// <summary>Answers, and that is all: whoever hears it has a cluster that serves calls. Key: always 0.</summary>
[Alias("IPulseGrain")]
public interface IPulseGrain : IGrainWithIntegerKey
{
    [Alias("Beat"), AlwaysInterleave]
    Task Beat();
}
