using System.Security.Cryptography;
using OtpNet;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Storage;

namespace Threadkeep.People;

/// <summary>
/// Codes of an authenticator app (TOTP, RFC 6238: SHA-1, 30 s, six digits, as every app knows them), and recovery codes for who has lost it.
/// Each code works once.
/// </summary>
public sealed class SecondFactor(SecondFactorStore store, SecretBox secrets, TimeProvider clock)
{
    private const int RecoveryCodes = 10;

    /// <summary>Bytes; as long as the hash, as RFC 4226 asks.</summary>
    private const int SecretLength = 20;

    /// <summary>Telephones are a little off: one step before and after counts too.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <summary>Makes a secret for an agent. Null: a factor is in use already.</summary>
    /// <returns>The secret for typing, and the address that a QR code holds.</returns>
    public async Task<(string Secret, string Uri)?> BeginAsync(AgentRecord agent, string account)
    {
        var secret = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretLength));
        if (!await store.BeginAsync(agent, secrets.Protect(secret, SecretPurpose.SecondFactor(agent.Id))))
            return null;
        var label = Uri.EscapeDataString($"Threadkeep ({account}):{agent.Email}");
        return (
            secret,
            $"otpauth://totp/{label}?secret={secret}&issuer={Uri.EscapeDataString($"Threadkeep ({account})")}"
        );
    }

    /// <summary>Takes the secret into use once its owner shows a code of it. The recovery codes; null: the code is wrong.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Actor actor, AgentRecord agent, string code)
    {
        if (agent.TotpConfirmedAt is not null || StepOf(agent, code) is not { } step)
            return null;
        var codes = NewCodes();
        return await store.ConfirmAsync(actor, agent, step, Hashed(codes), clock.GetUtcNow()) ? codes : null;
    }

    /// <summary>Whether this is a code of the agent's app, or one of their recovery codes; it is used up then.</summary>
    /// <param name="address">Where it came from, for the audit log.</param>
    public async Task<bool> AcceptsAsync(AgentRecord agent, string code, string? address)
    {
        if (StepOf(agent, code) is { } step)
            return await store.UseStepAsync(agent, step);
        var plain = Plain(code);
        return plain.Length == CodeLength
            && await store.UseCodeAsync(
                new Actor(new AccountId(agent.AccountId), "agent", agent.Id, agent.Name, address),
                agent,
                HashOf(plain),
                clock.GetUtcNow()
            );
    }

    /// <summary>New recovery codes; those before do not work any more.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Actor actor, AgentRecord agent)
    {
        var codes = NewCodes();
        await store.RenewCodesAsync(actor, agent, Hashed(codes), clock.GetUtcNow());
        return codes;
    }

    private long? StepOf(AgentRecord agent, string code)
    {
        var digits = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (agent.TotpSecret is null || digits.Length != 6 || !digits.All(char.IsAsciiDigit))
            return null;
        var secret = Base32Encoding.ToBytes(secrets.Reveal(agent.TotpSecret, SecretPurpose.SecondFactor(agent.Id)));
        return new Totp(secret).VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Window) ? step : null;
    }

    private const int CodeLength = 16;

    // 80 random bits each, in base 32: nobody guesses one, so a plain hash keeps them.
    private static string[] NewCodes() =>
        [
            .. Enumerable
                .Range(0, RecoveryCodes)
                .Select(_ => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant())
                .Select(c => string.Join('-', c.Chunk(4).Select(part => new string(part)))),
        ];

    private static byte[][] Hashed(IEnumerable<string> codes) => [.. codes.Select(c => HashOf(Plain(c)))];

    private static string Plain(string code) => string.Concat(code.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static byte[] HashOf(string plain) => PeopleStore.HashOf(plain);
}
