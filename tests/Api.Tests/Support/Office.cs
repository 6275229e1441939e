using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Setup;
using Threadkeep.Testing;
using Threadkeep.Threads;

namespace Threadkeep.Api.Tests.Support;

/// <summary>One account with one number, seen through the product's doors: webhooks, REST with its API key, and SQL for counting.</summary>
public sealed class Office(RunningProduct product, SetupDocument document)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
    };

    private HttpClient? http;

    public string Number => document.Channels[0].PhoneNumberId;

    public string Waba => document.Channels[0].WabaId;

    public string ApiKey => document.ApiKey!.Value;

    public string AppSecret => document.App.AppSecret;

    public Guid Account { get; private set; }

    public DateTimeOffset Now => product.Now;

    /// <summary>REST, with the API key.</summary>
    public HttpClient Http => http ??= NewClient();

    public HttpClient NewClient()
    {
        var client = new HttpClient { BaseAddress = new Uri(product.ApiUrl, "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        return client;
    }

    public async Task ConnectAsync(IServiceProvider services) =>
        Account = await SetupCommand.ApplyAsync(services, document);

    /// <summary>A phone number that no other test uses.</summary>
    public static string NewCustomer() =>
        "8190" + RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString("D8", null);

    // Webhooks ------------------------------------------------------------------------------------------------

    /// <summary>Posts messages in one signed webhook; the status of the answer.</summary>
    public Task<int> HookAsync(params Said[] said) => HookAsync(Hook.Body([Hook.Value(Number, said)]));

    public Task<int> StatusesAsync(params JsonObject[] statuses) =>
        HookAsync(Hook.Body([Hook.Value(Number, [], statuses)]));

    public async Task<int> HookAsync(byte[] body, string? secret = null, string? app = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(product.ApiUrl, "/webhooks/whatsapp" + (app is null ? "" : "/" + app))
        )
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add("X-Hub-Signature-256", Hook.Signature(body, secret ?? AppSecret));
        using var answer = await Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>A customer writes a text now; the thread it is in.</summary>
    public async Task<SeenThread> HearAsync(string waId, string text = "Hello", DateTimeOffset? at = null)
    {
        (await HookAsync(Hook.Text(waId, text, at ?? product.Now))).ShouldBe(200);
        return await ThreadAsync(waId);
    }

    /// <summary>A customer writes on a phone of the Sandbox, so that Meta's own window is open too; the thread it is in.</summary>
    public async Task<SeenThread> HearOnPhoneAsync(string waId, string text = "Hello", JsonObject? more = null)
    {
        var message = more ?? [];
        message["text"] = text;
        var wamid = await OnPhoneAsync(waId, message);
        await Eventually.IsTrueAsync(
            "the message is stored",
            async () => await CountAsync("messages", $"wamid = '{wamid}'") == 1
        );
        return await ThreadAsync(waId);
    }

    public async Task<string> OnPhoneAsync(string waId, JsonObject message)
    {
        message["phoneNumberId"] = Number;
        var answer = await product.ControlAsync(HttpMethod.Post, $"customers/{waId}/messages", message);
        return answer!["wamid"]!.ToString();
    }

    // REST ----------------------------------------------------------------------------------------------------

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await Http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(200, $"GET {path}: {text}");
        return JsonSerializer.Deserialize<T>(text, Json)!;
    }

    public async Task<Answer> AskAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await ReadAsync(answer);
    }

    public Task<Answer> PostAsync(string path, string? json = null, string? key = null) =>
        CallAsync(HttpMethod.Post, path, json, key);

    public async Task<Answer> CallAsync(HttpMethod method, string path, string? json = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await Http.SendAsync(request);
        return await ReadAsync(answer);
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return new Answer((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    private sealed record List<T>(T[] Items, string? NextCursor);

    /// <summary>Every thread, newest activity first.</summary>
    /// <param name="filter">all, unread, open, closing or closed.</param>
    public async Task<SeenThread[]> ThreadsAsync(string filter = "all") =>
        (await GetAsync<List<SeenThread>>($"threads?limit=200&filter={filter}")).Items;

    /// <summary>The one thread that a customer goes to now.</summary>
    public async Task<SeenThread> ThreadAsync(string waId) =>
        (await GetAsync<List<SeenThread>>($"threads?q={waId}")).Items.ShouldHaveSingleItem();

    /// <summary>The same thread as it stands now.</summary>
    public Task<SeenThread> AgainAsync(SeenThread thread) => GetAsync<SeenThread>($"threads/{thread.Id}");

    /// <summary>The thread's messages, oldest first.</summary>
    public async Task<SeenMessage[]> MessagesAsync(SeenThread thread, bool events = false)
    {
        var include = events ? "&include=events" : "";
        return (await GetAsync<List<SeenMessage>>($"threads/{thread.Id}/messages?limit=200{include}")).Items;
    }

    /// <summary>The types of the thread's own items.</summary>
    public async Task<string[]> EventsAsync(SeenThread thread) =>
        [.. (await MessagesAsync(thread, events: true)).Where(m => m.Direction == "system").Select(m => m.Type)];

    public async Task<SeenMessage> MessageAsync(string id) =>
        await GetAsync<SeenMessage>($"threads/{id[..32]}/messages/{id}");

    public async Task<SeenLeftover[]> LeftoversAsync() =>
        (await GetAsync<List<SeenLeftover>>("leftovers?limit=200")).Items;

    public Task<SeenQuota> QuotaAsync() => GetAsync<SeenQuota>("quota");

    // Sends ---------------------------------------------------------------------------------------------------

    public static string TextBody(string text) =>
        new JsonObject
        {
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = text },
        }.ToJsonString();

    /// <summary>A template that the Sandbox has approved, with its one variable.</summary>
    public const string Template = """
        {"type":"template","template":{"name":"continue_conversation","language":{"code":"en_US"},
         "components":[{"type":"body","parameters":[{"type":"text","parameter_name":"customer_name","text":"Bruno"}]}]}}
        """;

    /// <summary>A second channel of the account, with a number of its own.</summary>
    public async Task<(Guid Channel, string Number)> AddChannelAsync()
    {
        var channel = Guid.NewGuid();
        await product.Database.ExecuteAsync(
            $"""
            insert into threadkeep.channels (account_id, id, app_key, waba_id, phone_number_id, display_phone_number, name, access_token,
                state, first_connected_at)
            select account_id, '{channel}', app_key, waba_id, '7' || phone_number_id, '+81 3-9999-9999', 'Second', access_token, state,
                first_connected_at
            from threadkeep.channels where account_id = '{Account}'
            """
        );
        return (channel, "7" + Number);
    }

    public Task<Answer> SendAsync(SeenThread thread, string json, string? key = null) =>
        PostAsync($"threads/{thread.Id}/messages", json, key ?? Guid.NewGuid().ToString());

    /// <summary>Sends what must be accepted; its id.</summary>
    public async Task<string> AcceptedAsync(SeenThread thread, string json, string? key = null)
    {
        var answer = await SendAsync(thread, json, key);
        answer.Status.ShouldBe(202, answer.Body?.ToJsonString());
        return answer.Id;
    }

    /// <summary>Waits until a message stands at one of these.</summary>
    public async Task<SeenMessage> UntilAsync(string messageId, params string[] statuses)
    {
        SeenMessage? message = null;
        try
        {
            await Eventually.IsTrueAsync(
                "the message stands at " + string.Join(" or ", statuses),
                async () =>
                {
                    message = await MessageAsync(messageId);
                    return statuses.Contains(message.Status);
                },
                TimeSpan.FromSeconds(15)
            );
        }
        catch (TimeoutException)
        {
            message?.Status.ShouldBeOneOf(statuses);
        }
        return message!;
    }

    /// <summary>What Meta was asked to send from this number, oldest first.</summary>
    /// <param name="receipts">Read marks too.</param>
    public async Task<JsonObject[]> SentAsync(bool receipts = false)
    {
        var include = receipts ? "&include=receipts" : "";
        var answer = await product.ControlAsync(HttpMethod.Get, $"sent?phoneNumberId={Number}{include}");
        return [.. answer!["items"]!.AsArray().Select(i => i!.AsObject())];
    }

    // SQL -----------------------------------------------------------------------------------------------------

    /// <summary>How many rows of one of our tables this account has.</summary>
    public async Task<long> CountAsync(string table, string where = "true") =>
        await product.Database.ScalarAsync<long>(
            $"select count(*) from threadkeep.{table} where account_id = '{Account}' and ({where})"
        );

    /// <summary>The thread's grain, for what has no door of its own.</summary>
    public IThreadGrain Grain(SeenThread thread) =>
        product.Cluster.GetGrain<IThreadGrain>(
            GrainKeys.Thread(new AccountId(Account), new ThreadId(Guid.ParseExact(thread.Id, "N")))
        );
}
