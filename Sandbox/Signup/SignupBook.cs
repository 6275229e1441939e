using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Signup;

/// <summary>A business portfolio of the person who signs up.</summary>
/// <param name="Id">Digits, as Meta's are.</param>
public sealed record Business(
    string Id,
    string Name,
    string? Website,
    string? Email,
    string? Country,
    string? TimeZone
);

/// <summary>A token that was exchanged for a code.</summary>
/// <param name="Token">The bearer.</param>
/// <param name="WabaIds">The accounts that it may manage.</param>
/// <param name="IssuedAt">UTC.</param>
public sealed record IssuedToken(string Token, string[] WabaIds, DateTimeOffset IssuedAt);

/// <summary>Who may do what at Meta: portfolios, login codes, and the tokens they were exchanged for.</summary>
public sealed class SignupBook
{
    /// <summary>How long a code can be exchanged (Cloud API, "Onboarding").</summary>
    private static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(30);

    private readonly Table<Business> businesses;
    private readonly Table<IssuedToken> tokens;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string[] WabaIds, DateTimeOffset Until)> codes = [];
    private readonly SandboxOptions options;
    private readonly NumberBook numbers;
    private readonly TimeProvider clock;

    public SignupBook(IOptions<SandboxOptions> options, NumberBook numbers, Journal journal, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options.Value;
        this.numbers = numbers;
        this.clock = clock;
        businesses = new Table<Business>("businesses", b => b.Id, journal);
        tokens = new Table<IssuedToken>("tokens", t => t.Token, journal);
        businesses.TryAdd(new Business("440000000000001", "Sandbox business", null, null, "JP", "Asia/Tokyo"));
    }

    public Business[] Businesses() => businesses.All();

    public Business Add(string name, string? website, string? email, string? country, string? timeZone) =>
        businesses.Put(new Business(GraphIds.Numeric(44), name, website, email, country, timeZone));

    /// <summary>A code as the pop-up hands it to the page that opened it.</summary>
    public string CodeFor(string[] wabaIds)
    {
        var code = "AQ" + Convert.ToHexString(RandomNumberGenerator.GetBytes(40));
        lock (gate)
            codes[code] = (wabaIds, clock.GetUtcNow() + CodeLife);
        return code;
    }

    /// <summary>The token of a code; null where the code is unknown, over or used.</summary>
    public IssuedToken? Exchange(string code)
    {
        lock (gate)
        {
            if (!codes.Remove(code, out var known) || clock.GetUtcNow() > known.Until)
                return null;
            return tokens.Put(
                new IssuedToken(
                    "EAA" + Convert.ToHexString(RandomNumberGenerator.GetBytes(40)),
                    known.WabaIds,
                    clock.GetUtcNow()
                )
            );
        }
    }

    /// <summary>The accounts that a token may manage; null: it is none, or was revoked.</summary>
    public string[]? WabasOf(string token) =>
        token == options.AccessToken ? [.. numbers.Wabas().Select(w => w.WabaId)] : tokens.Find(token)?.WabaIds;

    public bool IsValid(string token) => token == options.AccessToken || tokens.Find(token) is not null;

    /// <summary>As when its owner takes the app's permission away.</summary>
    public bool Revoke(string token) => tokens.Remove(token);

    public IReadOnlyList<IssuedToken> Tokens() => tokens.All();
}
