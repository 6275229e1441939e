using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Threadkeep.Hosting;

namespace Threadkeep.People;

/// <summary>What a password must be, and how it is kept: length counts, composition does not; it must not be the address.</summary>
public static class PasswordRules
{
    /// <summary>UTF-16 units.</summary>
    public const int Shortest = 10;

    /// <summary>Longer ones would only cost time to hash.</summary>
    public const int Longest = 200;

    private static readonly PasswordHasher<AgentRecord> Hasher = new();

    // Compared with when nobody has the address, so that the answer takes as long and tells nothing.
    private static readonly string NobodysHash = Hasher.HashPassword(new AgentRecord(), Guid.NewGuid().ToString());

    /// <summary>Null where the password may be used.</summary>
    public static ProblemHttpResult? Refusal(string password, string email)
    {
        if (password.Length < Shortest)
            return Problems.Of(
                422,
                "password_too_short",
                $"A password has at least {Shortest} characters.",
                more: ("minLength", Shortest)
            );
        if (password.Length > Longest)
            return Problems.Of(
                422,
                "password_too_long",
                $"A password has at most {Longest} characters.",
                more: ("maxLength", Longest)
            );
        var name = email[..Math.Max(0, email.IndexOf('@', StringComparison.Ordinal))];
        return
            password.Equals(email, StringComparison.OrdinalIgnoreCase)
            || password.Equals(name, StringComparison.OrdinalIgnoreCase)
            || password.Equals(name + name, StringComparison.OrdinalIgnoreCase)
            ? Problems.Of(422, "password_is_address", "The password must not be the email address or its first part.")
            : null;
    }

    public static string Hash(string password) => Hasher.HashPassword(new AgentRecord(), password);

    /// <summary>Whether it is the agent's password; takes as long where there is no agent, or one without a password.</summary>
    public static bool IsRight(AgentRecord? agent, string password)
    {
        var known = agent?.PasswordHash is { Length: > 0 };
        var verdict = Hasher.VerifyHashedPassword(
            agent ?? new AgentRecord(),
            known ? agent!.PasswordHash : NobodysHash,
            // Nobody's password is longer, and the time of hashing a megabyte is a weapon.
            password.Length > Longest
                ? ""
                : password
        );
        return known && verdict != PasswordVerificationResult.Failed;
    }
}
