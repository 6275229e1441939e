using System.Buffers;
using System.Text;
using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.People;

namespace Threadkeep.Live;

/// <summary>The live feed of a browser: server-sent events that say what to fetch (docs/api.md).</summary>
public static class LiveEndpoints
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A browser is written to so often at most: at thousands of changes a second a write for each of them, times the browsers, would be
    /// most of what a host does. The first one after a pause waits for nothing.
    /// </summary>
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>The machine's own pace, whatever the time of day is said to be.</summary>
    private static readonly TimeProvider Pace = TimeProvider.System;

    public static void MapLive(this RouteGroupBuilder api) =>
        api.MapGet("/live", FeedAsync).Needs(Permission.Read).ExcludeFromDescription();

    private static async Task FeedAsync(
        LiveHub hub,
        VisibleThreads visible,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        HttpContext context
    )
    {
        // A feed never ends by itself: without this, one open browser would hold up the whole shutdown.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping
        );
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy must not hold events back
        try
        {
            await TellAsync(hub, context, visible, clock, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
    }

    private static async Task TellAsync(
        LiveHub hub,
        HttpContext context,
        VisibleThreads visible,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var caller = context.User.Caller();
        var known = clock.GetTimestamp();
        var body = context.Response.BodyWriter;
        using var browser = hub.Join(caller.Account, caller.Agent);
        Write(body, "hello", new LiveData { ServerTime = clock.GetUtcNow() });
        await body.FlushAsync(cancellation);
        var written = 0L;
        while (!cancellation.IsCancellationRequested)
        {
            using (var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                var ready = browser.Events.WaitToReadAsync(patience.Token).AsTask();
                var first = await Task.WhenAny(ready, Task.Delay(PingEvery, clock, patience.Token));
                await patience.CancelAsync();
                if (cancellation.IsCancellationRequested)
                    return;
                if (first != ready)
                    Write(body, "ping", new LiveData { ServerTime = clock.GetUtcNow() });
            }
            // Whoever was signed out or limited meanwhile hears nothing more than this late, also where the hint was lost that says so.
            if (clock.GetElapsedTime(known) >= PingEvery)
            {
                if (await AgainAsync(context) is not { } again)
                    return;
                (caller, known) = (again, clock.GetTimestamp());
            }
            var rest = WriteEvery - Pace.GetElapsedTime(written);
            if (written != 0 && rest > TimeSpan.Zero)
                await Task.Delay(rest, Pace, cancellation);
            while (browser.Events.TryRead(out var next))
            {
                if (next is LiveEvent.SomebodyThere there)
                {
                    if (await visible.SeesAsync(caller.Scope, there.Presence.Thread))
                        Write(body, "presence", LiveData.Of(there.Presence));
                }
                else if (next is LiveEvent.AccountChanged { What: AccountHint.Access })
                {
                    if (await AgainAsync(context) is not { } again)
                        return;
                    (caller, known) = (again, clock.GetTimestamp());
                }
                else if (next is LiveEvent.AccountChanged account)
                    Write(body, "account", new LiveData { What = account.What });
                else if (next is not LiveEvent.ThreadChanged changed)
                    Write(body, "resync", new LiveData());
                else if (await visible.SeesAsync(caller.Scope, changed.Thread) || await SeesNowAsync(changed.Thread))
                    body.Write(changed.Bytes.Span);
            }
            await body.FlushAsync(cancellation);
            written = Pace.GetTimestamp();
        }

        // A ticket without a conversation may be theirs since this very change.
        async ValueTask<bool> SeesNowAsync(ThreadId thread)
        {
            if (caller.Scope.IsWhole || !await visible.IsDeskAsync(caller.Account, thread))
                return false;
            if (await AgainAsync(context) is not { } again)
                return false;
            (caller, known) = (again, clock.GetTimestamp());
            return await visible.SeesAsync(caller.Scope, thread);
        }
    }

    // Who the caller is now; null: signed out.
    private static Task<Caller?> AgainAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<Callers>().OfAsync(context.Request);

    private static void Write(IBufferWriter<byte> body, string type, LiveData data) => body.Write(Bytes(type, data));

    /// <summary>An event as it is written.</summary>
    internal static byte[] Bytes(string type, LiveData data) =>
        Encoding.UTF8.GetBytes($"event: {type}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n");
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

    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public string? What { get; init; }

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
