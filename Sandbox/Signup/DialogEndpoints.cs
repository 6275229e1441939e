using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Control;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Signup;

/// <summary>
/// What stands behind the pop-up that plays Meta's embedded signup (wwwroot/dialog.html): portfolios, accounts, profiles, numbers and
/// their codes. What it is told of a number decides what Meta would say of it.
/// </summary>
public static class DialogEndpoints
{
    public static void MapDialog(this IEndpointRouteBuilder routes)
    {
        var dialog = routes.MapGroup("/control/dialog").AddEndpointFilter(ControlApi.GuardAsync);
        dialog.MapGet("", State);
        dialog.MapPost("/businesses", AddBusinessAsync);
        dialog.MapPost("/wabas", AddWabaAsync);
        dialog.MapPost("/numbers", AddNumberAsync);
        dialog.MapPost("/numbers/{id:digits}/code", RequestCodeAsync);
        dialog.MapPost("/numbers/{id:digits}/verify", VerifyAsync);
        dialog.MapPost("/finish", FinishAsync);
        dialog.MapPost("/revoke", Revoke);
    }

    private static IResult State(NumberBook numbers, SignupBook book)
    {
        var first = book.Businesses()[0].Id;
        return Results.Ok(
            new
            {
                businesses = book.Businesses(),
                wabas = numbers
                    .Wabas()
                    .Select(w => new
                    {
                        w.WabaId,
                        name = numbers.NameOf(w),
                        businessId = w.BusinessId ?? first,
                    }),
                numbers = numbers
                    .All()
                    .Select(n => new
                    {
                        n.PhoneNumberId,
                        n.WabaId,
                        n.DisplayPhoneNumber,
                        n.VerifiedName,
                        n.Verified,
                    }),
            }
        );
    }

    private static async Task<IResult> AddBusinessAsync(HttpRequest request, SignupBook book)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        return body.Text("name") is { Length: > 0 and <= 100 } name
            ? Results.Ok(
                book.Add(name, body.Text("website"), body.Text("email"), body.Text("country"), body.Text("timeZone"))
            )
            : ControlApi.Bad("name is required.");
    }

    private static async Task<IResult> AddWabaAsync(HttpRequest request, NumberBook numbers)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        if (body.Text("name") is not { Length: > 0 and <= 100 } name)
            return ControlApi.Bad("name is required.");
        var waba = new Waba(GraphIds.Numeric(88), Subscribed: false, name, body.Text("businessId"));
        numbers.Add(waba);
        return Results.Ok(
            new
            {
                waba.WabaId,
                name,
                waba.BusinessId,
            }
        );
    }

    private static async Task<IResult> AddNumberAsync(HttpRequest request, NumberBook numbers)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        if (body.Text("wabaId") is not { } wabaId || numbers.FindWaba(wabaId) is null)
            return ControlApi.Bad("wabaId is required.");
        if (body.Text("name") is not { Length: > 0 and <= 100 } name)
            return ControlApi.Bad("name is required.");
        // The number is what the person at the Sandbox says it is.
        if (body.Text("trouble") is ("personal" or "in_use") and var trouble)
            return Results.Json(new { error = trouble }, statusCode: 409);
        var profile = new JsonObject();
        if (body.Text("category") is { Length: > 0 } category)
            profile["vertical"] = category;
        if (body.Text("description") is { Length: > 0 } description)
            profile["description"] = description;
        var digits = string.Concat((body.Text("phoneNumber") ?? "").Where(char.IsAsciiDigit));
        var (number, error) = VerificationEndpoints.Add(numbers, wabaId, digits, name, profile);
        if (error is not null)
            return Results.Json(
                new { error = error.Details!.Contains("in use", StringComparison.Ordinal) ? "in_use" : error.Details },
                statusCode: 409
            );
        return Results.Ok(new { number!.PhoneNumberId });
    }

    // The code comes back: in the Sandbox nobody has the phone in hand. Null: it never arrives, as voice calls at an IVR do not.
    private static async Task<IResult> RequestCodeAsync(
        string id,
        HttpRequest request,
        NumberBook numbers,
        CodeBook codes
    )
    {
        if (numbers.Find(id) is null)
            return Results.NotFound();
        var body = await CustomerRoutes.BodyAsync(request);
        var digits = codes.Request(id);
        if (digits is null)
            return Results.Json(new { error = "too_many_codes" }, statusCode: 409);
        var arrives = !(body.Text("method") == "VOICE" && body.Text("trouble") == "no_voice");
        return Results.Ok(new { code = arrives ? digits : null });
    }

    private static async Task<IResult> VerifyAsync(string id, HttpRequest request, NumberBook numbers, CodeBook codes)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        return VerificationEndpoints.Verify(numbers, codes, id, body.Text("code") ?? "") is { } error
            ? Results.Json(new { error = error.Details }, statusCode: 409)
            : Results.NoContent();
    }

    private static async Task<IResult> FinishAsync(HttpRequest request, SignupBook book, NumberBook numbers)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        // Whoever began it for the phone app keeps the number there, where it is registered already.
        if (body.Flag("onPhoneApp") == true && body.Text("phoneNumberId") is { } shared)
            numbers.Change(shared, n => n with { OnPhoneApp = true, Registered = true });
        return body.Text("wabaId") is { } wabaId
            ? Results.Ok(new { code = book.CodeFor([wabaId]) })
            : ControlApi.Bad("wabaId is required.");
    }

    // Every token of the pop-up at once: as when the business takes the app's permission away.
    private static IResult Revoke(SignupBook book)
    {
        foreach (var token in book.Tokens())
            book.Revoke(token.Token);
        return Results.NoContent();
    }
}
