using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Control;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Coexistence;

/// <summary>Meta's door to the history of a number in the app, and the control API's to the app itself.</summary>
public static class PhoneAppEndpoints
{
    public static void MapPhoneAppSync(this RouteGroupBuilder graph) =>
        graph.MapPost("/{phoneNumberId:digits}/smb_app_data", HandOverAsync);

    public static void MapPhoneApp(this RouteGroupBuilder control)
    {
        control.MapPut("/numbers/{phoneNumberId:digits}/phone-app", ShareAsync);
        control.MapPost("/numbers/{phoneNumberId:digits}/phone-app/messages", WriteAsync);
    }

    private static async Task<IResult> HandOverAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        PhoneApp app
    )
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.MissingProduct.ToResult();
        return app.HandOver(number, body.Text("sync_type")) is { } refused
            ? refused.ToResult()
            : GraphResult.Json(
                new JsonObject { ["messaging_product"] = "whatsapp", ["request_id"] = Guid.NewGuid().ToString("N") }
            );
    }

    private static async Task<IResult> ShareAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        PhoneApp app,
        TimeProvider time
    )
    {
        if (numbers.Find(phoneNumberId) is null)
            return Results.NotFound();
        var body = await CustomerRoutes.BodyAsync(request);
        app.Share(
            phoneNumberId,
            ControlTime.Parse(body["since"]) ?? time.GetUtcNow(),
            (body["history"] as JsonArray)?.DeepClone().AsArray() ?? [],
            body.Flag("declined") ?? false
        );
        return Results.NoContent();
    }

    private static async Task<IResult> WriteAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        PhoneApp app
    )
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return Results.NotFound();
        var body = await CustomerRoutes.BodyAsync(request);
        return body.Text("to") is { } to
            ? Results.Ok(new { wamid = app.Write(number, to, body) })
            : ControlApi.Bad("to is required.");
    }
}
