namespace Threadkeep.Sandbox.Webhooks;

/// <summary>One notification and what became of it.</summary>
/// <param name="Id">Ours.</param>
/// <param name="CreatedAt">When it came up, UTC. Repeats end seven days later.</param>
/// <param name="Body">The bytes that are signed and posted.</param>
/// <param name="Summary">What is in it.</param>
/// <param name="Wamids">Customers' messages in it.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, <c>dropped</c> (a fault) or <c>expired</c>.</param>
/// <param name="NextAttemptAt">When it is posted again, UTC.</param>
/// <param name="AttemptCount">Posts so far.</param>
/// <param name="Attempts">The last posts, oldest first.</param>
/// <param name="CallbackUri">Where it goes; null: to the app's address.</param>
public sealed record Delivery(
    string Id,
    DateTimeOffset CreatedAt,
    byte[] Body,
    string Summary,
    string[] Wamids,
    string State,
    DateTimeOffset? NextAttemptAt,
    int AttemptCount,
    Attempt[] Attempts,
    string? CallbackUri = null
)
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Dropped = "dropped";
    public const string Expired = "expired";
}

/// <param name="At">When it was posted, UTC.</param>
/// <param name="Status">HTTP status of the answer; null without one.</param>
/// <param name="Error">Why there was no answer.</param>
/// <param name="DurationMs">How long it took, milliseconds.</param>
public sealed record Attempt(DateTimeOffset At, int? Status, string? Error, long DurationMs);
