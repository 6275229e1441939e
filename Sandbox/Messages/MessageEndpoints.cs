namespace Threadkeep.Sandbox.Messages;

/// <summary><c>POST /{phone_number_id}/messages</c>.</summary>
public static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder graph) =>
        graph.MapPost(
            "/{phoneNumberId:digits}/messages",
            (string phoneNumberId, HttpContext context, MessageDesk desk) => desk.TakeAsync(phoneNumberId, context)
        );
}
