using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>Knows callers by API key (<c>Authorization: Bearer</c>) or by the console's cookie, whose session is in PostgreSQL and can be ended there.</summary>
public sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    PeopleStore people,
    TimeProvider clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "threadkeep";
    public const string CookieName = "threadkeep_session";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        CallerRecord? caller = null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            caller = await people.ByApiKeyAsync(header[Bearer.Length..].Trim());
        else if (Request.Cookies.TryGetValue(CookieName, out var token))
            caller = await people.BySessionAsync(token, clock.GetUtcNow());
        return caller is null
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new AuthenticationTicket(CallerClaims.ToPrincipal(caller, Name), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.Of(401, "not_signed_in", "Sign in first, or send an API key as bearer token.").ExecuteAsync(Context);
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
