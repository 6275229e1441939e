using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>The Sandbox's control interface: customers who write, faults, and what has been posted to it.</summary>
public sealed class SandboxControl(HttpClient sandbox)
{
    /// <summary>Writes as a customer; the Sandbox posts it to the product until that answers 200.</summary>
    public async Task<string> WriteAsync(string waId, string text)
    {
        using var response = await sandbox.PostAsJsonAsync($"/control/customers/{waId}/messages", new { text });
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        return (string)answer!["wamid"]!;
    }

    /// <summary>All faults at once; an empty object is none.</summary>
    public async Task SetFaultsAsync(object faults)
    {
        using var response = await sandbox.PutAsJsonAsync("/control/faults", faults);
        response.EnsureSuccessStatusCode();
    }

    public async Task ReleaseAsync()
    {
        using var response = await sandbox.PostAsync("/control/faults/release", null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Everything that was posted for one customer, refused or not.</summary>
    public async Task<JsonArray> SentToAsync(string waId)
    {
        var answer = await sandbox.GetFromJsonAsync<JsonNode>($"/control/sent?to={waId}");
        return answer!["items"]!.AsArray();
    }

    /// <summary>Everything that was posted to be sent, refused or not.</summary>
    public async Task<JsonArray> PostsAsync() =>
        (await sandbox.GetFromJsonAsync<JsonNode>("/control/sent"))!["items"]!.AsArray();

    public async Task ForgetPostsAsync()
    {
        using var response = await sandbox.DeleteAsync("/control/sent");
        response.EnsureSuccessStatusCode();
    }

    public Task HasSentAsync(string waId, int count) =>
        Eventually.IsTrueAsync(
            $"{count} posts for {waId} have reached the Sandbox",
            async () => (await SentToAsync(waId)).Count == count
        );

    /// <summary>How the product answered the webhook that carried this message, attempt by attempt; null is no answer.</summary>
    public async Task<int?[]> AnswersToAsync(string wamid)
    {
        var answer = await sandbox.GetFromJsonAsync<JsonNode>("/control/webhooks?limit=200");
        var webhook = answer!["items"]!.AsArray().Single(w => w!["wamids"]!.AsArray().Any(id => (string?)id == wamid))!;
        return [.. webhook["attempts"]!.AsArray().Select(a => (int?)a!["status"])];
    }

    /// <summary>Waits until every webhook was answered 200.</summary>
    public Task HasNothingPendingAsync() =>
        Eventually.IsTrueAsync(
            "the Sandbox has no webhook left to post",
            async () => (int)(await sandbox.GetFromJsonAsync<JsonNode>("/control/webhooks?limit=1"))!["pending"]! == 0,
            TimeSpan.FromSeconds(90)
        );

    public Task IsDeliveredAsync(string wamid) =>
        Eventually.IsTrueAsync(
            $"the webhook of {wamid} was answered 200",
            async () => (await AnswersToAsync(wamid)).LastOrDefault() == 200,
            TimeSpan.FromSeconds(60)
        );
}
