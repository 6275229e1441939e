namespace Threadkeep.WhatsApp.Tests;

public sealed class GraphErrorsTests
{
    // Every code that a send can meet (Cloud API, "Error codes"), as docs/whatsapp.md has them.
    public static TheoryData<string, GraphVerdict, int[]> Table() =>
        new()
        {
            { "token_invalid", GraphVerdict.TokenInvalid, [0, 190] },
            { "rate_limited", GraphVerdict.RetryLater, [4, 613, 80007, 130429, 131056, 131057, 2494100, 132069] },
            { "unavailable", GraphVerdict.RetryLater, [2, 131016, 133004] },
            { "meta_error", GraphVerdict.Ambiguous, [1, 131000] },
            { "session_closed", GraphVerdict.Refused, [131047] },
            { "not_on_whatsapp", GraphVerdict.Refused, [131026, 131030] },
            { "customer_blocked", GraphVerdict.Refused, [130403] },
            { "user_stopped_marketing", GraphVerdict.Refused, [131050] },
            { "ecosystem_limit", GraphVerdict.Refused, [131048, 131049, 130472] },
            { "template_paused", GraphVerdict.Refused, [132015] },
            { "template_not_approved", GraphVerdict.Refused, [132001, 132016] },
            { "template_parameters", GraphVerdict.Refused, [132000, 132005, 132008, 132012, 132018] },
            { "media_rejected", GraphVerdict.Refused, [131052, 131053] },
            { "payment_problem", GraphVerdict.Refused, [131042, 131044, 134011] },
            {
                "account_restricted",
                GraphVerdict.Refused,
                [3, 10, .. Enumerable.Range(200, 100), 368, 130497, 131005, 131031, 131064]
            },
            { "number_not_registered", GraphVerdict.Refused, [33, 131037, 131045, 133000, 133006, 133010] },
            { "policy", GraphVerdict.Refused, [132007] },
            {
                "meta_error",
                GraphVerdict.Refused,
                [
                    100,
                    131008,
                    131009,
                    131020,
                    131021,
                    131051,
                    131055,
                    131062,
                    131063,
                    132068,
                    134100,
                    134101,
                    134102,
                    135000,
                    137000,
                    .. Enumerable.Range(139000, 5),
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_code_has_a_stable_name_and_says_whether_the_message_may_be_tried_again(
        string name,
        GraphVerdict verdict,
        int[] codes
    )
    {
        foreach (var code in codes)
            (GraphErrors.Of(code).Code, GraphErrors.Of(code).Verdict).ShouldBe((name, verdict), $"{code}");
    }

    [Fact]
    public void Whatever_is_not_in_the_table_leaves_open_whether_it_was_sent()
    {
        var known = Table().SelectMany(row => row.Data.Item3).ToHashSet();
        for (var code = 0; code < 140_000; code++)
            if (!known.Contains(code))
                GraphErrors.Of(code).ShouldBe(GraphErrors.Of(null), $"{code}");
    }

    [Fact]
    public void Whatever_may_be_tried_again_says_after_how_long()
    {
        for (var code = 0; code < 140_000; code++)
        {
            var error = GraphErrors.Of(code);
            (error.RetryAfter > TimeSpan.Zero).ShouldBe(
                error.Verdict is GraphVerdict.RetryLater or GraphVerdict.TokenInvalid
            );
        }
    }

    [Fact]
    public void A_failure_without_a_code_leaves_open_whether_it_was_sent() =>
        GraphErrors.Of(null).ShouldBe(new GraphError("meta_error", GraphVerdict.Ambiguous));

    [Fact]
    public void Too_many_to_one_customer_waits_four_times_as_long_each_time() =>
        (GraphErrors.Of(131056).RetryAfter, GraphErrors.Of(131056).Growth, GraphErrors.Of(130429).Growth).ShouldBe(
            (TimeSpan.FromSeconds(4), 4, 2)
        );
}
