using System.Text;
using CsCheck;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.WhatsApp.Tests.Webhooks;

/// <summary>What changes beside messages say (Cloud API, "Other fields").</summary>
public sealed class WabaChangeTests
{
    private static WabaChange Read(string field, string value) =>
        WabaChange.Of(field, Encoding.UTF8.GetBytes($$"""{"field":"{{field}}","value":{{value}}}"""));

    [Theory]
    [InlineData("APPROVED", "APPROVED")]
    [InlineData("PAUSED", "PAUSED")]
    [InlineData("REINSTATED", "APPROVED")]
    [InlineData("UNARCHIVED", "APPROVED")]
    [InlineData("FLAGGED", null)]
    [InlineData("SOMETHING_NEW", "SOMETHING_NEW")]
    public void A_template_stands_as_Meta_says(string told, string? status)
    {
        var template = Read(
            "message_template_status_update",
            $$"""{"event":"{{told}}","message_template_id":1200000000000001,"reason":"NONE"}"""
        ).Template!;
        template.GraphId.ShouldBe("1200000000000001");
        template.Status.ShouldBe(status);
        template.Reason.ShouldBeNull();
    }

    [Fact]
    public void The_reason_is_the_most_telling_one()
    {
        const string Head = "\"event\":\"REJECTED\",\"message_template_id\":1,\"reason\":\"INVALID_FORMAT\"";
        Read("message_template_status_update", $"{{{Head}}}").Template!.Reason.ShouldBe("INVALID_FORMAT");
        Read("message_template_status_update", $"{{{Head},\"rejection_info\":{{\"reason\":\"Two variables\"}}}}")
            .Template!.Reason.ShouldBe("Two variables");
    }

    [Fact]
    public void A_warning_of_another_category_changes_nothing_yet()
    {
        Read(
            "template_category_update",
            """{"message_template_id":1,"correct_category":"MARKETING","new_category":"UTILITY"}"""
        )
            .Template.ShouldBeNull();
        Read(
            "template_category_update",
            """{"message_template_id":1,"previous_category":"UTILITY","new_category":"MARKETING"}"""
        )
            .Template!.Category.ShouldBe("MARKETING");
    }

    [Fact]
    public void A_number_is_named_by_id_by_its_digits_or_not_at_all()
    {
        Read("security", """{"display_phone_number":"+351 21 000 0001"}""").DisplayNumber.ShouldBe("351210000001");
        Read("account_alerts", """{"entity_type":"PHONE_NUMBER","entity_id":"551122334455667"}""")
            .PhoneNumberId.ShouldBe("551122334455667");
        Read("account_alerts", """{"entity_type":"BUSINESS","entity_id":"7"}""").PhoneNumberId.ShouldBeNull();
        Read("account_update", """{"event":"ACCOUNT_DELETED"}""").DisplayNumber.ShouldBeNull();
    }

    [Fact]
    public void Whatever_stands_where_something_else_should_is_a_change_of_its_field_and_no_more() =>
        Gen.OneOf("null", "7", "\"x\"", "[]", "{}", "true", "[[{}]]", "{\"message_template_id\":{}}")
            .Select(
                Gen.OneOf(
                    "message_template_status_update",
                    "message_template_quality_update",
                    "template_category_update",
                    "account_alerts",
                    "user_preferences",
                    "x"
                )
            )
            .Sample((value, field) => Read(field, value) is { PhoneNumberId: null, Template: null });
}
