using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

/// <summary>Short names for what the tests of the deciders need.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly AccountId Account = new(Guid.Parse("0a000000-0000-0000-0000-000000000001"));
    public static readonly ChannelId Channel = new(Guid.Parse("0c000000-0000-0000-0000-000000000001"));
    public static readonly CustomerIdentity Rita = new("351910000002", "PT.7Hq2");

    public static ThreadState NewThread { get; } = ThreadState.Empty(Account, Identities.ThreadOf(Channel, "wa:1", 0));

    /// <param name="written">Meta's stamp; by default the arrival itself.</param>
    public static InboundItem Message(
        string wamid,
        DateTimeOffset arrived,
        DateTimeOffset? written = null,
        string type = "text",
        CustomerIdentity? from = null
    ) =>
        new()
        {
            Wamid = wamid,
            Customer = from ?? Rita,
            Type = type,
            Timestamp = (written ?? arrived).ToUnixTimeSeconds(),
            Text = type == "text" ? "hello" : null,
            Raw = "{}"u8.ToArray(),
            ReceivedAt = arrived,
        };

    public static ReceiveMessages Receive(params InboundItem[] items) => new() { Channel = Channel, Items = items };

    public static ReceiveContext At(
        DateTimeOffset now,
        int ticket = 7,
        string[]? stored = null,
        Dictionary<string, ThreadId>? denied = null,
        Dictionary<string, string>? leaveOver = null
    ) => new(now, (stored ?? []).ToHashSet(), ticket, denied ?? [], leaveOver ?? []);

    /// <summary>The thread after these messages arrived, all at once.</summary>
    public static ThreadState After(this ThreadState state, DateTimeOffset now, params InboundItem[] items) =>
        ReceiveDecider.Decide(state, Receive(items), At(now)).After;

    public static IEnumerable<string> Types(this Decision decision) =>
        decision.Commit is null ? [] : decision.Commit.Messages.Select(m => m.Type);

    public static AcceptMessage Send(string type, string key) =>
        new()
        {
            IdempotencyKey = key,
            RequestHash = [1],
            Type = type,
            Text = key,
            Body = $$$"""{"type":"{{{type}}}","{{{type}}}":{}}""",
            Media = type == "image" ? new StoredMedia("aa", "image/png", 3, "a.png") : null,
            TemplateName = type == "template" ? "visit" : null,
        };
}
