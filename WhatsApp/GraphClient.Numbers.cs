using System.Net.Http.Json;
using System.Text.Json;

namespace Threadkeep.WhatsApp;

/// <summary>What a token may do (Cloud API, "Onboarding").</summary>
/// <param name="AppId">The app that it was issued to.</param>
/// <param name="Wabas">WhatsApp Business accounts that it may manage.</param>
/// <param name="Scopes">Its permissions, in Meta's words.</param>
public sealed record TokenFacts(bool IsValid, string AppId, IReadOnlyList<string> Wabas, IReadOnlyList<string> Scopes);

/// <summary>A business number as Meta describes it. Words are Meta's, an open set; null where it said nothing.</summary>
public sealed record GraphNumber
{
    public required string Id { get; init; }
    public string DisplayPhoneNumber { get; init; } = "";
    public string VerifiedName { get; init; } = "";

    /// <summary>GREEN, YELLOW, RED, NA or UNKNOWN.</summary>
    public string? Quality { get; init; }

    /// <summary>VERIFIED, NOT_VERIFIED, UNVERIFIED or EXPIRED.</summary>
    public string? Verification { get; init; }

    /// <summary>The display name's review: APPROVED, PENDING_REVIEW, DECLINED...</summary>
    public string? NameStatus { get; init; }

    /// <summary>CONNECTED, DISCONNECTED, PENDING, FLAGGED, RESTRICTED...</summary>
    public string? Status { get; init; }

    /// <summary>STANDARD, HIGH or NOT_APPLICABLE.</summary>
    public string? Throughput { get; init; }

    /// <summary>TIER_250, TIER_2K... TIER_UNLIMITED.</summary>
    public string? MessagingLimit { get; init; }

    /// <summary>The number stays in the WhatsApp Business app as well: it is not registered here.</summary>
    public bool IsOnPhoneApp { get; init; }
}

/// <summary>A WhatsApp Business account as Meta describes it, in Meta's words; null where it said nothing.</summary>
/// <param name="BusinessId">The portfolio that it belongs to.</param>
/// <param name="Verification">Of the business: verified, not_verified, pending...</param>
public sealed record GraphWaba(string? BusinessId, string? Verification);

/// <summary>What customers see of a business. Null: nothing is said.</summary>
public sealed record GraphProfile
{
    public string? About { get; init; }
    public string? Address { get; init; }
    public string? Description { get; init; }
    public string? Email { get; init; }
    public string? PictureUrl { get; init; }

    /// <summary>Another picture, as its upload was named; never told.</summary>
    public string? PictureHandle { get; init; }
    public IReadOnlyList<string>? Websites { get; init; }

    /// <summary>The category, one of Meta's words.</summary>
    public string? Vertical { get; init; }
}

/// <summary>Numbers, their accounts, and the tokens that may manage them.</summary>
public sealed partial class GraphClient
{
    private const string NumberFields =
        "id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status,status,throughput,"
        + "whatsapp_business_manager_messaging_limit,is_on_biz_app";

    private const string ProfileFields = "about,address,description,email,profile_picture_url,websites,vertical";

    /// <summary>The token of a code that a pop-up handed over within the last 30 seconds.</summary>
    /// <exception cref="GraphException">Refused (the code is old, or the app's secret is wrong), or out of reach.</exception>
    public async Task<string> ExchangeCodeAsync(
        string appId,
        string appSecret,
        string code,
        CancellationToken cancellation
    )
    {
        // By Meta's contract the secret is in the address; it goes over TLS to Meta alone and is logged nowhere.
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"oauth/access_token?client_id={Escape(appId)}&client_secret={Escape(appSecret)}&code={Escape(code)}"
        );
        using var answer = await CallAsync(request, cancellation);
        return answer.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <param name="by">Who asks: the app (id|secret), or the token itself.</param>
    /// <exception cref="GraphException">Whoever asks may not, or Meta is out of reach.</exception>
    public async Task<TokenFacts> InspectTokenAsync(string token, string by, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"debug_token?input_token={Escape(token)}&access_token={Escape(by)}"
        );
        using var answer = await CallAsync(request, cancellation);
        var data = answer.RootElement.GetProperty("data");
        var wabas = new HashSet<string>();
        if (data.TryGetProperty("granular_scopes", out var scopes))
            foreach (var scope in scopes.EnumerateArray())
                if (
                    TextOf(scope, "scope") == "whatsapp_business_management"
                    && scope.TryGetProperty("target_ids", out var ids)
                )
                    wabas.UnionWith(ids.EnumerateArray().Select(id => id.ToString()));
        return new TokenFacts(
            data.TryGetProperty("is_valid", out var valid) && valid.ValueKind == JsonValueKind.True,
            TextOf(data, "app_id") ?? "",
            [.. wabas],
            data.TryGetProperty("scopes", out var all) && all.ValueKind == JsonValueKind.Array
                ? [.. all.EnumerateArray().Select(s => s.ToString())]
                : []
        );
    }

    /// <summary>The numbers of an account, up to 100: Meta lets one have 25.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<IReadOnlyList<GraphNumber>> NumbersAsync(
        string wabaId,
        string token,
        CancellationToken cancellation
    )
    {
        using var request = Request(
            HttpMethod.Get,
            $"{Escape(wabaId)}/phone_numbers?fields={NumberFields}&limit=100",
            token
        );
        using var answer = await CallAsync(request, cancellation);
        return [.. answer.RootElement.GetProperty("data").EnumerateArray().Select(ToNumber)];
    }

    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<GraphNumber> NumberAsync(string phoneNumberId, string token, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, $"{Escape(phoneNumberId)}?fields={NumberFields}", token);
        using var answer = await CallAsync(request, cancellation);
        return ToNumber(answer.RootElement);
    }

    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<GraphWaba> WabaAsync(string wabaId, string token, CancellationToken cancellation)
    {
        using var request = Request(
            HttpMethod.Get,
            $"{Escape(wabaId)}?fields=id,business_verification_status,owner_business_info",
            token
        );
        using var answer = await CallAsync(request, cancellation);
        var waba = answer.RootElement;
        return new GraphWaba(
            waba.TryGetProperty("owner_business_info", out var owner) ? TextOf(owner, "id") : null,
            TextOf(waba, "business_verification_status")
        );
    }

    /// <summary>Lets webhooks of the account come.</summary>
    /// <param name="callback">Where to, and the word for the handshake; null: to the app's own address.</param>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public Task SubscribeAsync(
        string wabaId,
        string token,
        (string Url, string VerifyToken)? callback,
        CancellationToken cancellation
    ) =>
        TellAsync(
            HttpMethod.Post,
            $"{Escape(wabaId)}/subscribed_apps",
            token,
            callback is { } own ? new { override_callback_uri = own.Url, verify_token = own.VerifyToken } : null,
            cancellation
        );

    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public Task UnsubscribeAsync(string wabaId, string token, CancellationToken cancellation) =>
        TellAsync(HttpMethod.Delete, $"{Escape(wabaId)}/subscribed_apps", token, null, cancellation);

    /// <summary>The apps that get the account's webhooks.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<IReadOnlyList<string>> SubscribersAsync(
        string wabaId,
        string token,
        CancellationToken cancellation
    )
    {
        using var request = Request(HttpMethod.Get, $"{Escape(wabaId)}/subscribed_apps", token);
        using var answer = await CallAsync(request, cancellation);
        return
        [
            .. answer
                .RootElement.GetProperty("data")
                .EnumerateArray()
                .Select(app =>
                    app.TryGetProperty("whatsapp_business_api_data", out var data) ? TextOf(data, "id") : null
                )
                .OfType<string>(),
        ];
    }

    /// <summary>Registers a number for the Cloud API.</summary>
    /// <param name="pin">Six digits: its two-step code from now on, or the one it has.</param>
    /// <exception cref="GraphException">Refused (133005: it has another code), or out of reach.</exception>
    public Task RegisterAsync(string phoneNumberId, string token, string pin, CancellationToken cancellation) =>
        TellAsync(
            HttpMethod.Post,
            $"{Escape(phoneNumberId)}/register",
            token,
            new { messaging_product = "whatsapp", pin },
            cancellation
        );

    /// <summary>
    /// Asks for what the phone app holds of a number that stays in it; it comes by webhooks. Each kind may be asked for once, within a day of
    /// connecting (Cloud API, "Coexistence").
    /// </summary>
    /// <param name="kind">smb_app_state_sync (contacts) or history.</param>
    /// <exception cref="GraphException">Refused (2593107: asked for already; 2593108: too late), or out of reach.</exception>
    public Task AskPhoneAppAsync(string phoneNumberId, string token, string kind, CancellationToken cancellation) =>
        TellAsync(
            HttpMethod.Post,
            $"{Escape(phoneNumberId)}/smb_app_data",
            token,
            new { messaging_product = "whatsapp", sync_type = kind },
            cancellation
        );

    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<GraphProfile> ProfileAsync(string phoneNumberId, string token, CancellationToken cancellation)
    {
        using var request = Request(
            HttpMethod.Get,
            $"{Escape(phoneNumberId)}/whatsapp_business_profile?fields={ProfileFields}",
            token
        );
        using var answer = await CallAsync(request, cancellation);
        var data = answer.RootElement.GetProperty("data");
        if (data.GetArrayLength() == 0)
            return new GraphProfile();
        var profile = data[0];
        return new GraphProfile
        {
            About = TextOf(profile, "about"),
            Address = TextOf(profile, "address"),
            Description = TextOf(profile, "description"),
            Email = TextOf(profile, "email"),
            PictureUrl = TextOf(profile, "profile_picture_url"),
            Websites = profile.TryGetProperty("websites", out var sites)
                ? [.. sites.EnumerateArray().Select(s => s.ToString())]
                : [],
            Vertical = TextOf(profile, "vertical"),
        };
    }

    /// <summary>Changes what customers see. Null stays as it is; an empty text clears.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public Task SetProfileAsync(
        string phoneNumberId,
        string token,
        GraphProfile profile,
        CancellationToken cancellation
    ) =>
        TellAsync(
            HttpMethod.Post,
            $"{Escape(phoneNumberId)}/whatsapp_business_profile",
            token,
            new
            {
                messaging_product = "whatsapp",
                about = profile.About,
                address = profile.Address,
                description = profile.Description,
                email = profile.Email,
                websites = profile.Websites,
                vertical = profile.Vertical,
                profile_picture_handle = profile.PictureHandle,
            },
            cancellation
        );

    private async Task TellAsync(
        HttpMethod method,
        string path,
        string token,
        object? body,
        CancellationToken cancellation
    )
    {
        using var request = Request(method, path, token);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: OnlyWhatIsSaid);
        using var answer = await CallAsync(request, cancellation);
    }

    private static readonly JsonSerializerOptions OnlyWhatIsSaid = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private static GraphNumber ToNumber(JsonElement item) =>
        new()
        {
            Id = item.GetProperty("id").ToString(),
            DisplayPhoneNumber = TextOf(item, "display_phone_number") ?? "",
            VerifiedName = TextOf(item, "verified_name") ?? "",
            Quality = TextOf(item, "quality_rating"),
            Verification = TextOf(item, "code_verification_status"),
            NameStatus = TextOf(item, "name_status"),
            Status = TextOf(item, "status"),
            Throughput = item.TryGetProperty("throughput", out var throughput) ? TextOf(throughput, "level") : null,
            MessagingLimit = TextOf(item, "whatsapp_business_manager_messaging_limit"),
            IsOnPhoneApp = item.TryGetProperty("is_on_biz_app", out var on) && on.ValueKind == JsonValueKind.True,
        };

    private static string? TextOf(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? value.ToString()
            : null;

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
