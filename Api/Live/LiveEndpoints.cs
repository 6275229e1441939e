using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Threadkeep.People;

namespace Threadkeep.Live;

/// <summary>The live feed of a browser: server-sent events that say what to fetch (docs/api.md).</summary>
public static class LiveEndpoints
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    public static void MapLive(this RouteGroupBuilder api) =>
        api.MapGet(
                "/live",
                (
                    LiveHub hub,
                    VisibleThreads visible,
                    TimeProvider clock,
                    IHostApplicationLifetime lifetime,
                    HttpContext context
                ) =>
                {
                    // A feed never ends by itself: without this, one open browser would hold up the whole shutdown.
                    var ended = CancellationTokenSource.CreateLinkedTokenSource(
                        context.RequestAborted,
                        lifetime.ApplicationStopping
                    );
                    context.Response.RegisterForDispose(ended);
                    context.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy must not hold events back
                    return TypedResults.ServerSentEvents(EventsAsync(hub, context, visible, clock, ended.Token));
                }
            )
            .Needs(Permission.Read)
            .ExcludeFromDescription();

    private static async IAsyncEnumerable<SseItem<LiveData>> EventsAsync(
        LiveHub hub,
        HttpContext context,
        VisibleThreads visible,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var caller = context.User.Caller();
        var known = clock.GetTimestamp();
        using var browser = hub.Join(caller.Account);
        yield return Item("hello", new LiveData { ServerTime = clock.GetUtcNow() });
        while (!cancellation.IsCancellationRequested)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var ready = browser.Events.WaitToReadAsync(patience.Token).AsTask();
            var first = await Task.WhenAny(ready, Task.Delay(PingEvery, clock, patience.Token));
            await patience.CancelAsync();
            if (cancellation.IsCancellationRequested)
                yield break;
            // Whoever was signed out or limited meanwhile hears nothing more than this late.
            if (clock.GetElapsedTime(known) >= PingEvery)
            {
                if (await AgainAsync(context) is not { } again)
                    yield break;
                (caller, known) = (again, clock.GetTimestamp());
            }
            if (first != ready)
                yield return Item("ping", new LiveData { ServerTime = clock.GetUtcNow() });
            while (browser.Events.TryRead(out var next))
            {
                if (next is LiveEvent.SomebodyThere there)
                {
                    if (await visible.SeesAsync(caller.Scope, there.Presence.Thread))
                        yield return Item("presence", LiveData.Of(there.Presence));
                }
                else if (next is not LiveEvent.ThreadChanged changed)
                    yield return Item("resync", new LiveData());
                else if (await visible.SeesAsync(caller.Scope, changed.Thread))
                    yield return Item("thread", new LiveData { Id = changed.Id, Version = changed.Version });
            }
        }
    }

    // Who the caller is now; null: signed out.
    private static Task<Caller?> AgainAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<Callers>().OfAsync(context.Request);

    private static SseItem<LiveData> Item(string type, LiveData data) => new(data, type);
}

/// <summary>An event's particulars; what it has not is left out.</summary>
public sealed record LiveData
{
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public DateTimeOffset? ServerTime { get; init; }

    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public string? Id { get; init; }

    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public long? Version { get; init; }

    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public PersonThereView? Person { get; init; }

    public static LiveData Of(Presence presence) =>
        new()
        {
            Id = presence.Thread.ToString(),
            Person = new PersonThereView(presence.Agent.ToString(), presence.Name, presence.State, presence.Asks),
        };
}

/// <param name="State">viewing, typing or left.</param>
/// <param name="Asks">They have just come: who else is there tells so.</param>
public sealed record PersonThereView(string Id, string Name, string State, bool Asks);
