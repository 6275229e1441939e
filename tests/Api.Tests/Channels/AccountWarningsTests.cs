using Threadkeep.Channels;

namespace Threadkeep.Api.Tests.Channels;

/// <summary>What of Meta's words about an account still stands.</summary>
public sealed class AccountWarningsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    // Each is told a day after the one before, the last one an hour ago.
    private static string[] After(params string[] values)
    {
        var events = values.Select(
            (value, n) =>
                new ChannelEventRow
                {
                    Kind = "account_update",
                    At = Now.AddHours(-1).AddDays(n + 1 - values.Length),
                    Detail = $$$"""{"field":"account_update","value":{{{value}}}}""",
                }
        );
        return [.. AccountWarnings.Of(events.Reverse(), Now).Select(w => $"{w.Kind} {w.What}".Trim())];
    }

    private const string Violation = """{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM"}}""";

    private static string Restricted(string type, long until) =>
        $$$"""{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"{{{type}}}","expiration":{{{until}}}}]}""";

    private static string Ban(string state) =>
        $$$"""{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"{{{state}}}","waba_ban_date":"December 1, 2026"}}""";

    [Fact]
    public void A_violation_is_shown_for_30_days()
    {
        After(Violation).ShouldBe(["violation SCAM"]);
        After([Violation, .. Enumerable.Repeat("{}", 29)]).ShouldBe(["violation SCAM"]);
        After([Violation, .. Enumerable.Repeat("{}", 30)]).ShouldBeEmpty();
    }

    [Fact]
    public void A_restriction_stands_until_it_ends_or_others_take_its_place()
    {
        var (over, later) = (Now.ToUnixTimeSeconds(), Now.AddDays(1).ToUnixTimeSeconds());
        After(Restricted("A", later)).ShouldBe(["restriction A"]);
        After(Restricted("A", over)).ShouldBeEmpty();
        After(Restricted("A", later), Restricted("B", later)).ShouldBe(["restriction B"]);
        After(Restricted("A", later), """{"event":"ACCOUNT_RESTRICTION","restriction_info":[]}""").ShouldBeEmpty();
    }

    [Fact]
    public void A_ban_stands_until_it_is_taken_back()
    {
        After(Ban("SCHEDULE_FOR_DISABLE")).ShouldBe(["scheduled_for_disable December 1, 2026"]);
        After(Ban("SCHEDULE_FOR_DISABLE"), Ban("DISABLE")).ShouldBe(["disabled December 1, 2026"]);
        After(Ban("DISABLE"), Ban("REINSTATE")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PARTNER_REMOVED", "PARTNER_ADDED")]
    [InlineData("PARTNER_APP_UNINSTALLED", "PARTNER_APP_INSTALLED")]
    [InlineData("ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED")]
    public void A_number_that_was_taken_away_is_said_until_it_is_back(string gone, string back)
    {
        var told = $$$"""{"event":"{{{gone}}}","disconnection_info":{"reason":"PRIMARY_INACTIVITY"}}""";
        After(told).ShouldBe(["removed PRIMARY_INACTIVITY"]);
        After(told, $$$"""{"event":"{{{back}}}"}""").ShouldBeEmpty();
    }

    [Fact]
    public void The_latest_comes_first_and_what_is_no_warning_is_none() =>
        After(
                Violation,
                """{"event":"ACCOUNT_DELETED"}""",
                """{"event":"VOLUME_BASED_PRICING_TIER_UPDATE"}""",
                """{"event":7,"violation_info":"x"}""",
                "[]"
            )
            .ShouldBe(["deleted", "violation SCAM"]);
}
