using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Threadkeep.People;

/// <summary>
/// The authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0). What has to be remembered between leaving and coming
/// back is in PostgreSQL, so that any host may be the one that is come back to.
/// </summary>
public sealed class Provider
{
    public const string HttpClientName = "oidc";

    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"];
    private readonly ProviderOptions options;
    private readonly IHttpClientFactory http;
    private readonly TimeProvider clock;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? discovery;

    public Provider(IOptions<ProviderOptions> options, IHttpClientFactory http, TimeProvider clock)
    {
        this.options = options.Value;
        this.http = http;
        this.clock = clock;
        if (this.options.IsConfigured)
            discovery = new ConfigurationManager<OpenIdConnectConfiguration>(
                this.options.Authority.TrimEnd('/') + "/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever(http.CreateClient(HttpClientName))
                {
                    RequireHttps = this.options.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
                }
            );
    }

    /// <summary>What the button says; null: there is no provider.</summary>
    public string? Name => options.IsConfigured ? options.Name : null;

    /// <summary>Where the browser goes to sign in.</summary>
    /// <exception cref="ProviderException">The provider cannot be reached.</exception>
    public async Task<string> AddressAsync(string callback, string state, string nonce, string verifier)
    {
        var found = await DiscoverAsync();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return QueryString(
            found.AuthorizationEndpoint,
            ("response_type", "code"),
            ("client_id", options.ClientId),
            ("redirect_uri", callback),
            ("scope", "openid email profile"),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256")
        );
    }

    /// <summary>Exchanges the code for who it is.</summary>
    /// <exception cref="ProviderException">It is refused; its code says why.</exception>
    public async Task<ProviderIdentity> RedeemAsync(string code, string callback, string nonce, string verifier)
    {
        var found = await DiscoverAsync();
        var (token, access) = await ExchangeAsync(found, code, callback, verifier);
        var result = await ValidateAsync(found, token);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider has changed its keys: ask for them once more.
            discovery!.RequestRefresh();
            result = await ValidateAsync(await DiscoverAsync(), token);
        }
        if (!result.IsValid || Claim(result, "nonce") != nonce || Claim(result, "sub") is not { Length: > 0 } subject)
            throw new ProviderException("provider_refused", result.Exception);
        // By the letter of the standard the address is told at a door of its own; many providers put it into the token, too.
        var told = Claim(result, "email") is null ? await AskAsync(found, access, subject) : null;
        var email = told is null ? Claim(result, "email") : told["email"]?.ToString();
        var verified = told is null ? Claim(result, "email_verified") : told["email_verified"]?.ToString();
        // One that the provider has not verified is anybody's claim.
        if (string.IsNullOrEmpty(email) || !string.Equals(verified, "true", StringComparison.OrdinalIgnoreCase))
            throw new ProviderException("provider_email_unverified");
        var name = told is null ? Claim(result, "name") : told["name"]?.ToString();
        if (string.IsNullOrWhiteSpace(name))
            name = email.Split('@')[0];
        return new ProviderIdentity(found.Issuer, subject, email, name.Length > 100 ? name[..100] : name);
    }

    private async Task<JsonNode> AskAsync(OpenIdConnectConfiguration found, string? access, string subject)
    {
        if (string.IsNullOrEmpty(found.UserInfoEndpoint) || string.IsNullOrEmpty(access))
            throw new ProviderException("provider_email_unverified");
        using var request = new HttpRequestMessage(HttpMethod.Get, found.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        var told = await SendAsync(request);
        // Another subject's answer would be another's address (OpenID Connect Core, 5.3.2).
        return told["sub"]?.ToString() == subject ? told : throw new ProviderException("provider_refused");
    }

    private async Task<(string Token, string? Access)> ExchangeAsync(
        OpenIdConnectConfiguration found,
        string code,
        string callback,
        string verifier
    )
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = callback,
            ["code_verifier"] = verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, found.TokenEndpoint);
        if (options.ClientSecret.Length == 0)
            form["client_id"] = options.ClientId;
        else
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(
                        $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}"
                    )
                )
            );
        request.Content = new FormUrlEncodedContent(form);
        var answer = await SendAsync(request);
        return (
            answer["id_token"]?.ToString() ?? throw new ProviderException("provider_refused"),
            answer["access_token"]?.ToString()
        );
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.CreateClient(HttpClientName).SendAsync(request);
            if (!answer.IsSuccessStatusCode)
                throw new ProviderException("provider_refused");
            return await answer.Content.ReadFromJsonAsync<JsonNode>()
                ?? throw new ProviderException("provider_refused");
        }
        catch (Exception failed)
            when (failed is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            throw new ProviderException("provider_unavailable", failed);
        }
    }

    private Task<TokenValidationResult> ValidateAsync(OpenIdConnectConfiguration found, string token) =>
        new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = found.Issuer,
                ValidAudience = options.ClientId,
                IssuerSigningKeys = found.SigningKeys,
                ValidAlgorithms = Algorithms,
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                LifetimeValidator = (_, expires, _, parameters) =>
                    expires is { } end && end + parameters.ClockSkew > clock.GetUtcNow().UtcDateTime,
                ClockSkew = TimeSpan.FromMinutes(2),
            }
        );

    private async Task<OpenIdConnectConfiguration> DiscoverAsync()
    {
        try
        {
            return await discovery!.GetConfigurationAsync(CancellationToken.None);
        }
        catch (Exception failed) when (failed is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ProviderException("provider_unavailable", failed);
        }
    }

    private static string? Claim(TokenValidationResult result, string name) =>
        result.Claims.TryGetValue(name, out var value) ? value?.ToString() : null;

    private static string QueryString(string address, params (string Name, string Value)[] values) =>
        address
        + (address.Contains('?', StringComparison.Ordinal) ? '&' : '?')
        + string.Join('&', values.Select(v => $"{v.Name}={Uri.EscapeDataString(v.Value)}"));
}

/// <summary>Signing in with the provider did not work.</summary>
/// <param name="code">Stable: provider_refused, provider_unavailable or provider_email_unverified.</param>
public sealed class ProviderException(string code, Exception? inner = null) : Exception(code, inner)
{
    public string Code { get; } = code;
}
