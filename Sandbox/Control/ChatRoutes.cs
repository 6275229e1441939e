using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Control;

/// <summary>Chats as the phones show them.</summary>
public static class ChatRoutes
{
    public static void MapChats(this RouteGroupBuilder control)
    {
        control.MapGet("/chats", List);
        control.MapGet("/chats/{phoneNumberId:digits}/{waId:digits}", Show);
        control.MapPost("/chats/{phoneNumberId:digits}/{waId:digits}/open", Open);
    }

    private static IResult List(string? phoneNumberId, NumberBook numbers, CustomerBook customers, ChatBook chats)
    {
        var number = phoneNumberId ?? numbers.All()[0].PhoneNumberId;
        var items = customers
            .All()
            .Select(customer =>
            {
                var messages = chats.Of(number, customer.WaId);
                return new
                {
                    customer.WaId,
                    customer.Name,
                    customer.UserId,
                    customer.HidesNumber,
                    unread = messages.Count(IsUnread),
                    last = messages.Where(IsOnPhone).Select(View).LastOrDefault(),
                    typingUntil = chats.TypingUntil(number, customer.WaId),
                    windowEnd = chats.WindowEnd(number, customer.WaId),
                };
            });
        return Results.Ok(new { phoneNumberId = number, items });
    }

    private static IResult Show(string phoneNumberId, string waId, CustomerBook customers, ChatBook chats)
    {
        if (customers.Find(waId) is not { } customer)
            return Results.NotFound();
        var all = chats.Of(phoneNumberId, waId);
        return Results.Ok(
            new
            {
                customer,
                windowEnd = chats.WindowEnd(phoneNumberId, waId),
                typingUntil = chats.TypingUntil(phoneNumberId, waId),
                items = all.Where(m => m.Type != "reaction").Select(m => View(m, Reactions(m, all))),
            }
        );
    }

    private static IResult Open(string phoneNumberId, string waId, StatusChain statuses)
    {
        statuses.Read(phoneNumberId, waId);
        return Results.NoContent();
    }

    private static bool IsUnread(ChatMessage message) =>
        !message.IsInbound && message.Status is "sent" or "delivered" && message.Type != "reaction";

    // What has not arrived, or never will, is not on the customer's phone.
    private static bool IsOnPhone(ChatMessage message) =>
        message.Type != "reaction" && (message.IsInbound || message.Status is not ("accepted" or "failed"));

    private static object View(ChatMessage message) => View(message, []);

    private static object View(ChatMessage message, object[] reactions) =>
        new
        {
            message.Wamid,
            message.Direction,
            message.Type,
            message.Content,
            message.Template,
            message.ContextId,
            message.At,
            message.Status,
            errorCode = message.Status == "failed" ? message.ErrorCode : null,
            reactions,
        };

    // Each side has one reaction on a message, the last; an empty one takes it back.
    private static object[] Reactions(ChatMessage target, ChatMessage[] all) =>
        [
            .. all.Where(m => m.Type == "reaction" && m.Content.Text("message_id") == target.Wamid)
                .GroupBy(m => m.Direction)
                .Select(side => new { direction = side.Key, emoji = side.Last().Content.Text("emoji") })
                .Where(reaction => !string.IsNullOrEmpty(reaction.emoji)),
        ];
}
