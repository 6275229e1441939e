using Threadkeep.Sandbox.Messages;

namespace Threadkeep.Sandbox.Control;

/// <summary>Every <c>POST /messages</c>, for tests that count.</summary>
public static class SentRoutes
{
    public static void MapSent(this RouteGroupBuilder control)
    {
        control.MapGet("/sent", List);
        control.MapDelete(
            "/sent",
            (SentLog sent) =>
            {
                sent.Clear();
                return Results.NoContent();
            }
        );
    }

    // Read receipts go to the same address but are not messages: only who asks for them gets them.
    private static IResult List(SentLog sent, string? phoneNumberId, string? to, string? include)
    {
        var digits = to is null || to.Any(char.IsAsciiLetter) ? to : string.Concat(to.Where(char.IsAsciiDigit));
        var items = sent.All()
            .Where(r => phoneNumberId is null || r.PhoneNumberId == phoneNumberId)
            .Where(r => digits is null || r.To == digits)
            .Where(r => include == "receipts" || r.Type != SentRequest.Receipt)
            .ToArray();
        return Results.Ok(new { items, count = items.Length });
    }
}
