using System.Globalization;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Graph;

/// <summary>A refusal of the Graph API, with the body that Meta would answer.</summary>
/// <param name="HttpStatus">Status of the answer.</param>
/// <param name="Code">Meta's code, what callers branch on.</param>
/// <param name="Message">The text of <c>error.message</c>, whole.</param>
/// <param name="Details">Text of <c>error.error_data.details</c>, where there is one.</param>
/// <param name="Type"><c>OAuthException</c> or <c>GraphMethodException</c>.</param>
/// <param name="Subcode"><c>error_subcode</c>, where Meta still sends it.</param>
public sealed record GraphError(
    int HttpStatus,
    int Code,
    string Message,
    string? Details = null,
    string Type = "OAuthException",
    int? Subcode = null
)
{
    /// <summary>The usual form of a code, with <paramref name="details"/> where given.</summary>
    public static GraphError Of(int code, string? details = null, int? httpStatus = null)
    {
        var entry = ErrorTable.Find(code);
        return new GraphError(
            httpStatus ?? entry.HttpStatus,
            code,
            string.Create(CultureInfo.InvariantCulture, $"(#{code}) {entry.Title}"),
            details ?? entry.Details
        );
    }

    public static GraphError BadToken { get; } =
        new(StatusCodes.Status401Unauthorized, 190, "Invalid OAuth access token - Cannot parse access token");

    public static GraphError MissingProduct { get; } =
        new(StatusCodes.Status400BadRequest, 100, "(#100) The parameter messaging_product is required.");

    /// <summary>An object that is not there, named by the verb as Meta does.</summary>
    public static GraphError NoSuchObject(string httpMethod, string id)
    {
        ArgumentNullException.ThrowIfNull(httpMethod);
        var verb = httpMethod.ToUpperInvariant() switch
        {
            "GET" => "get",
            "DELETE" => "delete",
            _ => "post",
        };
        return new GraphError(
            StatusCodes.Status400BadRequest,
            100,
            $"Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing "
                + "permissions, or does not support this operation. Please read the Graph API documentation at "
                + "https://developers.facebook.com/docs/graph-api",
            Type: "GraphMethodException",
            Subcode: 33
        );
    }

    public JsonObject ToBody()
    {
        var error = new JsonObject
        {
            ["message"] = Message,
            ["type"] = Type,
            ["code"] = Code,
        };
        if (Details is not null)
            error["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = Details };
        if (Subcode is { } subcode)
            error["error_subcode"] = subcode;
        error["fbtrace_id"] = GraphIds.Trace();
        return new JsonObject { ["error"] = error };
    }

    public IResult ToResult() => GraphResult.Json(ToBody(), HttpStatus);
}
