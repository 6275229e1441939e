using Threadkeep.Usage;

namespace Threadkeep.Api.Tests.Usage;

public sealed class UsageReportTests
{
    private static readonly Guid Channel = Guid.NewGuid();
    private static readonly Guid Agent = Guid.NewGuid();

    private static PriceRow Price(string country, string category, string price, string from = "2026-10-01") =>
        new()
        {
            Country = country,
            Category = category,
            Price = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture),
            ValidFrom = DateOnly.ParseExact(from, "yyyy-MM-dd", null),
            Currency = "USD",
            Market = country,
        };

    private static UsageRow Row(
        string day,
        string? category,
        int delivered,
        string? told = null,
        string origin = "8190",
        Guid? channel = null,
        string? template = null
    ) =>
        new()
        {
            Day = DateOnly.ParseExact(day, "yyyy-MM-dd", null),
            ChannelId = channel ?? Channel,
            AgentId = Agent,
            Category = category,
            PriceType = told,
            Origin = origin,
            Inside = true,
            Sent = delivered,
            Delivered = delivered,
            TemplateName = template,
            TemplateLanguage = template is null ? null : "ja",
        };

    private static UsageReport Report(UsageBy by, PriceRow[] prices, string from, params UsageRow[] rows)
    {
        var report = new UsageReport(by, new PriceTable(prices));
        report.Add(rows, DateOnly.ParseExact(from, "yyyy-MM-dd", null));
        return report;
    }

    [Fact]
    public void Costs_are_decimal_by_country_and_category_and_by_the_price_that_holds_on_the_day()
    {
        PriceRow[] prices =
        [
            Price("JP", "marketing", "0.0860"),
            Price("JP", "marketing", "0.0900", "2026-11-01"),
            Price("*", "marketing", "0.1"),
            Price("JP", "utility", "0.00000001"),
        ];

        var report = Report(
            UsageBy.Day,
            prices,
            "2026-10-01",
            Row("2026-10-31", "MARKETING", 3),
            Row("2026-11-01", "marketing", 3),
            Row("2026-11-01", "marketing", 1, origin: "5511"),
            Row("2026-11-01", "utility", 3)
        );

        report
            .Lines.Select(l => (l.Key, l.Counts.Cost))
            .ShouldBe([("2026-10-31", 0.2580m), ("2026-11-01", 0.37000003m)]);
        report.Total.Counts.Cost.ShouldBe(0.62800003m);
        report.Total.Categories["marketing"].Charged.ShouldBe(7);
    }

    [Fact]
    public void What_has_no_price_is_counted_as_such_and_costs_nothing()
    {
        var report = Report(
            UsageBy.Day,
            [Price("JP", "marketing", "0.09"), Price("JP", "utility", "0.01", "2026-12-01")],
            "2026-11-01",
            Row("2026-11-02", "marketing", 2),
            Row("2026-11-02", "marketing", 5, origin: "5511"),
            Row("2026-11-02", "utility", 4),
            Row("2026-11-02", null, 1, template: "gone")
        );

        var counts = report.Lines.ShouldHaveSingleItem().Counts;
        (counts.Cost, counts.Charged, counts.Unpriced).ShouldBe((0.18m, 12, 10));
        report.Total.Categories.Keys.ShouldBe(["marketing", "unknown", "utility"]);
    }

    [Fact]
    public void The_free_thousand_is_each_numbers_own_and_begins_anew_with_the_month()
    {
        var other = Guid.NewGuid();
        var report = Report(
            UsageBy.Day,
            [Price("JP", "utility", "0.01")],
            "2026-10-20",
            Row("2026-10-02", "service", 990), // before the period, and used up all the same
            Row("2026-10-20", "service", 15),
            Row("2026-10-20", "service", 1_002, channel: other),
            Row("2026-10-21", "service", 7, told: "free_entry_point"),
            Row("2026-10-21", "service", 1),
            Row("2026-11-01", "service", 1_000)
        );

        report
            .Lines.Select(l => (l.Key, l.Counts.Charged, l.Counts.Cost))
            .ShouldBe([
                ("2026-10-20", 5 + 2, 0.07m), // at the rate of utility
                ("2026-10-21", 1, 0.01m),
                ("2026-11-01", 0, 0m),
            ]);
    }

    [Fact]
    public void Lines_are_numbers_templates_or_people_too()
    {
        UsageRow[] rows = [Row("2026-11-02", "service", 3), Row("2026-11-03", "utility", 2, template: "visit")];

        Report(UsageBy.Number, [], "2026-11-01", rows).Lines.ShouldHaveSingleItem().Key.ShouldBe(Channel.ToString("N"));
        Report(UsageBy.Agent, [], "2026-11-01", rows).Lines.ShouldHaveSingleItem().Key.ShouldBe(Agent.ToString("N"));
        Report(UsageBy.Template, [], "2026-11-01", rows).Lines.Select(l => l.Key).ShouldBe([null, "visit/ja"]);
    }

    [Fact]
    public void Until_June_2025_the_message_that_opens_a_conversation_is_charged()
    {
        var report = new UsageReport(UsageBy.Day, new PriceTable([Price("JP", "utility", "0.5", "2025-01-01")]));
        ConversationRow At(int day, int hour, string? told = null) =>
            new()
            {
                ThreadId = Channel,
                At = new DateTimeOffset(2025, 6, day, hour, 0, 0, TimeSpan.Zero),
                Day = new DateOnly(2025, 6, day),
                Category = "utility",
                Origin = "8190",
                PriceType = told,
            };

        report.Add([Row("2025-06-02", "utility", 3)], new DateOnly(2025, 6, 2));
        report.AddConversations([At(1, 12), At(2, 9), At(2, 12), At(2, 13)], new DateOnly(2025, 6, 2));

        var line = report.Lines.ShouldHaveSingleItem();
        // That of the day before held until noon.
        (line.Counts.Delivered, line.Counts.Charged, line.Counts.Cost).ShouldBe((3, 1, 0.5m));
    }
}
