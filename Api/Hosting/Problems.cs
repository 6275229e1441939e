using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;

namespace Threadkeep.Hosting;

/// <summary>Refusals as RFC 9457 problem details with a stable <c>code</c> (docs/api.md lists them).</summary>
public static class Problems
{
    public static ProblemHttpResult Of(
        int status,
        string code,
        string title,
        string? detail = null,
        params (string Name, object? Value)[] more
    )
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        foreach (var (name, value) in more)
            extensions[name] = value;
        return TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: "about:blank",
            extensions: extensions
        );
    }

    public static ProblemHttpResult NotSignedIn() =>
        Of(401, "not_signed_in", "Sign in first, or send an API key as bearer token.");

    public static ProblemHttpResult NotAllowed() => Of(403, "not_allowed", "Your role does not allow this.");

    /// <summary>
    /// For what is on a channel. Who sees only some channels hears the same of a thread that is not there and of one that is hidden.
    /// </summary>
    public static ProblemHttpResult NotVisible(string what, Scope scope) =>
        scope.IsWhole
            ? NotFound(what)
            : Of(404, "not_visible", $"There is no such {what}, or it is on a channel that you may not see.");

    public static ProblemHttpResult NotFound(string what) => Of(404, "not_found", $"There is no such {what}.");

    public static ProblemHttpResult BadRequest(string detail) =>
        Of(400, "bad_request", "The request is not as it should be.", detail);

    public static ProblemHttpResult BadLimit() => BadRequest("limit must be 1 to 200.");

    public static ProblemHttpResult BadCursor() => Of(400, "bad_cursor", "The cursor is not one this list gave out.");

    public static ProblemHttpResult Unavailable() =>
        Of(
            503,
            "unavailable",
            "The service cannot do this right now.",
            "Nothing is lost: repeat the request, with the same idempotency key, in a few seconds."
        );
}
