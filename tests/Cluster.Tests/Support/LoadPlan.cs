namespace Threadkeep.Cluster.Tests.Support;

/// <summary>Who writes and sends in a <see cref="SteadyLoad"/>. Everybody waits for one answer, then <see cref="Pause"/>, then goes on.</summary>
public sealed record LoadPlan
{
    /// <summary>Customers who write as long as the load lasts; each is answered by an agent.</summary>
    public int Residents { get; init; } = 16;

    /// <summary>Customers at the same time who fall silent after <see cref="TextsOfNewcomers"/> texts; then somebody new begins.</summary>
    public int Newcomers { get; init; } = 6;

    public int TextsOfNewcomers { get; init; } = 10;

    /// <summary>An agent answers a resident after so many texts and marks the thread as read; 0: never.</summary>
    public int AnswerEvery { get; init; } = 5;

    /// <summary>Customers whose session ends while the load runs; from then on they get templates, which count.</summary>
    public int Silent { get; init; } = 2;

    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>What was asked of the product.</summary>
public enum LoadKind
{
    /// <summary>A webhook with one text.</summary>
    Webhook,

    /// <summary>A text from an agent.</summary>
    Reply,

    /// <summary>A template outside a session.</summary>
    Template,

    /// <summary>A thread is marked as read.</summary>
    Read,
}

/// <summary>One request of a load and its answer.</summary>
/// <param name="Begun">Timestamp of <see cref="TimeProvider"/>.</param>
/// <param name="Status">0: no answer.</param>
public sealed record LoadAnswer(LoadKind Kind, string WaId, long Begun, TimeSpan Took, int Status)
{
    /// <summary>Neither done nor refused for good: it is asked again.</summary>
    public bool IsRefusal => Status is 0 or >= 500;
}

/// <summary>A message that the product has accepted to send.</summary>
/// <param name="Accepted">When its answer came.</param>
public sealed record LoadSend(string Thread, string Id, bool IsTemplate, DateTimeOffset Accepted);

/// <summary>One customer of a load, and what must be true of the thread: simple counting, no rules.</summary>
public sealed class LoadCustomer(string waId)
{
    public string WaId { get; } = waId;

    /// <summary>The wamids that were answered 200, in the order in which they were written.</summary>
    public List<string> Acknowledged { get; } = [];

    public List<LoadSend> Sends { get; } = [];

    /// <summary>Texts since the thread was last marked as read.</summary>
    public int Unread { get; set; }

    public string? Thread { get; set; }

    /// <summary>When the session ends; null: not while the load runs.</summary>
    public DateTimeOffset? SessionEnds { get; init; }
}
