using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.Templates;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Messages;

/// <summary>A message to send, read from a request body and checked for form; or why it cannot be sent as it is.</summary>
internal sealed record SendRequest(AcceptMessage? Message, ProblemHttpResult? Problem)
{
    /// <summary>Longest text body (Cloud API, "Limits").</summary>
    private const int MaxText = 4_096;
    private const int MaxBytes = 64 * 1024;

    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    // What we set ourselves.
    private static readonly string[] Ours =
    [
        "to",
        "recipient",
        "recipient_type",
        "messaging_product",
        "biz_opaque_callback_data",
    ];

    /// <summary>SHA-256 of thread and body: the same key with another hash is a mistake of the caller.</summary>
    public static byte[] HashOf(ThreadId thread, ReadOnlySpan<byte> body, DateTimeOffset? sendAt = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(thread.ToString()));
        hash.AppendData(body);
        if (sendAt is { } at)
            hash.AppendData(BitConverter.GetBytes(at.UtcTicks));
        return hash.GetHashAndReset();
    }

    public static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[8_192];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
            {
                if (bytes.Length + read > MaxBytes)
                    return null;
                bytes.Write(buffer, 0, read);
            }
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body cannot be read.", broken);
        }
        return bytes.ToArray();
    }

    public static async Task<SendRequest> ReadAsync(
        byte[] body,
        string key,
        byte[] hash,
        AgentId? agent,
        SendContext context
    )
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(JsonCleaner.Clean(body.ToArray()).Span, documentOptions: NoDuplicates)!.AsObject();
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or InvalidOperationException
                        or NullReferenceException
                        or ArgumentException
            )
        {
            return Invalid("The body is not a JSON object.");
        }
        foreach (var name in Ours)
            json.Remove(name);
        var type = (json["type"] as JsonValue)?.ToString() ?? (json.ContainsKey("text") ? "text" : "");
        json["type"] = type;
        var message = new AcceptMessage
        {
            IdempotencyKey = key,
            RequestHash = hash,
            Type = type,
            Body = "",
            Agent = agent,
        };
        if (!OutboundTypes.All.TryGetValue(type, out var read))
            return new SendRequest(
                null,
                Problems.Of(
                    422,
                    "unsupported_type",
                    "Messages of this type cannot be sent.",
                    string.Join(", ", OutboundTypes.All.Keys) + "."
                )
            );
        if (await QuoteAsync(json, context) is { } unknown)
            return unknown;
        message = message with { ContextWamid = Text(json["context"], "message_id") };
        var request = await read(json, message, context);
        return request.Message is { } ready
            ? request with
            {
                Message = ready with { Body = json.ToJsonString() },
            }
            : request;
    }

    // A reply names a message of this very thread: another one's would show a stranger's words to the customer.
    private static async Task<SendRequest?> QuoteAsync(JsonObject json, SendContext context)
    {
        if (!json.ContainsKey("context"))
            return null;
        if (Text(json["context"], "message_id") is not { } wamid)
            return Invalid("context.message_id must be the wamid of a message of this thread.");
        json["context"] = new JsonObject { ["message_id"] = wamid };
        return await context.KnowsAsync(wamid) ? null : NoSuchMessage();
    }

    internal static SendRequest ReadText(JsonObject json, AcceptMessage message)
    {
        if (Text(json["text"], "body") is not { } body || string.IsNullOrWhiteSpace(body))
            return Invalid("text.body must hold some text.");
        return body.Length > MaxText
            ? TooLong("text.body", MaxText)
            : new SendRequest(message with { Text = body }, null);
    }

    internal static SendRequest Invalid(string detail) =>
        new(null, Problems.Of(422, "invalid_message", "The message is not as it should be.", detail));

    internal static SendRequest TooLong(string field, int most) =>
        new(
            null,
            Problems.Of(
                422,
                "text_too_long",
                $"{field} is longer than {most} characters.",
                more: [("maxLength", most), ("field", field)]
            )
        );

    internal static SendRequest NoSuchMessage() =>
        new(
            null,
            Problems.Of(422, "message_not_found", "There is no such message in this thread that WhatsApp knows of.")
        );

    internal static string? Text(JsonNode? parent, string name) =>
        parent is JsonObject known && known[name] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : null;
}

/// <summary>What reading a message to send needs to know besides its body.</summary>
/// <param name="Personal">Null: placeholders have been filled in, and what looks like one is text.</param>
internal sealed record SendContext(
    Scope Scope,
    ThreadId Thread,
    ChannelId Channel,
    MediaIndex Media,
    TemplateStore Templates,
    PersonalValues? Personal,
    MessageQueries Messages
)
{
    /// <summary>A message of this thread has this wamid.</summary>
    public Task<bool> KnowsAsync(string wamid) => Messages.HasAsync(Scope, Thread, wamid);
}
