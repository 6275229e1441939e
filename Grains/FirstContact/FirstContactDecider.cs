using System.Text.Json;
using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using Threadkeep.Tickets;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.FirstContact;

/// <summary>
/// Decides what a channel says by itself. Pure, and a part of the very decision that opens the session: what is said is queued in the commit
/// that stores the customer's message, so it is said once or not at all, whatever is killed. Greeting and menu go with the message that opens a
/// session. Outside business hours the other text takes the greeting's place; in a session that began within them it goes with the first
/// message that comes outside, under a key of the session.
/// </summary>
internal static class FirstContactDecider
{
    private const string Prefix = "menu:";

    /// <summary>True where a message that arrives now may be answered by itself: then its draw on the quota may be needed.</summary>
    public static bool MaySpeak(ThreadState state, ChannelId channel) =>
        !state.IsBlocked
        && !state.IsMoved
        && state.Rules.FirstContacts.TryGetValue(channel.Value, out var rules)
        && (rules.Settings.Greeting.Enabled || rules.Settings.OutOfHours.Enabled || rules.Settings.Menu.Enabled);

    public static void Speak(ThreadChanges changes, ThreadState before, ReceiveContext context)
    {
        var row = changes.Row;
        if (
            context.IsFormer
            || changes.IsBlocked
            || row.SessionSeq is not { } session
            || row.SessionClosed
            || row.LastInboundAt == before.Row.LastInboundAt
            || !SessionWindow.IsOpen(row.LastInboundAt, context.Now)
            || !changes.Rules.FirstContacts.TryGetValue(changes.Channel.Value, out var rules)
        )
            return;
        var (greeting, outOfHours, menu) = rules.Settings;
        var opened = session != before.Row.SessionSeq;
        var shut = outOfHours.Enabled && !rules.Hours.IsOpen(context.Now);
        // Whoever is being answered is not told that nobody is there.
        var answered = !opened && before.Row.TicketStatus == TicketWords.WaitingOnContact;
        if (shut && !answered && changes.AwaySession != session && !context.AwaySaid)
        {
            changes.AwaySession = session;
            var seq = Say(changes, "out_of_hours", "text", outOfHours.Text, TextBody, context);
            changes.Add(new KeyRow($"away-{changes.Thread}-{session}", seq, []));
        }
        else if (context.AwaySaid)
        {
            changes.AwaySession = session;
        }
        if (!opened)
            return;
        if (greeting.Enabled && !shut)
            Say(changes, "greeting", "text", greeting.Text, TextBody, context);
        if (menu.Enabled)
            Say(changes, "menu", "interactive", menu.Text, text => MenuBody(text, menu), context);
    }

    /// <summary>
    /// A tap on one of the menu's buttons sorts the ticket: its category, and its team where nobody has it yet. Whoever has it goes on.
    /// </summary>
    public static void Sort(ThreadChanges changes, InboundItem item, DateTimeOffset at)
    {
        if (
            item.Type != "interactive"
            || changes.Ticket is not { IsOpen: true } ticket
            || !changes.Rules.FirstContacts.TryGetValue(changes.Channel.Value, out var rules)
            || ButtonOf(item.Raw) is not { } key
            || rules.Settings.Menu.Buttons.FirstOrDefault(b => b.Key == key) is not { } button
        )
            return;
        var team = button.Team is { } named && ticket.Owner is null ? new TeamId(named) : ticket.Team;
        var sorted = ticket with
        {
            Category = button.Category ?? ticket.Category,
            Team = team,
            // Nobody's somewhere else: the rules look at it anew.
            Routed = ticket.Routed && team == ticket.Team,
        };
        if (sorted == ticket)
            return;
        changes.Ticket = sorted;
        changes.AddOwn(
            "ticket_sorted",
            at,
            new
            {
                ticketNumber = changes.Row.TicketNumber,
                category = button.Category,
                teamId = team == ticket.Team ? null : team?.ToString(),
                button = button.Title,
            }
        );
    }

    private static int Say(
        ThreadChanges changes,
        string kind,
        string type,
        string text,
        Func<string, JsonObject> body,
        ReceiveContext context
    )
    {
        var filled = FirstContactSettings.Filled(text, changes.Row.TicketNumber);
        var content = body(filled).ToJsonString();
        var seq = changes.NextSeq();
        // Never before the message that it answers, where Meta's clock is ahead of ours.
        var at = changes.Row.LastInboundAt is { } heard && heard > context.Now ? heard : context.Now;
        changes.AddAutomatic(
            new MessageRow
            {
                Seq = seq,
                Direction = MessageDirection.Outbound,
                Type = type,
                Text = filled,
                At = at,
                ReceivedAt = context.Now,
                Status = MessageStatus.Queued,
                Body = content,
                Data = JsonSerializer.Serialize(new { automatic = kind }, JsonSerializerOptions.Web),
            }
        );
        changes.Enqueue(
            new QueuedSend(
                new QueueRow
                {
                    Seq = seq,
                    Lane = QueueRow.Replies,
                    DueAt = context.Now,
                    AcceptedAt = context.Now,
                },
                new OutboundContent(type, content, null),
                Ledger: null
            )
        );
        if (context.Slot is { } slot && !changes.Row.SessionCounted)
            changes.Draw(seq, LedgerRow.UserInitiated, slot);
        return seq;
    }

    private static JsonObject TextBody(string text) =>
        new()
        {
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = text },
        };

    private static JsonObject MenuBody(string text, ContactMenu menu) =>
        new()
        {
            ["type"] = "interactive",
            ["interactive"] = new JsonObject
            {
                ["type"] = "button",
                ["body"] = new JsonObject { ["text"] = text },
                ["action"] = new JsonObject
                {
                    ["buttons"] = new JsonArray([
                        .. menu.Buttons.Select(b => new JsonObject
                        {
                            ["type"] = "reply",
                            ["reply"] = new JsonObject { ["id"] = Prefix + b.Key, ["title"] = b.Title },
                        }),
                    ]),
                },
            },
        };

    // The message object as it came: interactive.button_reply.id.
    private static string? ButtonOf(byte[] raw)
    {
        try
        {
            using var message = JsonDocument.Parse(raw);
            return
                message.RootElement.TryGetProperty("interactive", out var interactive)
                && interactive.ValueKind == JsonValueKind.Object
                && interactive.TryGetProperty("button_reply", out var reply)
                && reply.ValueKind == JsonValueKind.Object
                && reply.TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String
                && id.GetString() is { } text
                && text.StartsWith(Prefix, StringComparison.Ordinal)
                ? text[Prefix.Length..]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
