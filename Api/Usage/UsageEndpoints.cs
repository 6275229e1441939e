using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Quota;
using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.Usage;

/// <summary>What left, and what it costs by the account's own rate card.</summary>
public static class UsageEndpoints
{
    /// <summary>Days of one report: a quarter with its longest months.</summary>
    private const int MaxDays = 92;

    public static void MapUsage(this RouteGroupBuilder api)
    {
        api.MapGet("/usage", Get).Needs(Permission.ReadUsage).WithName("getUsage");
        api.MapGet("/usage/export", Export)
            .Needs(Permission.ReadUsage)
            .Produces<string>(contentType: "text/csv")
            .WithName("exportUsage");
    }

    /// <param name="from">First day, in the account's time zone; absent: the first of this month.</param>
    /// <param name="to">Last day; absent: today.</param>
    /// <param name="by">day, number, template or agent; absent: day.</param>
    private static async Task<Results<Ok<UsageView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        UsageStore usage,
        QuotaStore quota,
        TimeProvider clock,
        DateOnly? from,
        DateOnly? to,
        string? by
    )
    {
        var (view, refused) = await ReadAsync(user.Caller(), usage, quota, clock, from, to, by);
        return refused is null ? TypedResults.Ok(view) : refused;
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Export(
        ClaimsPrincipal user,
        UsageStore usage,
        QuotaStore quota,
        TimeProvider clock,
        DateOnly? from,
        DateOnly? to,
        string? by
    )
    {
        var (view, refused) = await ReadAsync(user.Caller(), usage, quota, clock, from, to, by);
        return refused is null
            ? TypedResults.File(
                UsageCsv.Of(view!),
                "text/csv",
                $"usage-{view!.From:yyyy-MM-dd}-{view.To:yyyy-MM-dd}.csv"
            )
            : refused;
    }

    private static async Task<(UsageView?, ProblemHttpResult?)> ReadAsync(
        Caller caller,
        UsageStore usage,
        QuotaStore quota,
        TimeProvider clock,
        DateOnly? from,
        DateOnly? to,
        string? asked
    )
    {
        if (!Enum.TryParse<UsageBy>(asked ?? "day", ignoreCase: true, out var by) || !Enum.IsDefined(by))
            return (null, Problems.BadRequest("by must be day, number, template or agent."));
        var name = (await quota.PlanAsync(caller.Account))!.TimeZone;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var last = to ?? today;
        var first = from ?? new DateOnly(last.Year, last.Month, 1);
        if (last < first || last.DayNumber - first.DayNumber >= MaxDays || first.Year < 2000 || last.Year > 9000)
            return (null, Problems.BadRequest($"from and to must be days in order, at most {MaxDays} of them."));

        var prices = new PriceTable(await usage.PricesAsync(caller.Account));
        var report = new UsageReport(by, prices);
        // What is free in a month is used up from its first day on, and a conversation may have been opened the day before.
        var month = new DateOnly(first.Year, first.Month, 1);
        var since = first >= PricingRules.ServiceChargedFrom ? month : first;
        var until = QuotaPeriods.StartOfDay(last.AddDays(1), zone);
        report.Add(await usage.RowsAsync(caller.Scope, name, QuotaPeriods.StartOfDay(since, zone), until), first);
        if (first < PricingRules.PerMessageFrom)
        {
            var end = QuotaPeriods.StartOfDay(PricingRules.PerMessageFrom, zone);
            report.AddConversations(
                await usage.OneByOneAsync(
                    caller.Scope,
                    name,
                    QuotaPeriods.StartOfDay(first.AddDays(-1), zone),
                    end < until ? end : until
                ),
                first
            );
        }
        var names = await usage.NamesAsync(caller.Account);
        return (UsageView.Of(report, by, first, last, name, prices.Currency, names), null);
    }
}

/// <summary>Usage of a period.</summary>
/// <param name="TimeZone">IANA name; its days are meant.</param>
/// <param name="Currency">ISO 4217; null: no prices are loaded, and nothing is said of costs.</param>
public sealed record UsageView(
    DateOnly From,
    DateOnly To,
    string TimeZone,
    string By,
    string? Currency,
    IReadOnlyList<UsageLineView> Items,
    UsageLineView Total
)
{
    public static UsageView Of(
        UsageReport report,
        UsageBy by,
        DateOnly from,
        DateOnly to,
        string zone,
        string? currency,
        IReadOnlyDictionary<Guid, string> names
    ) =>
        new(
            from,
            to,
            zone,
#pragma warning disable CA1308 // Words of ours, in the case that JSON has them.
            by.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
            currency,
            [.. report.Lines.Select(l => UsageLineView.Of(l, by, currency, names))],
            UsageLineView.Of(report.Total, by, currency, names)
        );
}

/// <param name="Key">A day, the id of a channel or person, or a template's name and language; null: none (no person, no template), or all.</param>
/// <param name="Name">What the key is called; null where it is its own name.</param>
/// <param name="Sent">Messages that Meta took.</param>
/// <param name="Failed">Refused, by Meta or before.</param>
/// <param name="Conversations">Counted in the account's quota.</param>
/// <param name="Charged">Delivered messages that Meta charges; until June 2025 conversations.</param>
/// <param name="Unpriced">Charged ones that the rate card has no price for.</param>
/// <param name="Cost">Of those that have one; a decimal number as text. Null: no prices are loaded.</param>
public sealed record UsageLineView(
    string? Key,
    string? Name,
    int Sent,
    int Delivered,
    int Failed,
    int Conversations,
    int Charged,
    int Unpriced,
    string? Cost,
    IReadOnlyList<UsageCategoryView> Categories
)
{
    public static UsageLineView Of(
        UsageLine line,
        UsageBy by,
        string? currency,
        IReadOnlyDictionary<Guid, string> names
    )
    {
        var counts = line.Counts;
        var named =
            by is UsageBy.Number or UsageBy.Agent && line.Key is not null
                ? names.GetValueOrDefault(Guid.ParseExact(line.Key, "N"))
                : null;
        return new UsageLineView(
            line.Key,
            named,
            counts.Sent,
            counts.Delivered,
            counts.Failed,
            counts.Conversations,
            counts.Charged,
            counts.Unpriced,
            CostOf(counts, currency),
            [
                .. line.Categories.Select(c => new UsageCategoryView(
                    c.Key,
                    c.Value.Sent,
                    c.Value.Delivered,
                    c.Value.Charged,
                    CostOf(c.Value, currency)
                )),
            ]
        );
    }

    private static string? CostOf(UsageCounts counts, string? currency) =>
        currency is null ? null : counts.Cost.ToString("0.00######", CultureInfo.InvariantCulture);
}

/// <param name="Category">marketing, utility, authentication, service...; unknown: a template that is known no more.</param>
public sealed record UsageCategoryView(string Category, int Sent, int Delivered, int Charged, string? Cost);
