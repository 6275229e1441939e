using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>
/// Slows guessing down: after some wrong guesses at an address, or from a source, the next has to wait, longer each time and at most 15
/// minutes. Nobody is locked out for ever: a browser that somebody has signed in with before has a count of its own, which strangers cannot
/// raise, and a link for a new password forgives what was counted (docs/adr/031-guessing.md).
/// </summary>
public sealed class SignInAttempts(AttemptStore store)
{
    public const int AddressFree = 5;
    private const int SourceFree = 20;
    private const int LinksFree = 3;
    private const string DeviceCookie = "threadkeep_device";
    private static readonly TimeSpan DeviceKnown = TimeSpan.FromDays(180);

    /// <summary>What a guess was counted under.</summary>
    /// <param name="Wait">It is too early and must not be looked at; null: it may be.</param>
    public sealed record Attempt(string AddressKey, string SourceKey, TimeSpan? Wait);

    /// <summary>Counts a guess at somebody's password.</summary>
    /// <param name="agent">Whom the address belongs to; null: nobody, who is guarded all the same.</param>
    public async Task<Attempt> BeginAsync(HttpContext context, string email, AgentRecord? agent, DateTimeOffset now)
    {
        var device = Device(context);
        var known = agent is not null && device is not null && await store.IsKnownAsync(device, agent);
        var address = known ? "device:" + Convert.ToHexStringLower(device!) : AddressKey(email);
        var source = "source:" + SourceOf(context);
        if (await store.BeginAsync(source, SourceFree, now) is { } wait)
            return new Attempt(address, source, wait);
        if (await store.BeginAsync(address, AddressFree, now) is { } longer)
        {
            await store.UndoAsync(source);
            return new Attempt(address, source, longer);
        }
        return new Attempt(address, source, null);
    }

    /// <summary>Counts a guess of some other kind. Null: look at it; else how long to wait.</summary>
    public Task<TimeSpan?> BeginAsync(string key, int free, DateTimeOffset now) => store.BeginAsync(key, free, now);

    public Task ClearAsync(string key) => store.ClearAsync(key);

    /// <summary>True where the guess was the one after which the next has to wait.</summary>
    public async Task<bool> IsSlowedAsync(Attempt attempt, DateTimeOffset now) =>
        await store.WaitAsync(attempt.AddressKey, now) is not null;

    /// <summary>It was no guess: the password was right, and only the code is missing.</summary>
    public async Task UndoAsync(Attempt attempt)
    {
        await store.UndoAsync(attempt.AddressKey);
        await store.UndoAsync(attempt.SourceKey);
    }

    /// <summary>It was right: this browser is known from now on.</summary>
    public async Task SucceedAsync(Attempt attempt, HttpContext context, AgentRecord agent, DateTimeOffset now)
    {
        await store.ClearAsync(attempt.AddressKey);
        await store.UndoAsync(attempt.SourceKey);
        await RememberAsync(context, agent, now);
    }

    /// <summary>Forgets what was guessed at somebody's address, and knows this browser.</summary>
    public async Task ForgiveAsync(HttpContext context, AgentRecord agent, DateTimeOffset now)
    {
        await store.ClearAsync(AddressKey(agent.Email));
        await RememberAsync(context, agent, now);
    }

    /// <summary>Whether another link may be mailed to an address now.</summary>
    public async Task<bool> MayAskForLinkAsync(string email, DateTimeOffset now) =>
        await store.BeginAsync("link:" + Hashed(email), LinksFree, now) is null;

    /// <summary>The refusal of a guess that came too early.</summary>
    public static ProblemHttpResult Wait(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        return Problems.Of(
            429,
            "too_many_attempts",
            string.Create(CultureInfo.InvariantCulture, $"Too many attempts: wait {seconds} seconds."),
            "What is tried before then is not looked at, right or wrong.",
            ("retryAfter", seconds)
        );
    }

    /// <summary>Makes the browser one that somebody has signed in with.</summary>
    public async Task RememberAsync(HttpContext context, AgentRecord agent, DateTimeOffset now)
    {
        var token = context.Request.Cookies[DeviceCookie];
        if (token is not { Length: 64 })
            token = Links.NewToken();
        await store.RememberAsync(PeopleStore.HashOf(token), agent, now);
        context.Response.Cookies.Append(
            DeviceCookie,
            token,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = DeviceKnown,
                Path = "/api/v1",
                IsEssential = true,
            }
        );
    }

    private static byte[]? Device(HttpContext context) =>
        context.Request.Cookies[DeviceCookie] is { Length: 64 } token ? PeopleStore.HashOf(token) : null;

    private static string AddressKey(string email) => "address:" + Hashed(email);

    private static string Hashed(string email) =>
        Convert.ToHexStringLower(PeopleStore.HashOf(email.Trim().ToLowerInvariant()));

    // One customer of a provider has a whole /64 of IPv6.
    private static string SourceOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) + "/64"
            : address.ToString();
    }
}
