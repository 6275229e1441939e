using System.Text;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Graph;

/// <summary>Answers of the Graph API, in Meta's way of writing JSON.</summary>
public static class GraphResult
{
    public static IResult Success { get; } = new SuccessResult();

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(Encoding.ASCII.GetString(MetaJson.ToBytes(body)), "application/json; charset=UTF-8", null, status);

    private sealed class SuccessResult : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            Json(new JsonObject { ["success"] = true }).ExecuteAsync(httpContext);
    }
}
