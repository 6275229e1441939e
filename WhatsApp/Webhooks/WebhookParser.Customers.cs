using System.Text.Json;

namespace Threadkeep.WhatsApp.Webhooks;

/// <summary>What fields other than <c>messages</c> tell of a customer: each becomes a message about them, with an id made of what it says.</summary>
public static partial class WebhookParser
{
    // A customer goes by another id from now on: as the system message says that tells of another number.
    private static void ReadUserIds(JsonElement value, Builder into)
    {
        foreach (var update in Items(value, "user_id_update"))
        {
            var ids = Object(update, "user_id");
            if (
                Text(ids, "previous") is not { } previous
                || Text(ids, "current") is not { } current
                || Cut($"user_id_update:{previous}:{current}", 512) is not { } id
                || !IsId(id)
            )
            {
                into.Unreadable.Add(
                    new UnreadableEvent(
                        "user_id_update",
                        "It lacks one of the two ids, or has an unusable one",
                        Raw(update)
                    )
                );
                continue;
            }
            into.Messages.Add(
                new WebhookMessage(
                    id,
                    Cut(Text(update, "wa_id"), 64),
                    Cut(previous, 200),
                    null,
                    "system",
                    Seconds(update, "timestamp"),
                    Cut(Text(update, "detail"), MaxTextLength),
                    null,
                    null,
                    null,
                    Cut(current, 200),
                    null,
                    Raw(update)
                )
            );
        }
    }

    // What a customer wants of the business, said to Meta: a word about them, as a number change is.
    private static void ReadPreferences(JsonElement value, Builder into)
    {
        var contacts = new Contacts(Items(value, "contacts"));
        foreach (var preference in Items(value, "user_preferences"))
        {
            var (waId, userId, contact) = CustomerOf(Text(preference, "wa_id"), Text(preference, "user_id"), contacts);
            var category = Cut(Text(preference, "category"), 64);
            var wish = Cut(Text(preference, "value"), 64);
            var at = Seconds(preference, "timestamp");
            var id = $"user_preferences:{waId}:{userId}:{category}:{wish}:{at}";
            if (waId is null && userId is null || !IsId(id))
            {
                into.Unreadable.Add(
                    new UnreadableEvent(
                        "user_preferences",
                        "It names no customer, or says nothing usable",
                        Raw(preference)
                    )
                );
                continue;
            }
            into.Messages.Add(
                new WebhookMessage(
                    id,
                    waId,
                    userId,
                    NameOf(contact),
                    "system",
                    at,
                    Cut(Text(preference, "detail"), MaxTextLength),
                    null,
                    null,
                    null,
                    null,
                    null,
                    Raw(preference),
                    Cut(Text(Object(contact, "profile"), "username"), MaxNameLength)
                )
                {
                    WantsMarketing = (category, wish) switch
                    {
                        ("marketing_messages", "stop") => false,
                        ("marketing_messages", "resume" or "signup") => true,
                        _ => null,
                    },
                }
            );
        }
    }

    // Nobody answers calls here, so each is a missed one. It rings and it ends: two events with one id are one call, whichever comes first.
    // What names no caller, and calls of our own, are no message of a customer's.
    private static void ReadCalls(JsonElement value, Builder into)
    {
        var contacts = new Contacts(Items(value, "contacts"));
        foreach (var call in CallsOf(value))
        {
            var (waId, userId, contact) = CustomerOf(Text(call, "from"), Text(call, "from_user_id"), contacts);
            var id = $"call:{Text(call, "id")}";
            if (waId is null && userId is null || Text(call, "id") is null || !IsId(id))
            {
                into.Unreadable.Add(
                    new UnreadableEvent("call", "The call names no caller, or has no usable id", Raw(call))
                );
                continue;
            }
            into.Messages.Add(
                new WebhookMessage(
                    id,
                    waId,
                    userId,
                    NameOf(contact),
                    "call",
                    Seconds(call, "timestamp"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Raw(call),
                    Cut(Text(Object(contact, "profile"), "username"), MaxNameLength)
                )
            );
        }
    }

    // Whom two names mean, either of which may be missing, with what the body says of them beside.
    private static (string? WaId, string? UserId, JsonElement Contact) CustomerOf(
        string? waId,
        string? userId,
        Contacts contacts
    )
    {
        var contact = contacts.Of(waId, userId);
        return (Cut(waId ?? Text(contact, "wa_id"), 64), Cut(userId ?? Text(contact, "user_id"), 200), contact);
    }

    private static IEnumerable<JsonElement> CallsOf(JsonElement value) =>
        Items(value, "calls").Where(call => Text(call, "direction") is null or "USER_INITIATED");
}
