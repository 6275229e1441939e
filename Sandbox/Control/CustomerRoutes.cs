using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Control;

/// <summary>Customers: they write, they change numbers, new ones come.</summary>
public static class CustomerRoutes
{
    // A picture of 16 MB as base64 and some air.
    private const long MaxMessage = 140 * 1024 * 1024;

    public static void MapCustomers(this RouteGroupBuilder control)
    {
        control.MapGet("/customers", (CustomerBook customers) => new { items = customers.All() });
        control.MapPut("/customers/{waId:digits}", MeetAsync);
        control
            .MapPost("/customers/{waId:digits}/messages", WriteAsync)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxMessage));
        control.MapPost("/numbers/{phoneNumberId:digits}/number-changes", ChangeNumberAsync);
        control.MapPost("/numbers/{phoneNumberId:digits}/preferences", PreferAsync);
        control.MapPost("/statuses", TellStatusAsync);
    }

    /// <summary>The call's JSON object; a body that is none is a bad call.</summary>
    public static async Task<JsonObject> BodyAsync(HttpRequest request)
    {
        var (body, error) = await GraphBody.ReadAsync(request);
        return error is null ? body : throw new BadControlCallException("The body must be a JSON object.");
    }

    private static async Task<IResult> MeetAsync(string waId, HttpRequest request, CustomerBook customers)
    {
        var body = await BodyAsync(request);
        return Results.Ok(
            customers.Meet(
                waId,
                body.Text("name"),
                body.Text("userId"),
                body.Flag("hidesNumber"),
                body.Text("username")
            )
        );
    }

    private static async Task<IResult> WriteAsync(string waId, HttpRequest request, CustomerMessage message)
    {
        var wamid = await message.WriteAsync(waId, await BodyAsync(request));
        return Results.Ok(new { wamid });
    }

    private static async Task<IResult> ChangeNumberAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        NumberChange change
    )
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return Results.NotFound();
        var body = await BodyAsync(request);
        if (body.Text("from") is not { } from || body.Text("to") is not { } to)
            return ControlApi.Bad("from and to are required.");
        return Results.Ok(new { wamid = change.Tell(number, from, to) });
    }

    // The customer taps "Stop" or "Resume" under a marketing message.
    private static async Task<IResult> PreferAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        CustomerBook customers,
        WebhookFeed feed,
        TimeProvider time
    )
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return Results.NotFound();
        var body = await BodyAsync(request);
        if (body.Text("waId") is not { } waId || body.Text("value") is not ("stop" or "resume"))
            return ControlApi.Bad("waId, and value stop or resume, are required.");
        var stopped = body.Text("value") == "stop";
        var customer = customers.Prefer(customers.Meet(waId), stopped);
        var value = OutgoingValue.Base(number);
        value["contacts"] = new JsonArray { OutgoingValue.Contact(customer) };
        value["user_preferences"] = new JsonArray
        {
            new JsonObject
            {
                ["wa_id"] = customer.WaId,
                ["user_id"] = customer.UserId,
                ["detail"] = $"User requested to {(stopped ? "stop" : "resume")} marketing messages",
                ["category"] = "marketing_messages",
                ["value"] = body.Text("value"),
                ["timestamp"] = time.GetUtcNow().ToUnixTimeSeconds(),
            },
        };
        feed.Tell(new WebhookUpdate(number.WabaId, "user_preferences", value, "user_preferences", []));
        return Results.NoContent();
    }

    private static async Task<IResult> TellStatusAsync(
        HttpRequest request,
        ChatBook chats,
        NumberBook numbers,
        StatusChain statuses,
        TimeProvider time
    )
    {
        var body = await BodyAsync(request);
        if (body.Text("wamid") is not { } wamid || body.Text("status") is not { } status)
            return ControlApi.Bad("wamid and status are required.");
        var at = ControlTime.Parse(body["at"]) ?? time.GetUtcNow();
        var message = chats.Find(wamid) ?? Unknown(wamid, body, numbers, at);
        var errorCode = int.TryParse(body.Text("errorCode"), out var code) ? code : (int?)null;
        statuses.Tell(message, status, at, errorCode);
        return Results.Ok(new { wamid });
    }

    // Statuses of messages that nobody here sent: as after a restart of Meta's side, or for tests of the unknown.
    private static ChatMessage Unknown(string wamid, JsonObject body, NumberBook numbers, DateTimeOffset at) =>
        new(
            wamid,
            body.Text("phoneNumberId") ?? numbers.All()[0].PhoneNumberId,
            body.Text("to") ?? throw new BadControlCallException("to is required for a wamid that is not known here."),
            ChatMessage.Outbound,
            "text",
            Content: null,
            Template: null,
            ContextId: null,
            body.Text("bizOpaqueCallbackData"),
            "service",
            at,
            "accepted",
            ErrorCode: null
        );
}
