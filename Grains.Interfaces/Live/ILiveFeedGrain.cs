using Orleans.Concurrency;
using Threadkeep.Accounts;

namespace Threadkeep.Live;

/// <summary>A thread changed visibly and stands at this revision now. A hint: whoever cares reads.</summary>
[GenerateSerializer, Immutable, Alias("ThreadHint")]
public sealed record ThreadHint(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] ThreadId Thread,
    [property: Id(2)] long Revision
);

/// <summary>Somebody looks at a thread, or writes in it. Worth some seconds, and stored nowhere.</summary>
/// <param name="State"><c>viewing</c>, <c>typing</c> or <c>left</c>.</param>
/// <param name="Asks">They have just come: who else is there tells so.</param>
[GenerateSerializer, Immutable, Alias("Presence")]
public sealed record Presence(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] ThreadId Thread,
    [property: Id(2)] AgentId Agent,
    [property: Id(3)] string Name,
    [property: Id(4)] string State,
    [property: Id(5)] bool Asks
);

/// <summary>Something of an account changed that is no thread. A hint: whoever cares reads.</summary>
/// <param name="What">What to read again.</param>
/// <param name="Agents">Whom alone it concerns; null: everybody.</param>
[GenerateSerializer, Immutable, Alias("AccountHint")]
public sealed record AccountHint(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] string What,
    [property: Id(2)] Guid[]? Agents = null
)
{
    /// <summary>Who takes tickets, and how many.</summary>
    public const string Availability = "availability";

    /// <summary>Templates came, went, or may be sent (no more).</summary>
    public const string Templates = "templates";

    /// <summary>Messages that wait for somebody's word.</summary>
    public const string Approvals = "approvals";

    /// <summary>Views that are shared.</summary>
    public const string Views = "views";

    public const string Macros = "macros";

    /// <summary>A draft of somebody's has ended; told to them alone.</summary>
    public const string Drafts = "drafts";

    /// <summary>What somebody is told.</summary>
    public const string Notices = "notices";

    /// <summary>Who somebody is, or what they may see: their feeds look again. No browser is told this one.</summary>
    public const string Access = "access";
}

/// <summary>Where a feed stands. Another epoch: the feed's grain began anew; a jump in number: something was missed.</summary>
[GenerateSerializer, Immutable, Alias("FeedPosition")]
public sealed record FeedPosition([property: Id(0)] Guid Epoch, [property: Id(1)] long Number);

/// <summary>An Api host that passes hints on to its browsers.</summary>
[Alias("ILiveObserver")]
public interface ILiveObserver : IGrainObserver
{
    [Alias("Changed"), OneWay]
    Task Changed(int shard, FeedPosition position, ThreadHint[] hints);

    [Alias("Told"), OneWay]
    Task Told(Presence presence);

    [Alias("AccountChanged"), OneWay]
    Task AccountChanged(AccountHint hint);
}

/// <summary>Spreads hints to the Api hosts that want them. Key: shard of accounts, 0 to <see cref="GrainKeys.LiveFeedShards"/> - 1.</summary>
[Alias("ILiveFeedGrain")]
public interface ILiveFeedGrain : IGrainWithIntegerKey
{
    /// <summary>Begins or renews an observer; to be called every 30 s, forgotten after 2 minutes. Returns where the feed stands.</summary>
    [Alias("Subscribe")]
    Task<FeedPosition> Subscribe(ILiveObserver observer);

    /// <summary>Where the feed stands; cheap enough to ask whether the cluster answers.</summary>
    [Alias("Position"), AlwaysInterleave]
    Task<FeedPosition> Position();

    [Alias("Publish"), OneWay]
    Task Publish(ThreadHint[] hints);

    /// <summary>Passes on who looks at a thread. Not numbered: it comes again by itself.</summary>
    [Alias("Tell"), OneWay]
    Task Tell(Presence presence);

    /// <summary>Passes on that something of an account changed. Not numbered: browsers also read it every minute.</summary>
    [Alias("TellAccount"), OneWay]
    Task TellAccount(AccountHint hint);
}

/// <summary>Telling an account's browsers.</summary>
public static class AccountHints
{
    /// <summary>One-way, like every hint.</summary>
    /// <param name="agents">Whom alone it concerns; null: everybody.</param>
    public static Task TellAccountAsync(
        this IGrainFactory grains,
        AccountId account,
        string what,
        Guid[]? agents = null
    ) =>
        grains
            .GetGrain<ILiveFeedGrain>(GrainKeys.LiveFeedShard(account))
            .TellAccount(new AccountHint(account, what, agents));
}
