using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Usage;

/// <summary>The account's rate card: imported from Meta's by an admin, never made up.</summary>
public static class PriceEndpoints
{
    private const int MaxBytes = 1024 * 1024;

    public static void MapPrices(this RouteGroupBuilder api)
    {
        api.MapGet("/prices", List).Needs(Permission.ReadUsage).WithName("listPrices");
        api.MapPost("/prices", Import)
            .Accepts<string>("text/csv")
            .Needs(Permission.ManageAccount)
            .WithName("importPrices");
        api.MapDelete("/prices", Remove).Needs(Permission.ManageAccount).WithName("removePrices");
    }

    private static async Task<Ok<PricesView>> List(ClaimsPrincipal user, UsageStore usage) =>
        TypedResults.Ok(PricesView.Of(await usage.PricesAsync(user.Caller().Account)));

    /// <param name="validFrom">The day from which the prices hold, where the card has no column for it.</param>
    private static async Task<Results<Ok<ImportedView>, ProblemHttpResult>> Import(
        ClaimsPrincipal user,
        HttpRequest request,
        UsageStore usage,
        TimeProvider clock,
        DateOnly? validFrom,
        CancellationToken cancellation
    )
    {
        if (request.ContentLength > MaxBytes)
            return TooLarge();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        if (body.Length > MaxBytes)
            return TooLarge();
        var (prices, faults) = RateCard.Read(body.ToArray(), validFrom);
        if (faults.Count > 0)
            return Problems.Of(
                422,
                "rate_card_invalid",
                "The rate card is not as it should be; nothing of it was taken.",
                null,
                ("faults", faults)
            );
        var actor = user.Caller().ActorAt(request.HttpContext);
        if (await usage.ImportAsync(actor, prices, clock.GetUtcNow()) is { } other)
            return Problems.Of(
                409,
                "price_currency_differs",
                "The prices that are there are in another currency.",
                "Remove them first: costs in two currencies cannot be summed up.",
                ("currency", other)
            );
        return TypedResults.Ok(new ImportedView(prices.Count, prices[0].Currency));
    }

    private static async Task<NoContent> Remove(
        ClaimsPrincipal user,
        UsageStore usage,
        TimeProvider clock,
        HttpContext context
    )
    {
        await usage.RemovePricesAsync(user.Caller().ActorAt(context), clock.GetUtcNow());
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult TooLarge() =>
        Problems.Of(413, "rate_card_too_large", "A rate card has at most 1 MiB.");
}

/// <param name="Prices">How many prices were taken: one a country and category.</param>
public sealed record ImportedView(int Prices, string Currency);

/// <param name="Currency">ISO 4217; null: there are none.</param>
public sealed record PricesView(string? Currency, IReadOnlyList<PriceView> Items)
{
    public static PricesView Of(IReadOnlyList<PriceRow> prices) =>
        new(
            prices.Count > 0 ? prices[0].Currency : null,
            [
                .. prices.Select(p => new PriceView(
                    p.Market,
                    p.Country,
                    p.Category,
                    p.ValidFrom,
                    p.Price.ToString("0.00######", CultureInfo.InvariantCulture)
                )),
            ]
        );
}

/// <param name="Country">ISO 3166-1; <c>*</c>: every country without a row of its own.</param>
/// <param name="Price">For one message; a decimal number as text.</param>
public sealed record PriceView(string Market, string Country, string Category, DateOnly ValidFrom, string Price);
