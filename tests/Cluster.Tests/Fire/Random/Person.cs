namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>A message that somebody wrote.</summary>
/// <param name="Meta">The object in <c>messages</c>, as Meta posts it, and posts it again.</param>
/// <param name="Contact">The object in <c>contacts</c>.</param>
/// <param name="Names">What it calls its writer.</param>
internal sealed record Written(
    string Wamid,
    DateTimeOffset At,
    bool IsText,
    object Meta,
    object Contact,
    (string? WaId, string? UserId) Names
);

/// <summary>A message that the product accepted to send, and every stage that Meta told of it.</summary>
internal sealed class Sent(string id, bool isTemplate)
{
    public string Id { get; } = id;

    public bool IsTemplate { get; } = isTemplate;

    public HashSet<string> Told { get; } = [];

    /// <summary>What REST must call it: the highest stage told; failed unless it was delivered after all; without a post nobody knows.</summary>
    public string Status =>
        Told.Contains("read") ? "read"
        : Told.Contains("delivered") ? "delivered"
        : Told.Contains("failed") ? "failed"
        : Told.Contains("sent") ? "sent"
        : "unconfirmed";
}

/// <summary>
/// The model: a person is one thread, whatever the person is called at the time, and the thread holds what the person wrote and what
/// was sent to the person. Nothing here knows the product's rules.
/// </summary>
internal sealed class Person(System.Random random, DateTimeOffset clock, string? waId, string? userId)
{
    private static int wamids;

    private DateTimeOffset clock = clock;
    private bool shows;
    private string? username = waId is null ? NewUsername() : null;

    public string? WaId { get; private set; } = waId;

    public string? UserId { get; private set; } = userId;

    public List<Written> Messages { get; } = [];

    public List<Sent> Sends { get; } = [];

    /// <summary>What it did, in words, for whoever must find out why the database differs.</summary>
    public List<string> Story { get; } = [];

    public int Unread { get; set; }

    public string? Thread { get; set; }

    public DateTimeOffset Now => clock;

    /// <summary>The identities that its thread owns.</summary>
    public IEnumerable<string> Identities
    {
        get
        {
            if (WaId is not null)
                yield return "wa:" + WaId;
            if (UserId is not null)
                yield return "user:" + UserId;
        }
    }

    /// <summary>Writes a text, a second after the one before; not posted yet.</summary>
    public Written Write()
    {
        clock = clock.AddSeconds(1);
        // Whoever has both names is now and then named by one alone.
        var byIdOnly = UserId is not null && Messages.Count > 0 && !shows && random.Next(4) == 0;
        shows = false;
        var (from, id) = (byIdOnly ? null : WaId, UserId);
        var wamid = NewWamid();
        Story.Add($"{wamid} from {from} {id}");
        return new Written(
            wamid,
            clock,
            IsText: true,
            new Dictionary<string, object?>
            {
                ["from"] = from,
                ["from_user_id"] = id,
                ["id"] = wamid,
                ["timestamp"] = $"{clock.ToUnixTimeSeconds()}",
                ["type"] = "text",
                ["text"] = new { body = wamid },
            },
            new Dictionary<string, object?>
            {
                ["profile"] = username is null ? new { name = "Somebody" } : new { name = "Somebody", username },
                ["wa_id"] = from,
                ["user_id"] = id,
            },
            (from, id)
        );
    }

    /// <summary>Goes by another number from now on, and by another id, where Meta gave one.</summary>
    public Written ChangeNumber(string next)
    {
        clock = clock.AddSeconds(1);
        var wamid = NewWamid();
        var nextId = UserId is null ? null : NewUserId();
        var said = new Written(
            wamid,
            clock,
            IsText: false,
            new Dictionary<string, object?>
            {
                ["from"] = WaId,
                ["from_user_id"] = UserId,
                ["id"] = wamid,
                ["timestamp"] = $"{clock.ToUnixTimeSeconds()}",
                ["type"] = "system",
                ["system"] = new Dictionary<string, object?>
                {
                    ["body"] = wamid,
                    ["type"] = "user_changed_number",
                    ["wa_id"] = next,
                    ["user_id"] = nextId,
                },
            },
            new Dictionary<string, object?> { ["wa_id"] = WaId, ["user_id"] = UserId },
            (WaId, UserId)
        );
        Story.Add($"{wamid} from {WaId} {UserId}: goes by {next} {nextId}");
        (WaId, UserId) = (next, nextId);
        return said;
    }

    /// <summary>Somebody else has the number now; this person is reached by id alone.</summary>
    public Person LoseNumber()
    {
        var owner = NextOwner(WaId!, NewUserId());
        WaId = null;
        return owner;
    }

    /// <summary>Somebody else who has this number from now on.</summary>
    /// <param name="id">Null: Meta names the other by the number alone.</param>
    public Person NextOwner(string number, string? id)
    {
        Story.Add($"{number} belongs to {id ?? "somebody"}");
        return new Person(random, clock, number, id);
    }

    /// <summary>Takes another username: who it is does not change.</summary>
    public void ChangeUsername()
    {
        username = NewUsername();
        Story.Add($"is called {username}");
    }

    /// <summary>Shows the number beside the id from now on.</summary>
    public void ShowNumber(string number)
    {
        WaId = number;
        shows = true; // nobody knows it before a message has told it
        Story.Add($"shows {number}");
    }

    public static string NewUserId() => $"JP.{Guid.NewGuid():N}";

    private static string NewUsername() => $"somebody.{Interlocked.Increment(ref wamids)}";

    private static string NewWamid() => $"wamid.random{Interlocked.Increment(ref wamids)}";
}
