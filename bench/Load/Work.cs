using Threadkeep.Bench.Population;

namespace Threadkeep.Bench.Load;

/// <summary>What one connection posts, one request after the other, and what of it was acknowledged.</summary>
internal interface IWork
{
    /// <summary>Messages or statuses in each request.</summary>
    int ItemsEach { get; }

    /// <summary>The next request, signed; null: there is none left.</summary>
    ReadOnlyMemory<byte>? Next();

    /// <summary>The answer to the request that <see cref="Next"/> gave last: true for 200.</summary>
    void Answered(bool good);
}

/// <summary>Which customers write.</summary>
internal static class Customers
{
    /// <summary>Any of the first so many, at random; a batch begins there and goes on with those next to it.</summary>
    public static Func<int?> AtRandom(int count, int seed)
    {
        var dice = (uint)(seed + 1) * 2_654_435_761;
        return () =>
        {
            dice = dice * 1_664_525 + 1_013_904_223;
            return (int)((dice >> 4) % count);
        };
    }

    /// <summary>Each of a range once, for all lanes that share this.</summary>
    /// <param name="step">Messages in a webhook.</param>
    public static Func<int?> Once(int first, int count, int step = 1)
    {
        var next = first - step;
        return () => Interlocked.Add(ref next, step) is var n && n < first + count ? n : null;
    }

    /// <summary>All of a range in turn, again and again, for all lanes that share this.</summary>
    public static Func<int?> InTurn(int first, int count)
    {
        var next = -1;
        return () => first + (int)((uint)Interlocked.Increment(ref next) % count);
    }
}

/// <summary>Text messages, each with a wamid of its own.</summary>
/// <param name="run">Number of the point: first part of its wamids.</param>
/// <param name="lane">The second part.</param>
/// <param name="customers">How many there are: a batch starts over after the last.</param>
/// <param name="next">Who writes next; null: nobody any more.</param>
/// <param name="sending">Called before a request is given out.</param>
/// <param name="repeatEvery">So often a request is the one before once more, as Meta does where an answer was lost; 0: never.</param>
internal sealed class MessageWork(
    Uri url,
    int run,
    int lane,
    int customers,
    Func<int?> next,
    int batch = 1,
    Action<int>? sending = null,
    int repeatEvery = 0
) : IWork
{
    private readonly Webhook webhook = Webhook.Messages(url, batch);
    private readonly string[] wamids = new string[batch];
    private ReadOnlyMemory<byte> before;
    private int posted;
    private int given;

    public int ItemsEach => batch;

    public List<string> Acknowledged { get; } = [];

    /// <summary>So many lanes of random customers.</summary>
    public static MessageWork[] AtRandom(
        Uri url,
        int run,
        int lanes,
        int customers,
        int batch = 1,
        int repeatEvery = 0
    ) =>
        [
            .. Enumerable
                .Range(0, lanes)
                .Select(n => new MessageWork(
                    url,
                    run,
                    n,
                    customers,
                    Customers.AtRandom(customers, run * 1_000 + n),
                    batch,
                    repeatEvery: repeatEvery
                )),
        ];

    public static string Prefix(int run) => $"wamid.{run:0000}";

    public ReadOnlyMemory<byte>? Next()
    {
        if (repeatEvery > 0 && ++given % repeatEvery == 0 && !before.IsEmpty)
            return before;
        if (next() is not { } first)
            return null;
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var n = 0; n < batch; n++)
        {
            wamids[n] = $"wamid.{run:0000}{lane:0000}{posted:000000000}{n:000}";
            webhook.PutMessage(n, batch, wamids[n], (first + n) % customers, seconds);
        }
        posted++;
        sending?.Invoke(first);
        before = webhook.Sign();
        return before;
    }

    public void Answered(bool good)
    {
        if (good)
            Acknowledged.AddRange(wamids);
    }
}

/// <summary>Three statuses for each of the crowd's sent messages: sent, delivered, read.</summary>
/// <param name="first">The first message; then every <paramref name="step"/>-th.</param>
/// <param name="end">Not this one any more.</param>
internal sealed class StatusWork(Uri url, Crowd crowd, int first, int step, int end) : IWork
{
    private readonly Webhook[] stages =
    [
        Webhook.Status(url, "sent"),
        Webhook.Status(url, "delivered"),
        Webhook.Status(url, "read"),
    ];
    private int message = first;
    private int stage = -1;

    public int ItemsEach => 1;

    /// <summary>Which stages of which message were acknowledged.</summary>
    public List<(int Message, int Stage)> Acknowledged { get; } = [];

    public ReadOnlyMemory<byte>? Next()
    {
        if (++stage == 3)
            (stage, message) = (0, message + step);
        if (message >= end)
            return null;
        var sent = crowd.Sent(message);
        stages[stage]
            .PutStatus(sent.Wamid, sent.Customer, sent.Id.ToString(), Crowd.ToldAt(sent.At, stage).ToUnixTimeSeconds());
        return stages[stage].Sign();
    }

    public void Answered(bool good)
    {
        if (good)
            Acknowledged.Add((message, stage));
    }
}
