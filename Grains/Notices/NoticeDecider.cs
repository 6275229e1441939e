using System.Text.Json;
using Threadkeep.Threads;

namespace Threadkeep.Notices;

/// <summary>
/// Decides who is told of what. Pure. Nobody is told of what they did themselves, nor of a thread whose channel they may not see;
/// a ticket that is put off is quiet.
/// </summary>
public static class NoticeDecider
{
    /// <summary>Notices of what happened in threads. Messages of one thread come folded: one a person.</summary>
    /// <param name="people">Everybody of the items' accounts who is not turned off.</param>
    public static IReadOnlyList<NewNotice> Decide(IEnumerable<ThreadItem> items, IReadOnlyList<NoticePerson> people)
    {
        var byAccount = people.ToLookup(p => p.Account.Value);
        var told = new List<NewNotice>();
        var folded = new Dictionary<(Guid Agent, Guid Thread), int>();
        foreach (var item in items)
        {
            foreach (var notice in Of(item, [.. byAccount[item.AccountId].Where(p => p.Sees(item.ChannelId))]))
            {
                if (notice.Ways == NoticeWays.None)
                    continue;
                var place = (notice.Agent.Value, item.ThreadId);
                if (notice.Kind != NoticeKinds.Message)
                    told.Add(notice);
                else if (folded.TryGetValue(place, out var at))
                    told[at] = Fold(told[at], notice);
                else
                {
                    folded[place] = told.Count;
                    told.Add(notice);
                }
            }
        }
        return told;
    }

    /// <summary>Notices of tickets that are due soon: to their owner, else their team, else whoever supervises.</summary>
    public static IReadOnlyList<NewNotice> DueSoon(
        IEnumerable<DueTicket> tickets,
        IReadOnlyList<NoticePerson> people,
        DateTimeOffset now
    ) =>
        Told(
            tickets.SelectMany(ticket =>
                Caretakers(
                        [.. people.Where(p => p.Account.Value == ticket.AccountId && p.Sees(ticket.ChannelId))],
                        ticket.OwnerId,
                        ticket.TeamId
                    )
                    .Select(p => new NewNotice
                    {
                        Account = p.Account,
                        Agent = p.Agent,
                        Id = NewNotice.IdOf(
                            $"{NoticeKinds.SlaDueSoon} {ticket.TicketId:N} {ticket.IsResponse} {ticket.DueAt.UtcTicks}"
                        ),
                        Kind = NoticeKinds.SlaDueSoon,
                        Ways = p.Settings.WaysOf(NoticeEvents.Sla),
                        At = now,
                        Thread = ticket.ThreadId,
                        Data = Json(
                            new
                            {
                                clock = ticket.IsResponse ? "first_response" : "resolution",
                                dueAt = ticket.DueAt.UtcDateTime,
                            }
                        ),
                    })
            )
        );

    /// <summary>Notices of what admins look after.</summary>
    public static IReadOnlyList<NewNotice> Matters(
        IEnumerable<AccountMatter> matters,
        IReadOnlyList<NoticePerson> people,
        DateTimeOffset now
    ) =>
        Told(
            matters.SelectMany(matter =>
                people
                    .Where(p => p.Account.Value == matter.AccountId && p.IsAdmin)
                    .Select(p => new NewNotice
                    {
                        Account = p.Account,
                        Agent = p.Agent,
                        Id = NewNotice.IdOf($"{matter.Kind} {matter.Key}"),
                        Kind = matter.Kind,
                        Ways = p.Settings.WaysOf(NoticeEvents.Account),
                        At = now,
                        Data = matter.Data,
                    })
            )
        );

    private static NewNotice[] Told(IEnumerable<NewNotice> notices) =>
        [.. notices.Where(n => n.Ways != NoticeWays.None)];

    private static IEnumerable<NewNotice> Of(ThreadItem item, IReadOnlyList<NoticePerson> seeing) =>
        (item.Direction, item.Type) switch
        {
            ((short)MessageDirection.Inbound, var type) => InboundKind.Of(type).IsUnread && !item.IsSnoozed
                ? Answering(item, seeing, NoticeEvents.Message)
                    .Select(to => To(to.Person, item, NoticeKinds.Message, to.Event))
                : [],
            ((short)MessageDirection.Note, _) => seeing
                .Where(p => item.Mentioned.Contains(p.Agent.Value) && p.Agent.Value != item.AgentId)
                .Select(p => To(p, item, NoticeKinds.Mention, NoticeEvents.Mention)),
            // Read only where it failed.
            ((short)MessageDirection.Outbound, _) => seeing
                .Where(p => p.Agent.Value == item.AgentId)
                .Select(p => To(p, item, NoticeKinds.SendFailed, NoticeEvents.Failed) with { By = null }),
            (_, "ticket_changed") => Assigned(item, seeing),
            (_, "sla_breached") => Caretakers(seeing, item.OwnerId, item.TeamId)
                .Select(p =>
                    To(p, item, NoticeKinds.SlaOverdue, NoticeEvents.Sla) with
                    {
                        Data = Json(new { clock = Text(item.Data, "kind") }),
                    }
                ),
            (_, "session_warning") when !item.IsSnoozed => Answering(item, seeing, NoticeEvents.Closing)
                .Select(to =>
                    To(to.Person, item, NoticeKinds.SessionClosing, NoticeEvents.Closing) with
                    {
                        Data = Json(new { endsAt = Text(item.Data, "endsAt") }),
                    }
                ),
            _ => [],
        };

    // Its owner; where it is nobody's, whoever wants to hear of such tickets.
    private static IEnumerable<(NoticePerson Person, string Event)> Answering(
        ThreadItem item,
        IReadOnlyList<NoticePerson> seeing,
        string owned
    ) =>
        seeing.FirstOrDefault(p => p.Agent.Value == item.OwnerId) is { } owner
            ? [(owner, owned)]
            : seeing
                .Where(p =>
                    p.Answers
                    && (
                        p.Settings.Unassigned == NoticeSettings.OfEveryone
                        || item.TeamId is not { } team
                        || p.Teams.Contains(team)
                    )
                )
                .Select(p => (p, NoticeEvents.Unassigned));

    // Whom a promise concerns: somebody is told of it always.
    private static IEnumerable<NoticePerson> Caretakers(IReadOnlyList<NoticePerson> seeing, Guid? owner, Guid? team)
    {
        NoticePerson[] found = [.. seeing.Where(p => p.Agent.Value == owner)];
        if (found.Length == 0 && team is { } of)
            found = [.. seeing.Where(p => p.Answers && p.Teams.Contains(of))];
        if (found.Length == 0)
            found = [.. seeing.Where(p => p.IsSupervisor)];
        return found.Length > 0 ? found : seeing.Where(p => p.IsAdmin);
    }

    // As the item tells it; whoever has the ticket by now is told, and nobody who has lost it again.
    private static IEnumerable<NewNotice> Assigned(ThreadItem item, IReadOnlyList<NoticePerson> seeing)
    {
        var owner = NewValue(item.Data, "owner");
        var team = NewValue(item.Data, "team");
        if (owner is not null && owner == item.OwnerId)
            return seeing
                .Where(p => p.Agent.Value == owner && p.Agent.Value != item.AgentId)
                .Select(p => To(p, item, NoticeKinds.Assigned, NoticeEvents.Assigned));
        if (team is not null && team == item.TeamId && item.OwnerId is null)
            return seeing
                .Where(p => p.Answers && p.Teams.Contains(team.Value) && p.Agent.Value != item.AgentId)
                .Select(p =>
                    To(p, item, NoticeKinds.Assigned, NoticeEvents.Assigned) with
                    {
                        Data = Json(new { team = team.Value }),
                    }
                );
        return [];
    }

    private static NewNotice To(NoticePerson person, ThreadItem item, string kind, string noticeEvent) =>
        new()
        {
            Account = person.Account,
            Agent = person.Agent,
            // Messages fold, and their place in the outbox is had once; the rest is known by what it tells of.
            Id =
                kind == NoticeKinds.Message
                    ? Guid.CreateVersion7(item.At)
                    : NewNotice.IdOf($"{kind} {item.ThreadId:N} {item.Seq}"),
            Kind = kind,
            Ways = person.Settings.WaysOf(noticeEvent),
            At = item.At,
            Thread = item.ThreadId,
            Seq = item.Seq,
            By = item.AgentId,
        };

    private static NewNotice Fold(NewNotice first, NewNotice next) =>
        first with
        {
            At = next.At > first.At ? next.At : first.At,
            Seq = Math.Max(first.Seq!.Value, next.Seq!.Value),
            Count = first.Count + next.Count,
            Ways = next.Ways,
        };

    private static string Json(object data) => JsonSerializer.Serialize(data, JsonSerializerOptions.Web);

    private static string? Text(string? data, string property) =>
        data is not null && Read(data).TryGetProperty(property, out var value) ? value.GetString() : null;

    // What a change of the ticket made of one of its properties; null: it is not about that, or emptied it.
    private static Guid? NewValue(string? data, string property) =>
        data is not null
        && Read(data).TryGetProperty("changes", out var changes)
        && changes.TryGetProperty(property, out var change)
        && change.TryGetProperty("to", out var to)
        && to.ValueKind == JsonValueKind.String
        && Guid.TryParse(to.GetString(), out var id)
            ? id
            : null;

    private static JsonElement Read(string data) => JsonSerializer.Deserialize<JsonElement>(data);
}
