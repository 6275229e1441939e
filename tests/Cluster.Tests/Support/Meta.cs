using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A customer's text on its way to the product.</summary>
public sealed record CustomerMessage(string WaId, string Wamid, string Text, DateTimeOffset At);

/// <summary>Posts signed webhooks straight to the product, so that a test sees each answer.</summary>
public sealed class Meta(HttpClient api)
{
    public const string AppId = "100200300400501";
    public const string AppSecret = "cluster-tests-app-secret";
    public const string VerifyToken = "cluster-tests-verify-token";
    public const string AccessToken = "cluster-tests-access-token";
    public const string PhoneNumberId = "551122334455667";
    public const string WabaId = "880011223344556";
    public const string DisplayPhoneNumber = "81345678901";

    private static int customers = 10_000_000;
    private static int messages;

    /// <summary>Somebody who has never written.</summary>
    public static string NewCustomer() => $"8190{Interlocked.Increment(ref customers)}";

    public static CustomerMessage NewMessage(string waId, string text) =>
        new(waId, $"wamid.test{Interlocked.Increment(ref messages)}.{waId}", text, TimeProvider.System.GetUtcNow());

    /// <summary>Posts it and answers with the status; 0 where there was no answer.</summary>
    public async Task<int> PostAsync(CustomerMessage message) => (await AskAsync(message)).Status;

    /// <summary>The same for several messages in one body, with the whole answer.</summary>
    public async Task<HttpAnswer> AskAsync(params CustomerMessage[] messages)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                @object = "whatsapp_business_account",
                entry = new[]
                {
                    new { id = WabaId, changes = new[] { new { field = "messages", value = Value(messages) } } },
                },
            }
        );
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(AppSecret), body));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Hub-Signature-256", $"sha256={signature}");
        return await HttpAnswer.OfAsync(api, request);
    }

    private static object Value(CustomerMessage[] messages) =>
        new
        {
            messaging_product = "whatsapp",
            metadata = new { display_phone_number = DisplayPhoneNumber, phone_number_id = PhoneNumberId },
            contacts = messages.Select(m => new { profile = new { name = "Customer" }, wa_id = m.WaId }),
            messages = messages.Select(m => new
            {
                from = m.WaId,
                id = m.Wamid,
                timestamp = $"{m.At.ToUnixTimeSeconds()}",
                type = "text",
                text = new { body = m.Text },
            }),
        };
}
