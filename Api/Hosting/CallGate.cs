using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Threadkeep.Messages;

namespace Threadkeep.Hosting;

/// <summary>
/// Lets so many REST calls work at once and turns the next away with 503. They share the connections to PostgreSQL: more of them
/// would only wait for each other. A program that sends in bulk gets a quarter, however many connections it opens: the rest is
/// for people. The live feed is not counted: it stays open and does nothing.
/// </summary>
public sealed class CallGate(IOptions<LimitOptions> options)
{
    private static readonly Meter Meter = new("Threadkeep.Api");
    private static readonly Counter<long> TurnedAway = Meter.CreateCounter<long>(
        "threadkeep.calls.turned_away",
        description: "REST calls answered 503 because too many were at work"
    );

    private readonly Places all = new(options.Value.Calls);
    private readonly Places bulk = new(options.Value.Calls / 4);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/api/v1", out var rest) || rest.StartsWithSegments("/live"))
        {
            await next(context);
            return;
        }
        var places = context.Request.Query["lane"] == MessageEndpoints.Bulk ? bulk : all;
        if (!places.TryEnter())
        {
            TurnedAway.Add(1);
            await Problems.Unavailable().ExecuteAsync(context);
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            places.Leave();
        }
    }

    private sealed class Places(int count)
    {
        private int taken;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref taken) <= count)
                return true;
            Interlocked.Decrement(ref taken);
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref taken);
    }
}
