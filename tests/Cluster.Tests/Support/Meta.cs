using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>A customer's text on its way to the product.</summary>
public sealed record CustomerMessage(string WaId, string Wamid, string Text, DateTimeOffset At);

/// <summary>What one change of a webhook holds, in Meta's words.</summary>
public sealed record MetaChange
{
    public object[] Contacts { get; init; } = [];

    public object[] Messages { get; init; } = [];

    public object[] Statuses { get; init; } = [];
}

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

    /// <summary>Posts these changes in one body and answers with the status; 0 where there was no answer.</summary>
    public async Task<int> PostAsync(params MetaChange[] changes) => (await AskAsync(changes)).Status;

    /// <summary>Posts several messages in one change, and gives the whole answer.</summary>
    public Task<HttpAnswer> AskAsync(params CustomerMessage[] messages) =>
        AskAsync(
            new MetaChange
            {
                Contacts = [.. messages.Select(m => new { profile = new { name = "Customer" }, wa_id = m.WaId })],
                Messages =
                [
                    .. messages.Select(m => new
                    {
                        from = m.WaId,
                        id = m.Wamid,
                        timestamp = $"{m.At.ToUnixTimeSeconds()}",
                        type = "text",
                        text = new { body = m.Text },
                    }),
                ],
            }
        );

    private async Task<HttpAnswer> AskAsync(params MetaChange[] changes)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                @object = "whatsapp_business_account",
                entry = new[]
                {
                    new
                    {
                        id = WabaId,
                        changes = changes.Select(c => new
                        {
                            field = "messages",
                            value = new
                            {
                                messaging_product = "whatsapp",
                                metadata = new
                                {
                                    display_phone_number = DisplayPhoneNumber,
                                    phone_number_id = PhoneNumberId,
                                },
                                contacts = c.Contacts,
                                messages = c.Messages,
                                statuses = c.Statuses,
                            },
                        }),
                    },
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
}
