using Threadkeep.WhatsApp.Pacing;

namespace Threadkeep.WhatsApp.Tests.Pacing;

public sealed class ManagementBudgetTests
{
    private readonly StillClock clock = new();

    private DateTimeOffset? Told(string? usage, int? code)
    {
        var budget = new ManagementBudget(clock);
        using var answer = new HttpResponseMessage();
        if (usage is not null)
            answer.Headers.TryAddWithoutValidation("X-Business-Use-Case-Usage", usage);
        budget.Note("880011223344556", answer.Headers, code);
        budget.RestsUntil("880011223344557").ShouldBeNull("another account has its own");
        return budget.RestsUntil("880011223344556");
    }

    [Theory]
    [InlineData(
        """{"880011223344556":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":15}]}""",
        80007,
        15
    )]
    [InlineData(
        """{"880011223344556":[{"type":"whatsapp","call_count":96,"estimated_time_to_regain_access":0}]}""",
        null,
        5
    )]
    [InlineData("""{"880011223344556":[{"type":"whatsapp","call_count":40}]}""", null, null)]
    [InlineData("nonsense", null, null)]
    [InlineData("""{"a":7}""", null, null)]
    [InlineData(null, 80007, 5)]
    [InlineData(null, 613, 5)]
    [InlineData(null, 190, null)]
    [InlineData(null, null, null)]
    public void It_rests_as_long_as_Meta_says(string? usage, int? code, int? minutes) =>
        Told(usage, code).ShouldBe(minutes is { } n ? clock.GetUtcNow().AddMinutes(n) : null);

    [Fact]
    public void Afterwards_calls_go_on()
    {
        var budget = new ManagementBudget(clock);
        using var answer = new HttpResponseMessage();
        budget.Note("1", answer.Headers, 80007);

        clock.Now += TimeSpan.FromMinutes(5);

        budget.RestsUntil("1").ShouldBeNull();
    }

    private sealed class StillClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
