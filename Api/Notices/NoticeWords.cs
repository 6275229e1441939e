using System.Globalization;
using Threadkeep.Mail;

namespace Threadkeep.Notices;

/// <summary>What a notice says outside of the console: the console's own catalogue, the times by the person's clock.</summary>
public static class NoticeWords
{
    public static string Title(NoticeView notice, string language, TimeZoneInfo zone)
    {
        string Text(string key, params (string, string)[] values) => Catalogue.Text(language, "notices." + key, values);
        var what = notice.Clock is { } clock ? Catalogue.Text(language, $"sla.awaits.{clock}") : "";
        var time = notice.DueAt is { } due
            ? TimeZoneInfo.ConvertTime(due, zone).ToString("HH:mm", CultureInfo.InvariantCulture)
            : "";
        return notice.Kind switch
        {
            NoticeKinds.Message => Plural(language, "notices.kinds.message", notice.Count),
            NoticeKinds.Assigned when notice.ToTeam => Text("kinds.assignedTeam", ("team", notice.Thread?.Team ?? "")),
            NoticeKinds.Assigned when notice.By is { } by => Text("kinds.assignedBy", ("name", by.Name)),
            NoticeKinds.Assigned => Text("kinds.assigned"),
            NoticeKinds.Mention => Text("kinds.mention", ("name", notice.By?.Name ?? "")),
            NoticeKinds.SlaDueSoon => Text("kinds.dueSoon", ("what", what), ("time", time)),
            NoticeKinds.SlaOverdue => Text("kinds.overdue", ("what", what)),
            NoticeKinds.SessionClosing => Text("kinds.closing", ("time", time)),
            NoticeKinds.SendFailed => Text("kinds.failed"),
            NoticeKinds.ApprovalWanted => Text("kinds.approvalWanted", ("name", notice.By?.Name ?? "")),
            NoticeKinds.ApprovalAnswered => Text(
                $"kinds.approvalAnswered.{notice.Outcome}",
                ("name", notice.By?.Name ?? "")
            ),
            NoticeKinds.Quota => Text("kinds.quota", ("threshold", Number(notice.Threshold ?? 0))),
            NoticeKinds.ChannelAttention => Text("kinds.channel", ("channel", notice.Channel ?? "")),
            _ => Plural(
                language,
                notice.Tickets.Count > 0 ? "notices.own" : "notices.others",
                notice.Count,
                ("name", notice.Owner?.Name ?? ""),
                ("minutes", Plural(language, "notices.minutes", notice.Minutes ?? 0))
            ),
        };
    }

    /// <summary>Whose it is: the customer where their name may be shown, and the ticket's number.</summary>
    public static string About(NoticeView notice, bool withName) =>
        string.Join(
            " ",
            new[]
            {
                withName ? notice.Thread?.Customer : null,
                notice.Thread?.TicketNumber is { } number ? $"#{Number(number)}" : null,
            }.OfType<string>()
        );

    /// <summary>Where the console shows what it is about, as a path.</summary>
    public static string PathOf(NoticeView notice) =>
        notice.Thread is not { } thread ? "/"
        : thread.MessageId is { } message ? $"/inbox/open/{thread.Id}?message={message}"
        : $"/inbox/open/{thread.Id}";

    /// <summary>Japanese has one plural form, English two.</summary>
    public static string Plural(string language, string key, int count, params (string, string)[] values) =>
        Catalogue.Text(
            language,
            key + (language == "en" && count == 1 ? "_one" : "_other"),
            [.. values, ("count", Number(count))]
        );

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
