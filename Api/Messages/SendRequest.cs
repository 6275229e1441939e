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
    private const int MaxCaption = 1_024;
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
    public static byte[] HashOf(ThreadId thread, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(thread.ToString()));
        hash.AppendData(body);
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
        Scope scope,
        ChannelId channel,
        AgentId? agent,
        MediaIndex media,
        TemplateStore templates
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
        var request = type switch
        {
            "text" => ReadText(json, message),
            "image" => await ReadImageAsync(json, message, scope, media),
            "template" => await ReadTemplateAsync(json, message, scope.Account, channel, templates),
            _ => new SendRequest(
                null,
                Problems.Of(
                    422,
                    "unsupported_type",
                    "Messages of this type cannot be sent yet.",
                    "text, image or template."
                )
            ),
        };
        return request.Message is { } ready
            ? request with
            {
                Message = ready with { Body = json.ToJsonString() },
            }
            : request;
    }

    private static SendRequest ReadText(JsonObject json, AcceptMessage message)
    {
        if (Text(json["text"], "body") is not { } body || string.IsNullOrWhiteSpace(body))
            return Invalid("text.body must hold some text.");
        return body.Length > MaxText
            ? TooLong("text.body", MaxText)
            : new SendRequest(message with { Text = body }, null);
    }

    private static async Task<SendRequest> ReadImageAsync(
        JsonObject json,
        AcceptMessage message,
        Scope scope,
        MediaIndex media
    )
    {
        if (Text(json["image"], "id") is not { } id)
            return Invalid("image.id must be an id that POST /media answered.");
        var caption = Text(json["image"], "caption");
        if (caption?.Length > MaxCaption)
            return TooLong("image.caption", MaxCaption);
        var file = id.Length == 64 ? await media.FindAsync(scope, id) : null;
        return file is null
            ? new SendRequest(null, Problems.Of(422, "media_not_found", "There is no such file: upload it first."))
            : new SendRequest(message with { Text = caption, Media = file }, null);
    }

    private static async Task<SendRequest> ReadTemplateAsync(
        JsonObject json,
        AcceptMessage message,
        AccountId account,
        ChannelId channel,
        TemplateStore templates
    )
    {
        if (
            json["template"] is not JsonObject template
            || Text(template, "name") is not { } name
            || Text(template["language"], "code") is not { } language
        )
            return Invalid("template needs name and language.code.");
        var stored = await templates.FindAsync(account, channel, name, language);
        if (stored is null)
            return new SendRequest(
                null,
                Problems.Of(422, "template_not_found", "There is no such template in this language.")
            );
        if (stored.Status != "APPROVED")
            return new SendRequest(
                null,
                Problems.Of(
                    422,
                    "template_not_approved",
                    $"Meta has not approved this template: it is {stored.Status}."
                )
            );
        var shape = TemplateShape.Of(stored);
        var values = TemplateValues.Read(template["components"] as JsonArray, shape);
        if (values.Missing is { } missing)
            return new SendRequest(
                null,
                Problems.Of(
                    422,
                    "missing_variable",
                    $"The template's variable {missing} has no value.",
                    more: ("variable", missing)
                )
            );
        return values.Problem is { } wrong
            ? Invalid(wrong)
            : new SendRequest(
                message with
                {
                    Text = shape.Render(values.Body),
                    TemplateName = name,
                    TemplateLanguage = language,
                },
                null
            );
    }

    private static SendRequest Invalid(string detail) =>
        new(null, Problems.Of(422, "invalid_message", "The message is not as it should be.", detail));

    private static SendRequest TooLong(string field, int most) =>
        new(
            null,
            Problems.Of(422, "text_too_long", $"{field} is longer than {most} characters.", more: ("maxLength", most))
        );

    private static string? Text(JsonNode? parent, string name) =>
        parent is JsonObject known && known[name] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : null;
}
