using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Templates;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Numbers;

/// <summary>Graph calls on numbers and their accounts: registration, subscription, business profile.</summary>
public static class NumberEndpoints
{
    private static readonly string[] DefaultFields =
    [
        "id",
        "verified_name",
        "display_phone_number",
        "quality_rating",
        "code_verification_status",
    ];

    private static readonly string[] ProfileFields =
    [
        "about",
        "address",
        "description",
        "email",
        "websites",
        "vertical",
    ];

    public static void MapNumbers(this RouteGroupBuilder graph)
    {
        graph.MapGet("/{wabaId:digits}/phone_numbers", List);
        graph.MapPost("/{phoneNumberId:digits}/register", RegisterAsync);
        graph.MapPost("/{phoneNumberId:digits}/deregister", Deregister);
        graph.MapGet("/{wabaId:digits}/subscribed_apps", Subscriptions);
        graph.MapPost("/{wabaId:digits}/subscribed_apps", SubscribeAsync);
        graph.MapDelete("/{wabaId:digits}/subscribed_apps", Unsubscribe);
        graph.MapGet("/{phoneNumberId:digits}/whatsapp_business_profile", Profile);
        graph.MapPost("/{phoneNumberId:digits}/whatsapp_business_profile", ChangeProfileAsync);
    }

    /// <summary>The number with the fields asked for, or Meta's default ones.</summary>
    public static JsonObject ToGraph(
        BusinessNumber number,
        string[] fields,
        NumberBook numbers,
        WebhookTarget target,
        LimitFaults limits
    )
    {
        ArgumentNullException.ThrowIfNull(number);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(target);
        var hooks = new JsonObject { ["application"] = target.Current.Url.ToString() };
        if (numbers.FindWaba(number.WabaId)?.CallbackUri is { } ofWaba)
            hooks["whatsapp_business_account"] = ofWaba;
        if (number.CallbackUri is { } ofNumber)
            hooks["phone_number"] = ofNumber;
        var all = new JsonObject
        {
            ["verified_name"] = number.VerifiedName,
            ["code_verification_status"] = number.Verified ? "VERIFIED" : "NOT_VERIFIED",
            ["display_phone_number"] = number.DisplayPhoneNumber,
            ["quality_rating"] = "GREEN",
            ["platform_type"] = "CLOUD_API",
            ["throughput"] = new JsonObject { ["level"] = limits.Throughput },
            ["name_status"] = "APPROVED",
            ["new_name_status"] = "NONE",
            ["status"] = number.Registered ? "CONNECTED" : "DISCONNECTED",
            ["account_mode"] = "LIVE",
            ["is_on_biz_app"] = number.OnPhoneApp,
            ["is_official_business_account"] = false,
            ["whatsapp_business_manager_messaging_limit"] = limits.Tier ?? "TIER_UNLIMITED",
            ["webhook_configuration"] = hooks,
            ["id"] = number.PhoneNumberId,
        };
        var wanted = fields.Length == 0 ? DefaultFields : [.. fields, "id"];
        foreach (var name in all.Select(member => member.Key).Except(wanted).ToArray())
            all.Remove(name);
        return all;
    }

    private static IResult List(
        string wabaId,
        HttpRequest request,
        NumberBook numbers,
        WebhookTarget target,
        FaultBoard faults
    )
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("GET", wabaId).ToResult();
        var fields = TemplateEndpoints.Fields(request);
        var held = numbers
            .All()
            .Where(n => n.WabaId == wabaId)
            .Select(n => ToGraph(n, fields, numbers, target, faults.Current.Limits));
        return GraphResult.Json(
            new JsonObject
            {
                ["data"] = new JsonArray([.. held]),
                ["paging"] = new JsonObject
                {
                    ["cursors"] = new JsonObject { ["before"] = "MA", ["after"] = "MA" },
                },
            }
        );
    }

    private static async Task<IResult> RegisterAsync(string phoneNumberId, HttpRequest request, NumberBook numbers)
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.MissingProduct.ToResult();
        if (body.Text("pin") is not { Length: 6 } pin || !pin.All(char.IsAsciiDigit))
            return GraphError.Of(100, "pin must be six digits.").ToResult();
        if (!number.Verified)
            return GraphError.Of(133006).ToResult();
        if (number.Pin is not null && number.Pin != pin)
            return GraphError.Of(133005).ToResult();
        numbers.Change(phoneNumberId, n => n with { Registered = true, Pin = pin });
        return GraphResult.Success;
    }

    private static IResult Deregister(string phoneNumberId, NumberBook numbers) =>
        numbers.Change(phoneNumberId, n => n with { Registered = false }) is null
            ? GraphError.NoSuchObject("POST", phoneNumberId).ToResult()
            : GraphResult.Success;

    private static IResult Subscriptions(string wabaId, NumberBook numbers, IOptions<SandboxOptions> options)
    {
        if (numbers.FindWaba(wabaId) is not { } waba)
            return GraphError.NoSuchObject("GET", wabaId).ToResult();
        var apps = new JsonArray();
        if (waba.Subscribed)
        {
            var app = new JsonObject
            {
                ["whatsapp_business_api_data"] = new JsonObject
                {
                    ["id"] = options.Value.AppId,
                    ["name"] = "Sandbox app",
                    ["link"] = "https://www.facebook.com/games/?app_id=" + options.Value.AppId,
                },
            };
            if (waba.CallbackUri is { } callback)
                app["override_callback_uri"] = callback;
            apps.Add(app);
        }
        return GraphResult.Json(new JsonObject { ["data"] = apps });
    }

    // Without a body the app's own callback counts; with one, the account gets an address of its own, which has to answer the handshake.
    private static async Task<IResult> SubscribeAsync(
        string wabaId,
        HttpRequest request,
        NumberBook numbers,
        WebhookTarget target
    )
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("POST", wabaId).ToResult();
        if (request.ContentLength == 0 || !request.HasJsonContentType())
        {
            numbers.Subscribe(wabaId, true);
            return GraphResult.Success;
        }
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        var callback = body.Text("override_callback_uri");
        if (
            callback is { Length: > 0 }
            && await target.TryOverrideAsync(callback, body.Text("verify_token"), request.HttpContext.RequestAborted)
                is { } problem
        )
            return GraphError.Of(100, problem).ToResult();
        numbers.Subscribe(wabaId, true, callback is { Length: > 0 } ? callback : null);
        return GraphResult.Success;
    }

    private static IResult Unsubscribe(string wabaId, NumberBook numbers)
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("DELETE", wabaId).ToResult();
        numbers.Subscribe(wabaId, false);
        return GraphResult.Success;
    }

    private static IResult Profile(string phoneNumberId, HttpRequest request, NumberBook numbers)
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return GraphError.NoSuchObject("GET", phoneNumberId).ToResult();
        var fields = TemplateEndpoints.Fields(request);
        var profile = new JsonObject { ["messaging_product"] = "whatsapp" };
        foreach (var (name, value) in number.Profile)
            if (fields.Length == 0 || fields.Contains(name))
                profile[name] = value?.DeepClone();
        return GraphResult.Json(new JsonObject { ["data"] = new JsonArray { profile } });
    }

    private static async Task<IResult> ChangeProfileAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        ResumableUploads uploads,
        MediaUrls urls
    )
    {
        if (numbers.Find(phoneNumberId) is not { } number)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.MissingProduct.ToResult();
        var profile = (JsonObject)number.Profile.DeepClone();
        foreach (var (name, value) in body)
            if (ProfileFields.Contains(name))
            {
                // Missing leaves as it is, an empty text clears.
                if (value is null || value.ToString().Length == 0)
                    profile.Remove(name);
                else
                    profile[name] = value.DeepClone();
            }
        if (body.Text("profile_picture_handle") is { Length: > 0 } handle)
        {
            if (uploads.PictureOf(handle) is not { } picture)
                return GraphError.Of(100, "profile_picture_handle names no picture that was uploaded.").ToResult();
            profile["profile_picture_url"] = $"{urls.PublicUrl}/profile-pictures/{picture.Name}";
        }
        numbers.Change(phoneNumberId, n => n with { Profile = profile });
        return GraphResult.Success;
    }
}
