using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Threadkeep.Accounts;

namespace Threadkeep.Live;

/// <summary>What a browser is told.</summary>
public abstract record LiveEvent
{
    /// <summary>This thread stands at this version now.</summary>
    public sealed record ThreadChanged(ThreadId Thread, long Version) : LiveEvent
    {
        private byte[]? bytes;

        /// <summary>As it is written to a browser: once for all of them.</summary>
        public ReadOnlyMemory<byte> Bytes =>
            bytes ??= LiveEndpoints.Bytes("thread", new LiveData { Id = Thread.ToString(), Version = Version });
    }

    /// <summary>Hints may have been missed.</summary>
    public sealed record Resync : LiveEvent;

    /// <summary>Somebody looks at a thread, or writes in it.</summary>
    public sealed record SomebodyThere(Presence Presence) : LiveEvent;

    /// <summary>Something of the account changed that is no thread; <see cref="AccountHint.Access"/> is for the feed itself.</summary>
    public sealed record AccountChanged(string What) : LiveEvent;
}

/// <summary>The browsers of this host, by account. One that does not keep up is told to refetch instead of getting every hint.</summary>
public sealed class LiveHub
{
    private const int MaxWaiting = 500;

    private static readonly Meter Meter = new("Threadkeep.Live");

    private readonly ConcurrentDictionary<Browser, byte> browsers = [];
    private readonly ConcurrentDictionary<AccountId, long> changes = [];
    private long resyncs;

    public LiveHub() => Meter.CreateObservableGauge("threadkeep.live.browsers", () => browsers.Count, "{browser}");

    /// <summary>Accounts that somebody here looks at.</summary>
    public Guid[] Accounts => [.. browsers.Keys.Select(b => b.Account.Value).Distinct()];

    /// <summary>Another number whenever something of the account may have changed.</summary>
    public long ChangesOf(AccountId account) => changes.GetValueOrDefault(account) + Interlocked.Read(ref resyncs);

    /// <param name="agent">Who sits there; null: a program.</param>
    public Browser Join(AccountId account, AgentId? agent)
    {
        var browser = new Browser(this, account, agent);
        browsers[browser] = 0;
        return browser;
    }

    /// <summary>Passes a hint on to the account's browsers that have not heard of this revision.</summary>
    public void Changed(ThreadHint hint)
    {
        changes.AddOrUpdate(hint.Account, 1, (_, count) => count + 1);
        var changed = new LiveEvent.ThreadChanged(hint.Thread, hint.Revision);
        foreach (var (browser, _) in browsers)
        {
            if (browser.Account == hint.Account)
                browser.Tell(changed);
        }
    }

    /// <summary>Tells the account's browsers who looks at a thread.</summary>
    public void Told(Presence presence)
    {
        foreach (var browser in browsers.Keys)
        {
            if (browser.Account == presence.Account)
                browser.Tell(new LiveEvent.SomebodyThere(presence));
        }
    }

    /// <summary>Tells the account's browsers what to read again.</summary>
    public void Told(AccountHint hint)
    {
        foreach (var browser in browsers.Keys)
        {
            if (
                browser.Account == hint.Account
                && (hint.Agents is null || browser.Agent is { } agent && hint.Agents.Contains(agent.Value))
            )
                browser.Tell(new LiveEvent.AccountChanged(hint.What));
        }
    }

    /// <summary>Tells the browsers of some accounts to refetch.</summary>
    public void Resync(Func<AccountId, bool> of)
    {
        Interlocked.Increment(ref resyncs);
        foreach (var browser in browsers.Keys)
        {
            if (of(browser.Account))
                browser.TellResync();
        }
    }

    /// <summary>One open feed.</summary>
    public sealed class Browser(LiveHub hub, AccountId account, AgentId? agent) : IDisposable
    {
        private readonly Channel<LiveEvent> waiting = Channel.CreateBounded<LiveEvent>(MaxWaiting);
        private readonly Dictionary<ThreadId, long> told = [];
        private readonly Lock guard = new();
        private bool behind;

        public AccountId Account { get; } = account;

        public AgentId? Agent { get; } = agent;

        public ChannelReader<LiveEvent> Events => waiting.Reader;

        public void Dispose() => hub.browsers.TryRemove(this, out _);

        internal void Tell(LiveEvent.ThreadChanged changed)
        {
            lock (guard)
            {
                if (told.TryGetValue(changed.Thread, out var version) && version >= changed.Version)
                    return;
                if (told.Count > 10_000)
                    told.Clear(); // worst case: a browser hears of a change twice
                told[changed.Thread] = changed.Version;
                if (behind && waiting.Reader.Count > 0)
                    return; // a refetch is already on its way to it
                behind = !waiting.Writer.TryWrite(changed);
                if (behind)
                    MakeRoom();
            }
        }

        // A browser that does not keep up does without.
        internal void Tell(LiveEvent passing)
        {
            lock (guard)
            {
                if (!behind && waiting.Reader.Count < MaxWaiting / 2)
                    waiting.Writer.TryWrite(passing);
            }
        }

        internal void TellResync()
        {
            lock (guard)
            {
                if (!waiting.Writer.TryWrite(new LiveEvent.Resync()))
                    MakeRoom();
            }
        }

        // It does not keep up: everything it has not read yet is one refetch.
        private void MakeRoom()
        {
            while (waiting.Reader.TryRead(out _)) { }
            waiting.Writer.TryWrite(new LiveEvent.Resync());
        }
    }
}
