using System.Net;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Coexistence;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Control;

/// <summary>The <c>/control</c> routes: for tests, scripts and the phone page. No sign-in; for this machine only.</summary>
public static class ControlApi
{
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/control").AddEndpointFilter(GuardAsync);
        control.MapCustomers();
        control.MapPhoneApp();
        control.MapWebhooks();
        control.MapFaults();
        control.MapSent();
        control.MapState();
        control.MapChats();
    }

    /// <summary>An error of a control call.</summary>
    public static IResult Bad(string message) => Results.Json(new { error = message }, statusCode: 400);

    // A page from elsewhere, open in the same browser, must not reach in: not by posting across origins, and not by a
    // name of its own that points at this machine.
    public static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var request = call.HttpContext.Request;
        var options = call.HttpContext.RequestServices.GetRequiredService<IOptions<SandboxOptions>>().Value;
        var origin = request.Headers.Origin.ToString();
        if (
            origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value)
        )
            return Results.Json(new { error = "Calls from other origins are refused." }, statusCode: 403);
        if (!options.ListenBeyondLoopback && !IsHere(request.Host.Host, options.PublicUrl))
            return Results.Json(new { error = "The host must be this machine." }, statusCode: 403);
        try
        {
            return await next(call);
        }
        catch (BadControlCallException bad)
        {
            return Bad(bad.Message);
        }
    }

    private static bool IsHere(string host, string? publicUrl) =>
        host == "localhost"
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))
        || (!string.IsNullOrEmpty(publicUrl) && new Uri(publicUrl).Host == host);
}
