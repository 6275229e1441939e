using System.Globalization;
using System.Security.Cryptography;

namespace Threadkeep.Sandbox.Signup;

/// <summary>What became of a code that was typed in.</summary>
public enum CodeCheck
{
    Right,
    Wrong,
    Expired,
    TooMany,
}

/// <summary>
/// The six digits that prove that a number is theirs, by text or by voice. In memory: a restart makes people ask for another.
/// Limits are the Sandbox's own; Meta does not publish its.
/// </summary>
public sealed class CodeBook(TimeProvider clock)
{
    private const int MostRequests = 5;
    private const int MostTries = 5;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Sent> sent = [];

    /// <summary>Makes the next code of a number; null: it has asked too often within the hour.</summary>
    public string? Request(string phoneNumberId)
    {
        var now = clock.GetUtcNow();
        var digits = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        lock (gate)
        {
            var before = sent.GetValueOrDefault(phoneNumberId);
            if (before is null || now - before.Since > TimeSpan.FromHours(1))
                before = new Sent("", now, now, 0, 0);
            if (before.Requests >= MostRequests)
                return null;
            sent[phoneNumberId] = before with { Digits = digits, At = now, Tries = 0, Requests = before.Requests + 1 };
        }
        return digits;
    }

    /// <summary>The code that lies on the phone now; null: none.</summary>
    public string? OnPhone(string phoneNumberId)
    {
        lock (gate)
            return sent.GetValueOrDefault(phoneNumberId)?.Digits;
    }

    public CodeCheck Check(string phoneNumberId, string digits)
    {
        lock (gate)
        {
            if (!sent.TryGetValue(phoneNumberId, out var known) || known.Digits.Length == 0)
                return CodeCheck.Expired;
            if (known.Tries >= MostTries)
                return CodeCheck.TooMany;
            if (clock.GetUtcNow() - known.At > Life)
                return CodeCheck.Expired;
            if (known.Digits != digits)
            {
                sent[phoneNumberId] = known with { Tries = known.Tries + 1 };
                return CodeCheck.Wrong;
            }
            // Used; how often it was asked for still counts.
            sent[phoneNumberId] = known with
            {
                Digits = "",
            };
            return CodeCheck.Right;
        }
    }

    private sealed record Sent(string Digits, DateTimeOffset Since, DateTimeOffset At, int Requests, int Tries);
}
