using System.Net.ServerSentEvents;
using System.Text.Json;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Templates;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Control;

/// <summary>What there is, templates' statuses, and hints when something changes.</summary>
public static class StateRoutes
{
    public static void MapState(this RouteGroupBuilder control)
    {
        control.MapGet("/state", State);
        control.MapPost("/templates/{name}/status", SetTemplateStatusAsync);
        control.MapGet("/events", Events);
        control.MapGet("/media/{id:digits}", MediaAsync);
    }

    private static IResult State(
        NumberBook numbers,
        CustomerBook customers,
        TemplateBook templates,
        WebhookTarget target,
        WebhookQueue queue,
        TimeProvider time
    ) =>
        Results.Ok(
            new
            {
                now = time.GetUtcNow(),
                numbers = numbers
                    .All()
                    .Select(n => new
                    {
                        n.PhoneNumberId,
                        n.WabaId,
                        n.DisplayPhoneNumber,
                        n.VerifiedName,
                        n.Registered,
                        subscribed = numbers.FindWaba(n.WabaId)?.Subscribed ?? false,
                    }),
                customers = customers.All(),
                templates = templates
                    .All()
                    .Select(t => new
                    {
                        t.Id,
                        t.WabaId,
                        t.Name,
                        t.Language,
                        t.Category,
                        t.Status,
                        t.ParameterFormat,
                    }),
                samples = Samples.Pictures,
                webhooks = new { url = target.Current.Url, pending = queue.PendingCount },
            }
        );

    private static async Task<IResult> SetTemplateStatusAsync(string name, HttpRequest request, TemplateBook templates)
    {
        var body = await CustomerRoutes.BodyAsync(request);
        if (body.Text("status") is not { } status)
            return ControlApi.Bad("status is required.");
        var language = body.Text("language");
        var found = templates.All().Where(t => t.Name == name && (language is null || t.Language == language));
        var changed = found.Select(t => templates.SetStatus(t, status, body.Text("reason"))).ToArray();
        return changed.Length == 0
            ? Results.NotFound()
            : Results.Ok(
                new
                {
                    items = changed.Select(t => new
                    {
                        t.Id,
                        t.Language,
                        t.Status,
                    }),
                }
            );
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ServerSentEventsResult<string> Events(
        LiveEvents live,
        IHostApplicationLifetime lifetime,
        HttpContext context
    )
    {
        return TypedResults.ServerSentEvents(Items());

        async IAsyncEnumerable<SseItem<string>> Items()
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted,
                lifetime.ApplicationStopping
            );
            await foreach (var change in live.Listen(end.Token))
                yield return new SseItem<string>(
                    JsonSerializer.Serialize(change, JsonSerializerOptions.Web),
                    change.Kind
                );
        }
    }

    // The phone shows pictures without the bearer. A file from a customer must not run as a page of this origin.
    private static async Task<IResult> MediaAsync(string id, HttpContext context, MediaStore media)
    {
        if (media.Find(id) is not { } item)
            return Results.NotFound();
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return Results.Bytes(await media.ReadAsync(item), item.MimeType, enableRangeProcessing: true);
    }
}
