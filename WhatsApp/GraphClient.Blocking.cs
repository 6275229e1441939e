using System.Text;
using System.Text.Json;

namespace Threadkeep.WhatsApp;

/// <summary>Customers whom a number does not want to hear from (Cloud API, "Block users").</summary>
public sealed partial class GraphClient
{
    /// <summary>Blocks a customer, or ends it. Both are idempotent at Meta.</summary>
    /// <exception cref="GraphException">Refused, with the code that Meta gives for this customer, or out of reach.</exception>
    public async Task BlockAsync(
        string phoneNumberId,
        string token,
        string? waId,
        string? userId,
        bool block,
        CancellationToken cancellation
    )
    {
        using var request = Request(
            block ? HttpMethod.Post : HttpMethod.Delete,
            $"{Escape(phoneNumberId)}/block_users",
            token
        );
        var user = waId is not null
            ? new { user = (string?)waId, user_id = (string?)null }
            : new { user = (string?)null, user_id = userId };
        // With its length: not every server reads a body of a DELETE that does not tell it.
        request.Content = new StringContent(
            JsonSerializer.Serialize(
                new { messaging_product = "whatsapp", block_users = new[] { user } },
                OnlyWhatIsSaid
            ),
            Encoding.UTF8,
            "application/json"
        );
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.IsSuccessStatusCode)
                return;
            // 139100 says that some failed; why stands with each of them.
            var failure = FailedUser(body) is { } own
                ? own with
                {
                    HttpStatus = (int)response.StatusCode,
                }
                : FailureOf(response.StatusCode, body);
            throw new GraphException($"Meta answered {failure.HttpStatus}: {failure.Detail}", failure);
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new GraphException("Meta could not be reached: " + failed.Message, null, failed);
        }
    }

    private static GraphFailure? FailedUser(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var error = answer
                .RootElement.GetProperty("block_users")
                .GetProperty("failed_users")[0]
                .GetProperty("errors")[0];
            var detail = error.TryGetProperty("error_data", out var data) ? TextOf(data, "details") : null;
            return new GraphFailure(0, error.GetProperty("code").GetInt32(), detail ?? TextOf(error, "message"));
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or IndexOutOfRangeException
                        or FormatException
            )
        {
            return null;
        }
    }
}
