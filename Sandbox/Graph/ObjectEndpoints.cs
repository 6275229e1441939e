using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Templates;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Graph;

/// <summary><c>/{id}</c>: Graph has one path for all kinds of objects; the id says which it is.</summary>
public static class ObjectEndpoints
{
    public static void MapObjects(this RouteGroupBuilder graph)
    {
        graph.MapGet("/{id:digits}", GetAsync);
        graph.MapPost("/{id:digits}", PostAsync);
        graph.MapDelete("/{id:digits}", DeleteAsync);
        graph.MapPost("/{id:digits}/unpause", Unpause);
    }

    private static async ValueTask<IResult> GetAsync(string id, HttpRequest request, Objects objects)
    {
        var fields = TemplateEndpoints.Fields(request);
        if (objects.Numbers.Find(id) is { } number)
            return GraphResult.Json(
                NumberEndpoints.ToGraph(number, fields, objects.Numbers, objects.Target, objects.Faults.Current.Limits)
            );
        if (objects.Templates.Find(id) is { } template)
            return GraphResult.Json(TemplateBook.ToGraph(template, fields));
        if (objects.Numbers.FindWaba(id) is { } waba)
            return GraphResult.Json(
                new JsonObject
                {
                    ["id"] = id,
                    ["name"] = objects.Numbers.NameOf(waba),
                    ["currency"] = "JPY",
                    ["timezone_id"] = "71",
                    ["account_review_status"] = "APPROVED",
                    ["business_verification_status"] = objects.Faults.Current.Limits.Unverified
                        ? "not_verified"
                        : "verified",
                    ["owner_business_info"] = new JsonObject
                    {
                        ["id"] = "440000000000001",
                        ["name"] = "Sandbox business",
                    },
                    ["message_template_namespace"] = "sandbox",
                }
            );
        return await WithMediaAsync(
            id,
            request,
            objects,
            item => MediaEndpoints.Describe(item, objects.Urls, objects.Faults.Current.Media.Size)
        );
    }

    private static async Task<IResult> PostAsync(string id, HttpRequest request, Objects objects)
    {
        if (objects.Templates.Find(id) is { } template)
        {
            var (body, bad) = await GraphBody.ReadAsync(request);
            return bad?.ToResult() ?? TemplateEndpoints.Edit(template, body, objects.Templates);
        }
        if (objects.Numbers.Find(id) is null)
            return GraphError.NoSuchObject("POST", id).ToResult();
        var (change, wrong) = await GraphBody.ReadAsync(request);
        if (wrong is not null)
            return wrong.ToResult();
        if (change.Child("webhook_configuration") is { } hook)
            return await DirectAsync(id, hook, request, objects);
        if (change.Text("pin") is not { Length: 6 } pin || !pin.All(char.IsAsciiDigit))
            return GraphError.Of(100, "pin must be six digits.").ToResult();
        objects.Numbers.Change(id, n => n with { Pin = pin });
        return GraphResult.Success;
    }

    // An address of the number's own, which comes before its account's and the app's (Cloud API, "Callback override"); an empty one takes it away.
    private static async Task<IResult> DirectAsync(string id, JsonObject hook, HttpRequest request, Objects objects)
    {
        if (hook.Text("override_callback_uri") is not { } callback)
            return GraphError.Of(100, "webhook_configuration needs override_callback_uri.").ToResult();
        if (
            callback.Length > 0
            && await objects.Target.TryOverrideAsync(
                callback,
                hook.Text("verify_token"),
                request.HttpContext.RequestAborted
            )
                is { } problem
        )
            return GraphError.Of(100, problem).ToResult();
        objects.Numbers.Change(id, n => n with { CallbackUri = callback.Length > 0 ? callback : null });
        return GraphResult.Success;
    }

    private static ValueTask<IResult> DeleteAsync(string id, HttpRequest request, Objects objects) =>
        WithMediaAsync(
            id,
            request,
            objects,
            item =>
            {
                objects.Media.Remove(item);
                return GraphResult.Success;
            }
        );

    private static IResult Unpause(string id, TemplateBook templates)
    {
        if (templates.Find(id) is not { } template)
            return GraphError.NoSuchObject("POST", id).ToResult();
        templates.SetStatus(template, Template.Approved, null);
        return GraphResult.Success;
    }

    private static async ValueTask<IResult> WithMediaAsync(
        string id,
        HttpRequest request,
        Objects objects,
        Func<MediaItem, IResult> use
    )
    {
        if (await MediaEndpoints.TroubleAsync(request.HttpContext) is { } trouble)
            return trouble;
        var owner = request.Query["phone_number_id"].ToString();
        return objects.Media.Find(id) is { } item && (owner.Length == 0 || owner == item.PhoneNumberId)
            ? use(item)
            : GraphError.NoSuchObject(request.Method, id).ToResult();
    }

    /// <summary>All kinds of objects a path may mean.</summary>
    public sealed record Objects(
        NumberBook Numbers,
        TemplateBook Templates,
        MediaStore Media,
        MediaUrls Urls,
        WebhookTarget Target,
        FaultBoard Faults
    );
}
