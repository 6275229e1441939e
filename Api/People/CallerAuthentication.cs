using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>Knows callers by API key (<c>Authorization: Bearer</c>) or by the console's cookie, whose session is in PostgreSQL and can be ended there.</summary>
public sealed class Callers(PeopleStore people, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    /// <summary>A write for every request would be too many.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <summary>Who sent this; null: nobody we know.</summary>
    public async Task<Caller?> OfAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        CallerRecord? record = null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            record = await people.ByApiKeyAsync(header[Bearer.Length..].Trim());
        else if (request.Cookies.TryGetValue(CallerAuthentication.CookieName, out var token))
            record = await people.BySessionAsync(token, clock.GetUtcNow());
        if (record is null)
            return null;
        var now = clock.GetUtcNow();
        if (record.SessionId is { } session && (record.LastSeenAt is null || now - record.LastSeenAt >= SeenEvery))
            await people.TouchSessionAsync(session, now, request.HttpContext.Connection.RemoteIpAddress?.ToString());
        return Caller.Of(record);
    }
}

/// <summary>Says who is calling, at the beginning of each request; what they may do, <see cref="Gatekeeper"/> decides.</summary>
public sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Callers callers
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "threadkeep";
    public const string CookieName = "threadkeep_session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await callers.OfAsync(Request) is { } caller
            ? AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, Name)), Name)
            )
            : AuthenticateResult.NoResult();
}

/// <summary>
/// A page of another site can make a browser send the cookie, but not this header: whoever changes something by cookie must send it.
/// </summary>
public sealed class ConsoleHeaderFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        var byCookie =
            request.Cookies.ContainsKey(CallerAuthentication.CookieName)
            && !request.Headers.ContainsKey("Authorization");
        if (changes && byCookie && request.Headers["X-Threadkeep"] != "console")
            return Problems.Of(403, "csrf", "A change by cookie needs the header X-Threadkeep: console.");
        return await next(context);
    }
}
