using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Customers;
using Threadkeep.Sandbox.Faults;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Templates;

namespace Threadkeep.Sandbox.Messages;

/// <summary>
/// Takes what the business sends. Order: the number, the body, the faults asked for, Meta's checks, then the message
/// gets its id and its way to the phone begins. Every request is in <see cref="SentLog"/>, refused ones too.
/// </summary>
public sealed class MessageDesk(
    NumberBook numbers,
    CustomerBook customers,
    ChatBook chats,
    MediaStore media,
    TemplateBook templates,
    SentLog sent,
    StatusChain statuses,
    BlockBook blocks,
    FaultBoard faults,
    LimitDesk limits,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    private const int Undeliverable = 131026;
    private const int UserIsBlocked = 130403;
    private const int MediaUploadFailed = 131053;
    private const int MarketingStopped = 131050;

    private long requests = time.GetUtcNow().UtcTicks;

    public async Task<IResult> TakeAsync(string phoneNumberId, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (numbers.Find(phoneNumberId) is not { } number)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(context.Request);
        if (bad is not null)
            return bad.ToResult();
        var isReceipt = body.Text("status") is not null;
        var request = new SentRequest(
            Interlocked.Increment(ref requests).ToString(CultureInfo.InvariantCulture),
            phoneNumberId,
            Wamid: null,
            ReceiverOf(body, number),
            isReceipt ? SentRequest.Receipt : body.Text("type") ?? "text",
            body.DeepClone(),
            body.Text("biz_opaque_callback_data"),
            time.GetUtcNow(),
            Accepted: false,
            HttpStatus: null
        );
        sent.Put(request);
        return await AnswerAsync(number, body, request, context);
    }

    private async Task<IResult> AnswerAsync(
        BusinessNumber number,
        JsonObject body,
        SentRequest request,
        HttpContext context
    )
    {
        var fault = faults.TakeMessageFault(request.To, request.Type);
        var gone = context.RequestAborted;
        switch (fault?.Action)
        {
            case MessageFaultAction.Error:
                var entry = GraphError.Of(fault.Code ?? 131000, fault.Details, fault.HttpStatus);
                return Refuse(request, entry);
            case MessageFaultAction.Status500:
                sent.Change(request.Id, r => r with { HttpStatus = StatusCodes.Status500InternalServerError });
                return Results.Text("Internal Server Error", statusCode: StatusCodes.Status500InternalServerError);
            case MessageFaultAction.CloseBeforeAccept:
                context.Abort();
                return Results.Empty;
            case MessageFaultAction.Delay:
                await Task.Delay(TimeSpan.FromMilliseconds(fault.Ms ?? 1000), time, gone);
                break;
            case MessageFaultAction.Hold:
                await faults.NextChangeAsync(gone);
                break;
        }
        var refusal =
            request.Type == SentRequest.Receipt ? TakeReceipt(number, body) : Accept(number, body, ref request);
        if (refusal is not null)
            return Refuse(request, refusal);
        switch (fault?.Action)
        {
            case MessageFaultAction.CloseAfterAccept:
                context.Abort();
                return Results.Empty;
            case MessageFaultAction.TimeoutAfterAccept:
                await UntilGivenUpAsync(gone);
                return Results.Empty;
        }
        sent.Change(request.Id, r => r with { HttpStatus = StatusCodes.Status200OK });
        return request.Type == SentRequest.Receipt ? GraphResult.Success : Accepted(body, request);
    }

    private IResult Refuse(SentRequest request, GraphError error)
    {
        sent.Change(request.Id, r => r with { HttpStatus = error.HttpStatus });
        return error.ToResult();
    }

    private GraphError? TakeReceipt(BusinessNumber number, JsonObject body)
    {
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.MissingProduct;
        if (body.Text("status") != "read")
            return GraphError.Of(131009, "status must be read.");
        if (
            chats.Find(body.Text("message_id")) is not { IsInbound: true } message
            || message.PhoneNumberId != number.PhoneNumberId
        )
            return GraphError.Of(131009, "message_id: the message does not exist.");
        foreach (var earlier in chats.Of(number.PhoneNumberId, message.WaId))
            if (earlier.IsInbound && earlier.At <= message.At)
                chats.Advance(earlier.Wamid, "read");
        if (body.Child("typing_indicator") is not null)
            chats.StartTyping(number.PhoneNumberId, message.WaId);
        return null;
    }

    private GraphError? Accept(BusinessNumber number, JsonObject body, ref SentRequest request)
    {
        if (!number.Registered)
            return GraphError.Of(133010);
        if (limits.RefuseMessage(number.PhoneNumberId, request.To) is { } tooMuch)
            return GraphError.Of(tooMuch);
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.MissingProduct;
        if (request.To.Length == 0)
            return GraphError.Of(131008, "to or recipient is required.");
        if (request.To == number.Digits)
            return GraphError.Of(131021);
        if (MessageRules.Check(body, request.Type, media) is { } wrong)
            return wrong;
        var template =
            request.Type == "template" ? TemplateSend.Check(body.Child("template")!, number.WabaId, templates) : null;
        if (template?.Error is not null)
            return template.Error;

        var customer = IsUserId(request.To) ? customers.FindByUserId(request.To) : customers.Meet(request.To);
        if (customer is not null && blocks.Has(number.PhoneNumberId, customer.WaId))
            return GraphError.Of(UserIsBlocked);
        // A user id nobody has: accepted, and found undeliverable later, as with a number without WhatsApp.
        var waId = customer?.WaId ?? request.To;
        var failWith = customer is null
            ? Undeliverable
            : WindowFailure(number, waId, request.Type)
                ?? LinkFailure(body, request.Type)
                ?? (customer.StoppedMarketing && template?.Template?.Category == "MARKETING" ? MarketingStopped : null);
        var freeUntil = chats.FreeUntil(number.PhoneNumberId, waId);
        var message = new ChatMessage(
            GraphIds.Wamid(waId),
            number.PhoneNumberId,
            waId,
            ChatMessage.Outbound,
            request.Type,
            body[request.Type]?.DeepClone(),
            template?.View,
            body.Child("context").Text("message_id"),
            request.BizOpaqueCallbackData,
            freeUntil is null ? Category(template?.Template) : OutgoingValue.FreeEntry,
            time.GetUtcNow(),
            "accepted",
            failWith,
            FreeUntil: freeUntil
        );
        chats.Add(message);
        request = request with { Wamid = message.Wamid, Accepted = true };
        var accepted = request;
        sent.Change(request.Id, _ => accepted);
        statuses.Start(message, failWith);
        return null;
    }

    private int? WindowFailure(BusinessNumber number, string waId, string type) =>
        type != "template" && !chats.IsWindowOpen(number.PhoneNumberId, waId) ? StatusChain.WindowClosed : null;

    // Meta fetches a link after it has accepted the message. The Sandbox fetches nothing: it looks at the address only.
    private static int? LinkFailure(JsonObject body, string type) =>
        MessageRules.MediaTypes.Contains(type)
        && body.Child(type).Text("link") is { } link
        && !(Uri.TryCreate(link, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https"))
            ? MediaUploadFailed
            : null;

    private static IResult Accepted(JsonObject body, SentRequest request)
    {
        var contact = body.Text("to") is { } to
            ? new JsonObject { ["input"] = to, ["wa_id"] = request.To }
            : new JsonObject { ["input"] = request.To, ["user_id"] = request.To };
        var message = new JsonObject { ["id"] = request.Wamid };
        if (request.Type == "template")
            message["message_status"] = "accepted";
        return GraphResult.Json(
            new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["contacts"] = new JsonArray { contact },
                ["messages"] = new JsonArray { message },
            }
        );
    }

    private async Task UntilGivenUpAsync(CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        var end = new TaskCompletionSource();
        await using (either.Token.Register(end.SetResult))
            await end.Task;
    }

    private static string Category(Template? template) =>
        template is null ? "service" : CultureInfo.InvariantCulture.TextInfo.ToLower(template.Category);

    // If both are given, to wins. A national number gets the business's own country code.
    private static string ReceiverOf(JsonObject body, BusinessNumber number)
    {
        if (body.Text("to") is not { } to)
            return body.Text("recipient") ?? "";
        var digits = string.Concat(to.Where(char.IsAsciiDigit));
        return digits.StartsWith('0') && !to.Contains('+', StringComparison.Ordinal)
            ? GraphIds.CallingCodeOf(number.Digits) + digits[1..]
            : digits;
    }

    private static bool IsUserId(string receiver) => receiver.Any(char.IsAsciiLetter);
}
