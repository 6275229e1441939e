using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Signup;

/// <summary>Codes for tokens, and what a token may do (Cloud API, "Onboarding").</summary>
public static class OAuthEndpoints
{
    private static readonly string[] Scopes =
    [
        "business_management",
        "whatsapp_business_management",
        "whatsapp_business_messaging",
    ];

    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oauth/access_token", Exchange);
        routes.MapGet("/debug_token", Inspect);
    }

    private static IResult Exchange(
        HttpRequest request,
        SignupBook book,
        WebhookTarget app,
        IOptions<SandboxOptions> options
    )
    {
        var query = request.Query;
        if (query["client_id"] != options.Value.AppId)
            return GraphError
                .Of(101, "Error validating application. Cannot get application info due to a system error.")
                .ToResult();
        if (query["client_secret"] != app.Current.AppSecret)
            return GraphError.Of(1, "Error validating client secret.").ToResult();
        return book.Exchange(query["code"].ToString()) is { } token
            ? GraphResult.Json(new JsonObject { ["access_token"] = token.Token, ["token_type"] = "bearer" })
            : GraphError.Of(100, "This authorization code has expired or has been used.").ToResult();
    }

    // Asked with the app's own token (id|secret) or with the token itself.
    private static IResult Inspect(
        HttpContext context,
        SignupBook book,
        FaultBoard faults,
        WebhookTarget app,
        IOptions<SandboxOptions> options
    )
    {
        var query = context.Request.Query;
        var asked = query["input_token"].ToString();
        var by = query["access_token"].ToString();
        if (by.Length == 0)
            by = context.Request.Headers.Authorization.ToString().Split(' ').Last();
        var isApp = by == $"{options.Value.AppId}|{app.Current.AppSecret}";
        if (!isApp && (faults.Current.TokenInvalid || !book.IsValid(by)))
            return GraphError.BadToken.ToResult();
        var data = new JsonObject
        {
            ["app_id"] = options.Value.AppId,
            ["type"] = "SYSTEM_USER",
            ["application"] = "Sandbox app",
            ["is_valid"] = false,
        };
        if (!faults.Current.TokenInvalid && book.WabasOf(asked) is { } wabas)
        {
            data["is_valid"] = true;
            data["expires_at"] = 0;
            data["scopes"] = new JsonArray([.. Scopes.Select(s => JsonValue.Create(s))]);
            data["granular_scopes"] = new JsonArray([
                .. Scopes
                    .Skip(1)
                    .Select(s => new JsonObject
                    {
                        ["scope"] = s,
                        ["target_ids"] = new JsonArray([.. wabas.Select(w => JsonValue.Create(w))]),
                    }),
            ]);
        }
        return GraphResult.Json(new JsonObject { ["data"] = data });
    }
}
