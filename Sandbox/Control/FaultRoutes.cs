using System.Text.Json;
using System.Text.Json.Serialization;
using Threadkeep.Sandbox.Faults;

namespace Threadkeep.Sandbox.Control;

/// <summary>The switches of the faults.</summary>
public static class FaultRoutes
{
    // A misspelt switch would be a test that proves nothing: unknown members are refused.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    public static void MapFaults(this RouteGroupBuilder control)
    {
        control.MapGet("/faults", (FaultBoard board) => Results.Json(board.Current, Strict));
        control.MapPut("/faults", ReplaceAsync);
        control.MapPost("/faults/release", (FaultBoard board) => Results.Json(board.Release(), Strict));
    }

    private static async Task<IResult> ReplaceAsync(HttpRequest request, FaultBoard board)
    {
        try
        {
            var next = await JsonSerializer.DeserializeAsync<FaultSet>(
                request.Body,
                Strict,
                request.HttpContext.RequestAborted
            );
            return Results.Json(board.Replace(next ?? FaultSet.None), Strict);
        }
        catch (JsonException bad)
        {
            return ControlApi.Bad(bad.Message);
        }
    }
}
