using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Chats;

/// <summary>All chats: what was written, when the service window ends, who is writing.</summary>
public sealed class ChatBook
{
    /// <summary>The customer service window: free-form messages for 24 hours after the customer's last.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private static readonly TimeSpan FreeEntry = TimeSpan.FromHours(72);
    private static readonly TimeSpan TypingShown = TimeSpan.FromSeconds(25);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Number, string WaId), List<string>> chats = [];
    private readonly Dictionary<(string Number, string WaId), DateTimeOffset> lastInbound = [];
    private readonly Dictionary<(string Number, string WaId), DateTimeOffset> typingUntil = [];
    private readonly Table<ChatMessage> messages;
    private readonly LiveEvents live;
    private readonly TimeProvider time;

    public ChatBook(Journal journal, LiveEvents live, TimeProvider time)
    {
        messages = new Table<ChatMessage>("messages", m => m.Wamid, journal);
        this.live = live;
        this.time = time;
        foreach (var message in messages.All())
            Enter(message);
    }

    public ChatMessage? Find(string? wamid) => messages.Find(wamid);

    public ChatMessage[] All() => messages.All();

    /// <summary>A chat's messages, oldest first by the time they were written.</summary>
    public ChatMessage[] Of(string phoneNumberId, string waId)
    {
        string[] wamids;
        lock (gate)
            wamids = chats.TryGetValue((phoneNumberId, waId), out var chat) ? [.. chat] : [];
        return [.. wamids.Select(messages.Find).OfType<ChatMessage>().OrderBy(m => m.At)];
    }

    /// <summary>Adds the message; false if its id is there already.</summary>
    public bool Add(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!messages.TryAdd(message))
            return false;
        Enter(message);
        if (!message.IsInbound)
            StopTyping(message.PhoneNumberId, message.WaId);
        Tell(message);
        return true;
    }

    /// <summary>Moves a message's status forward; false if it was there or further.</summary>
    public bool Advance(string wamid, string status, int? errorCode = null)
    {
        var moved = false;
        var message = messages.Change(
            wamid,
            m =>
            {
                moved = DeliveryOrder.Later(m.Status, status) != m.Status;
                return moved ? m with { Status = status, ErrorCode = errorCode } : m;
            }
        );
        if (moved)
            Tell(message!);
        return moved;
    }

    /// <summary>End of the customer service window; null where the customer never wrote.</summary>
    public DateTimeOffset? WindowEnd(string phoneNumberId, string waId)
    {
        lock (gate)
            return lastInbound.TryGetValue((phoneNumberId, waId), out var at) ? at + Window : null;
    }

    public bool IsWindowOpen(string phoneNumberId, string waId) => WindowEnd(phoneNumberId, waId) > time.GetUtcNow();

    /// <summary>
    /// Until when everything is free for a customer who came by an advertisement: 72 hours from the first answer, if that came within 24
    /// (Cloud API, "Windows and prices"). Null: they did not, or it is over. An answer that is sent now may be the first.
    /// </summary>
    public DateTimeOffset? FreeUntil(string phoneNumberId, string waId)
    {
        var now = time.GetUtcNow();
        var chat = Of(phoneNumberId, waId);
        if (chat.LastOrDefault(m => m.FromAd) is not { } came)
            return null;
        var answered = chat.FirstOrDefault(m => !m.IsInbound && m.At >= came.At)?.At ?? now;
        return answered - came.At <= Window && answered + FreeEntry > now ? answered + FreeEntry : null;
    }

    /// <summary>The business shows "writing", for 25 seconds or until it answers.</summary>
    public void StartTyping(string phoneNumberId, string waId)
    {
        lock (gate)
            typingUntil[(phoneNumberId, waId)] = time.GetUtcNow() + TypingShown;
        live.Tell(new LiveEvent("chat", phoneNumberId, waId));
    }

    public DateTimeOffset? TypingUntil(string phoneNumberId, string waId)
    {
        lock (gate)
            return typingUntil.TryGetValue((phoneNumberId, waId), out var until) && until > time.GetUtcNow()
                ? until
                : null;
    }

    /// <summary>The customer's chats go along to the new number.</summary>
    public void Renumber(string from, string to)
    {
        string[] moving;
        lock (gate)
        {
            moving = [.. chats.Where(c => c.Key.WaId == from).SelectMany(c => c.Value)];
            foreach (var key in chats.Keys.Where(k => k.WaId == from).ToArray())
            {
                chats.Remove(key);
                lastInbound.Remove(key);
            }
        }
        foreach (var wamid in moving)
            if (messages.Change(wamid, m => m with { WaId = to }) is { } moved)
                Enter(moved);
        live.Tell(new LiveEvent("customers"));
    }

    private void Enter(ChatMessage message)
    {
        var key = (message.PhoneNumberId, message.WaId);
        lock (gate)
        {
            if (!chats.TryGetValue(key, out var chat))
                chats[key] = chat = [];
            chat.Add(message.Wamid);
            if (OpensWindow(message) && message.At > lastInbound.GetValueOrDefault(key))
                lastInbound[key] = message.At;
        }
    }

    // Whether reactions renew the window is not documented; the cautious reading is that they do not.
    private static bool OpensWindow(ChatMessage message) =>
        message.IsInbound && message.Type is not ("system" or "reaction" or "edit" or "revoke");

    private void StopTyping(string phoneNumberId, string waId)
    {
        lock (gate)
            typingUntil.Remove((phoneNumberId, waId));
    }

    private void Tell(ChatMessage message) => live.Tell(new LiveEvent("chat", message.PhoneNumberId, message.WaId));
}
