using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.WhatsApp.Tests.Pricing;

public sealed class ConversationPricingTests
{
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 9, 0, 0, TimeSpan.Zero);

    private static bool[] Charged(params (double Hours, string Category)[] messages) =>
        [
            .. ConversationPricing.Charged(
                messages.Select(m => new DeliveredMessage(Start.AddHours(m.Hours), m.Category))
            ),
        ];

    [Fact]
    public void A_conversation_is_charged_once_for_24_hours() =>
        Charged((0, "utility"), (1, "utility"), (23.9, "utility"), (24, "utility"))
            .ShouldBe([true, false, false, true]);

    [Fact]
    public void Each_category_has_its_own() =>
        Charged((0, "utility"), (1, "marketing"), (2, "utility"), (3, "marketing"))
            .ShouldBe([true, true, false, false]);

    [Fact]
    public void Free_form_messages_open_one_that_is_free() =>
        Charged((0, "service"), (1, "utility"), (2, "service"), (30, "service")).ShouldBe([false, true, false, false]);

    // Two that are charged in one category are never closer than 24 hours, and every message lies in one.
    [Fact]
    public void Conversations_of_a_category_never_overlap_and_leave_no_message_out()
    {
        var dice = new Random(20250630);
        string[] categories = ["utility", "marketing", "authentication", "service"];
        for (var n = 0; n < 300; n++)
        {
            var hours = 0.0;
            var messages = Enumerable
                .Range(0, 40)
                .Select(_ => (Hours: hours += dice.NextDouble() * 20, categories[dice.Next(4)]))
                .ToArray();
            var charged = Charged(messages);
            foreach (var category in categories[..3])
            {
                double? opened = null;
                for (var m = 0; m < messages.Length; m++)
                {
                    if (messages[m].Item2 != category)
                        continue;
                    if (charged[m])
                    {
                        if (opened is { } before)
                            (messages[m].Hours - before).ShouldBeGreaterThanOrEqualTo(24 - 1e-6);
                        opened = messages[m].Hours;
                    }
                    opened.ShouldNotBeNull();
                    (messages[m].Hours - opened.Value).ShouldBeLessThan(24 + 1e-6);
                }
            }
            charged.Where((_, m) => messages[m].Item2 == "service").ShouldAllBe(c => !c);
        }
    }
}
