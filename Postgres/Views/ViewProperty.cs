using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>What kind of values a property has; it decides which operators apply.</summary>
public enum PropertyType
{
    /// <summary>Words that people write.</summary>
    Text,
    Number,
    Time,

    /// <summary>One of <see cref="ViewProperty.Choices"/>.</summary>
    Choice,

    /// <summary>An agent's id; <c>me</c> is whoever looks.</summary>
    Agent,

    /// <summary>A channel's id.</summary>
    Channel,

    /// <summary>A team's id; <c>mine</c> is any team of whoever looks.</summary>
    Team,
    Flag,

    /// <summary>Several words.</summary>
    Tags,

    /// <summary>Several skills' ids.</summary>
    Skill,

    /// <summary>A day without a time, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Several of <see cref="ViewProperty.Choices"/>.</summary>
    Choices,
}

/// <summary>A property that views filter by, sort by and show. The only place where its meaning in SQL stands.</summary>
/// <param name="Key">Stable; stored in views and used by REST.</param>
/// <param name="Sql">
/// Of the aliases <c>a</c> (activity), <c>t</c> (thread), <c>k</c> (its current ticket), <c>g</c> (its team), <c>e</c> (what it is promised), <c>c</c> (contact) and <c>m</c> (the last message);
/// <c>@now</c> is the time of asking. Never holds anything that a caller said.
/// </param>
/// <param name="Choices">The values of a <see cref="PropertyType.Choice"/> or of <see cref="PropertyType.Choices"/>.</param>
public sealed record ViewProperty(string Key, PropertyType Type, string Sql, IReadOnlyList<string>? Choices = null)
{
    /// <summary>The account's own property that this is; null: every ticket has it.</summary>
    public CustomProperty? Own { get; init; }

    /// <summary>What lists are ordered by; null: by the value.</summary>
    internal string? Order { get; init; }

    /// <summary>A ticket has several of them.</summary>
    internal bool IsList => Type is PropertyType.Tags or PropertyType.Skill or PropertyType.Choices;

    /// <summary>The operators that apply, as REST names them.</summary>
    public IReadOnlyList<string> Operators =>
        Type switch
        {
            PropertyType.Number or PropertyType.Date =>
            [
                ViewOperators.Between,
                ViewOperators.Known,
                ViewOperators.Unknown,
            ],
            PropertyType.Time =>
            [
                ViewOperators.Between,
                ViewOperators.NewerThan,
                ViewOperators.OlderThan,
                ViewOperators.Known,
                ViewOperators.Unknown,
            ],
            PropertyType.Flag when Own is null => [ViewOperators.AnyOf],
            PropertyType.Text =>
            [
                ViewOperators.AnyOf,
                ViewOperators.NoneOf,
                ViewOperators.Contains,
                ViewOperators.Known,
                ViewOperators.Unknown,
            ],
            _ => [ViewOperators.AnyOf, ViewOperators.NoneOf, ViewOperators.Known, ViewOperators.Unknown],
        };
}

/// <summary>The names of operators.</summary>
public static class ViewOperators
{
    public const string AnyOf = "anyOf";
    public const string NoneOf = "noneOf";
    public const string Contains = "contains";

    /// <summary>From (inclusive) to (inclusive for numbers and dates, exclusive for times); one end may be open.</summary>
    public const string Between = "between";

    /// <summary>Within the last so many hours.</summary>
    public const string NewerThan = "newerThan";

    /// <summary>More than so many hours ago.</summary>
    public const string OlderThan = "olderThan";
    public const string Known = "known";
    public const string Unknown = "unknown";
}

/// <summary>All properties of tickets, contacts, sessions and messages that views of every account know.</summary>
public static class ViewProperties
{
    // Of the current ticket alone: its own opening stands in the thread as an item.
    private const string SinceOpened = """
        m2.account_id = t.account_id and m2.thread_id = t.id and m2.seq > coalesce((
            select max(e.seq) from threadkeep.messages e
            where e.account_id = t.account_id and e.thread_id = t.id and e.direction = 2 and e.type = 'ticket_opened'), 0)
        """;

    // What is promised next of an open ticket; a clock that stands has no time.
    private const string Due = """
        (case when k.is_open then least(case when k.first_response_at is null then e.response_due_at end, e.resolution_due_at) end)
        """;

    public static readonly IReadOnlyList<ViewProperty> All =
    [
        new(
            "ticket.status",
            PropertyType.Choice,
            "t.ticket_status",
            ["new", "waiting_on_us", "waiting_on_contact", "closed"]
        ),
        new("ticket.owner", PropertyType.Agent, "k.owner_id"),
        // A team that is gone is none.
        new("ticket.team", PropertyType.Team, "g.id"),
        new("ticket.queuedAt", PropertyType.Time, "k.queued_at"),
        new("ticket.skills", PropertyType.Skill, "array(select left(n.need, 32) from unnest(k.skills) as n (need))"),
        new("ticket.priority", PropertyType.Choice, "k.priority", ["urgent", "high", "normal", "low"]),
        new("ticket.category", PropertyType.Text, "k.category"),
        new("ticket.tags", PropertyType.Tags, "k.tags"),
        new("ticket.subject", PropertyType.Text, "k.subject"),
        new("ticket.number", PropertyType.Number, "k.number"),
        new("ticket.source", PropertyType.Choice, "k.source", ["whatsapp", "email", "call", "manual", "api"]),
        new("ticket.openedAt", PropertyType.Time, "k.opened_at"),
        new("ticket.closedAt", PropertyType.Time, "k.closed_at"),
        new("ticket.snoozedUntil", PropertyType.Time, "k.snoozed_until"),
        new("ticket.firstResponseAt", PropertyType.Time, "k.first_response_at"),
        new(
            "ticket.firstResponseMinutes",
            PropertyType.Number,
            "(extract(epoch from k.first_response_at - k.opened_at) / 60)"
        ),
        new(
            "ticket.sla",
            PropertyType.Choice,
            $"""
            case when e.policy_id is null then null
                when {Due} <= @now then 'overdue'
                when {Due} <= @now + interval '1 hour' then 'due_soon'
                when {Due} is not null then 'on_time'
                when k.is_open and coalesce(case when k.first_response_at is null then e.response_left end, e.resolution_left) is not null
                    then 'paused'
                when coalesce(e.response_breached_at, e.resolution_breached_at) is not null then 'missed'
                else 'met' end
            """,
            ["overdue", "due_soon", "on_time", "paused", "missed", "met"]
        ),
        new("ticket.slaDueAt", PropertyType.Time, Due),
        new("contact.name", PropertyType.Text, "coalesce(c.name, t.profile_name)"),
        new("contact.number", PropertyType.Text, "t.wa_id"),
        new("contact.reading", PropertyType.Text, "nullif(concat_ws(' ', c.family_reading, c.given_reading), '')"),
        new("contact.phone", PropertyType.Text, "c.phone"),
        new("contact.mobilePhone", PropertyType.Text, "c.mobile_phone"),
        new("contact.email", PropertyType.Text, "c.email"),
        new("contact.honorific", PropertyType.Text, "c.honorific"),
        new("contact.language", PropertyType.Text, "c.language"),
        new("contact.timeZone", PropertyType.Text, "c.time_zone"),
        new("contact.lifecycle", PropertyType.Text, "c.lifecycle"),
        new("contact.note", PropertyType.Text, "c.note"),
        new(
            "contact.companies",
            PropertyType.Tags,
            """
            (select array_agg(p.name order by p.sort_key) from threadkeep.contact_companies l
                join threadkeep.companies p on p.account_id = l.account_id and p.id = l.company_id
                where l.account_id = c.account_id and l.contact_id in (
                    select c.id union all
                    select y.id from threadkeep.contacts y where y.account_id = c.account_id and y.same_as = c.id))
            """
        ),
        new("contact.createdAt", PropertyType.Time, "c.created_at"),
        // A ticket without a conversation is on none.
        new("channel", PropertyType.Channel, "nullif(t.channel_id, t.id)"),
        new(
            "session.state",
            PropertyType.Choice,
            """
            case when t.last_inbound_at is null then 'never' when t.last_inbound_at <= @now - interval '24 hours' then 'closed'
                when t.last_inbound_at <= @now - interval '22 hours' then 'closing' else 'open' end
            """,
            ["open", "closing", "closed", "never"]
        ),
        new("session.endsAt", PropertyType.Time, "(t.last_inbound_at + interval '24 hours')"),
        new("message.lastAt", PropertyType.Time, "a.at"),
        new("message.lastInboundAt", PropertyType.Time, "t.last_inbound_at"),
        new(
            "message.lastOutboundAt",
            PropertyType.Time,
            $"(select max(m2.at) from threadkeep.messages m2 where m2.direction = 1 and {SinceOpened})"
        ),
        new(
            "message.lastDirection",
            PropertyType.Choice,
            "case m.direction when 0 then 'inbound' when 1 then 'outbound' end",
            ["inbound", "outbound"]
        ),
        new("message.lastText", PropertyType.Text, "m.text"),
        new("message.lastType", PropertyType.Text, "m.type"),
        new("message.unread", PropertyType.Number, "t.unread"),
        new("message.answerOwed", PropertyType.Flag, "t.answer_owed"),
        new(
            "message.received",
            PropertyType.Number,
            $"(select count(*) from threadkeep.messages m2 where m2.direction = 0 and {SinceOpened})"
        ),
        new(
            "message.sent",
            PropertyType.Number,
            $"(select count(*) from threadkeep.messages m2 where m2.direction = 1 and {SinceOpened})"
        ),
        new(
            "message.lastTemplate",
            PropertyType.Text,
            $"""
            (select m2.template_name from threadkeep.messages m2 where m2.template_name is not null and {SinceOpened}
             order by m2.seq desc limit 1)
            """
        ),
        new(
            "message.hasMedia",
            PropertyType.Flag,
            $"exists (select from threadkeep.messages m2 where m2.media_state is not null and {SinceOpened})"
        ),
    ];
}
