namespace Threadkeep.WhatsApp.Tests;

public sealed class GraphErrorsTests
{
    // Cloud API, "Error codes": whether the same message may be sent again.
    [Theory]
    [InlineData(0, GraphVerdict.TokenInvalid)]
    [InlineData(190, GraphVerdict.TokenInvalid)]
    [InlineData(1, GraphVerdict.Ambiguous)]
    [InlineData(131000, GraphVerdict.Ambiguous)]
    [InlineData(2, GraphVerdict.RetryLater)]
    [InlineData(4, GraphVerdict.RetryLater)]
    [InlineData(613, GraphVerdict.RetryLater)]
    [InlineData(80007, GraphVerdict.RetryLater)]
    [InlineData(130429, GraphVerdict.RetryLater)]
    [InlineData(131056, GraphVerdict.RetryLater)]
    [InlineData(131016, GraphVerdict.RetryLater)]
    [InlineData(133004, GraphVerdict.RetryLater)]
    [InlineData(3, GraphVerdict.Refused)]
    [InlineData(10, GraphVerdict.Refused)]
    [InlineData(33, GraphVerdict.Refused)]
    [InlineData(100, GraphVerdict.Refused)]
    [InlineData(200, GraphVerdict.Refused)]
    [InlineData(299, GraphVerdict.Refused)]
    [InlineData(368, GraphVerdict.Refused)]
    [InlineData(130403, GraphVerdict.Refused)]
    [InlineData(130472, GraphVerdict.Refused)]
    [InlineData(130497, GraphVerdict.Refused)]
    [InlineData(131009, GraphVerdict.Refused)]
    [InlineData(131026, GraphVerdict.Refused)]
    [InlineData(131031, GraphVerdict.Refused)]
    [InlineData(131042, GraphVerdict.Refused)]
    [InlineData(131045, GraphVerdict.Refused)]
    [InlineData(131047, GraphVerdict.Refused)]
    [InlineData(131048, GraphVerdict.Refused)]
    [InlineData(131049, GraphVerdict.Refused)]
    [InlineData(131050, GraphVerdict.Refused)]
    [InlineData(131053, GraphVerdict.Refused)]
    [InlineData(132000, GraphVerdict.Refused)]
    [InlineData(132001, GraphVerdict.Refused)]
    [InlineData(132012, GraphVerdict.Refused)]
    [InlineData(132015, GraphVerdict.Refused)]
    [InlineData(132016, GraphVerdict.Refused)]
    [InlineData(133010, GraphVerdict.Refused)]
    [InlineData(999_999, GraphVerdict.Ambiguous)]
    public void A_code_says_whether_the_message_may_be_tried_again(int code, GraphVerdict verdict) =>
        GraphErrors.Of(code).Verdict.ShouldBe(verdict);

    [Theory]
    [InlineData(131047, "session_closed")]
    [InlineData(131026, "not_on_whatsapp")]
    [InlineData(131050, "user_stopped_marketing")]
    [InlineData(132015, "template_paused")]
    [InlineData(132001, "template_not_approved")]
    [InlineData(132000, "template_parameters")]
    [InlineData(131042, "payment_problem")]
    [InlineData(190, "token_invalid")]
    [InlineData(131056, "rate_limited")]
    [InlineData(100, "meta_error")]
    public void A_code_has_a_stable_name(int code, string name) => GraphErrors.Of(code).Code.ShouldBe(name);

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
