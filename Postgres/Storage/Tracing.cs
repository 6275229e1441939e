using System.Diagnostics;

namespace Threadkeep.Storage;

/// <summary>
/// Our own spans: where work of many callers goes on as one piece, so that the trace does not break there. Nothing personal is in
/// them: no text, no number, no name.
/// </summary>
public static class Tracing
{
    public const string SourceName = "Threadkeep";

    /// <summary>Links of one span; a batch has more callers than anybody reads.</summary>
    private const int MaxLinks = 64;

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>The caller's span, to be handed to <see cref="StartShared"/> later; null where nobody records it.</summary>
    public static Activity? Caller =>
        Source.HasListeners() && Activity.Current is { Recorded: true } caller ? caller : null;

    /// <summary>
    /// A span for work done for several callers at once: in the trace of the first of them that is recorded, linked to all.
    /// Null where none is.
    /// </summary>
    public static Activity? StartShared(string name, IEnumerable<Activity?> callers)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext parent = default;
        var links = new List<ActivityLink>();
        foreach (var caller in callers)
        {
            if (caller is null || links.Count == MaxLinks)
                continue;
            if (links.Count == 0)
                parent = caller.Context;
            links.Add(new ActivityLink(caller.Context));
        }
        return links.Count == 0 ? null : Source.StartActivity(name, ActivityKind.Internal, parent, links: links);
    }
}
