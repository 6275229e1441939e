using System.Text.Json;
using static Threadkeep.Messages.Reading;

namespace Threadkeep.Channels;

/// <summary>Something that Meta holds against a WhatsApp account.</summary>
/// <param name="Kind">violation, restriction, disabled, scheduled_for_disable, deleted or removed.</param>
/// <param name="What">Of a violation or restriction: Meta's word for it, such as SCAM; of a number that was taken away, why. Null: Meta says no more.</param>
/// <param name="At">When Meta told it.</param>
/// <param name="Until">When it ends; null: Meta does not say.</param>
public sealed record AccountWarningView(string Kind, string? What, DateTimeOffset At, DateTimeOffset? Until);

/// <summary>What of Meta's account_update still stands (Cloud API, "account_update"): it is shown on the channel (SPEC ME4).</summary>
public static class AccountWarnings
{
    /// <summary>A violation has no end that Meta tells: for so long it is shown.</summary>
    public static readonly TimeSpan ViolationShown = TimeSpan.FromDays(30);

    /// <param name="events">The channel's account_update events, in any order.</param>
    public static IReadOnlyList<AccountWarningView> Of(IEnumerable<ChannelEventRow> events, DateTimeOffset now)
    {
        var standing = new List<AccountWarningView>();
        foreach (var told in events.OrderBy(e => e.At))
            Take(standing, told);
        standing.RemoveAll(w => w.Until <= now || w.Kind == "violation" && w.At + ViolationShown <= now);
        standing.Reverse();
        return standing;
    }

    private static void Take(List<AccountWarningView> standing, ChannelEventRow told)
    {
        if (told.Detail is null)
            return;
        using var document = JsonDocument.Parse(told.Detail);
        var value = Member(document.RootElement, "value");
        switch (Text(value, "event"))
        {
            case "ACCOUNT_VIOLATION":
                standing.Add(new("violation", Text(Member(value, "violation_info"), "violation_type"), told.At, null));
                break;
            // All that hold now, each with its end: they take the place of those told before.
            case "ACCOUNT_RESTRICTION":
                standing.RemoveAll(w => w.Kind == "restriction");
                foreach (var restriction in Items(Member(value, "restriction_info")))
                    standing.Add(
                        new(
                            "restriction",
                            Text(restriction, "restriction_type"),
                            told.At,
                            Number(restriction, "expiration") is { } end and > 0 and < 32_503_680_000
                                ? DateTimeOffset.FromUnixTimeSeconds((long)end)
                                : null
                        )
                    );
                break;
            case "DISABLED_UPDATE":
                standing.RemoveAll(w => w.Kind is "disabled" or "scheduled_for_disable");
                if (
                    Text(Member(value, "ban_info"), "waba_ban_state")
                    is ("DISABLE" or "SCHEDULE_FOR_DISABLE")
                        and var state
                )
                    standing.Add(
                        new(
                            state == "DISABLE" ? "disabled" : "scheduled_for_disable",
                            Text(Member(value, "ban_info"), "waba_ban_date"),
                            told.At,
                            null
                        )
                    );
                break;
            case "ACCOUNT_DELETED":
                standing.Add(new("deleted", null, told.At, null));
                break;
            case "PARTNER_REMOVED" or "PARTNER_APP_UNINSTALLED" or "ACCOUNT_OFFBOARDED":
                standing.RemoveAll(w => w.Kind == "removed");
                standing.Add(new("removed", Text(Member(value, "disconnection_info"), "reason"), told.At, null));
                break;
            case "PARTNER_ADDED" or "PARTNER_APP_INSTALLED" or "ACCOUNT_RECONNECTED":
                standing.RemoveAll(w => w.Kind == "removed");
                break;
        }
    }
}
