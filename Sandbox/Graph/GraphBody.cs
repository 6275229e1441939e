using System.Text.Json;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Graph;

/// <summary>Reads the JSON object of a Graph call.</summary>
public static class GraphBody
{
    public static async Task<(JsonObject Body, GraphError? Error)> ReadAsync(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var node = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return node is JsonObject body ? (body, null) : ([], NotAnObject);
        }
        catch (JsonException)
        {
            return ([], NotAnObject);
        }
    }

    private static readonly GraphError NotAnObject = GraphError.Of(100, "The body must be a JSON object.");
}
