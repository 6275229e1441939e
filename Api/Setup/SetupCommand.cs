using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.People;
using Threadkeep.Quota;
using Threadkeep.Storage;

namespace Threadkeep.Setup;

/// <summary>
/// The operator's <c>setup</c> command: reads an account with its people, API key, Meta app and channels as JSON on standard input and
/// writes it. Repeating it is harmless.
/// </summary>
public static class SetupCommand
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, Stream input, TextWriter output)
    {
        SetupDocument? document;
        try
        {
            document = await JsonSerializer.DeserializeAsync<SetupDocument>(input, JsonSerializerOptions.Web);
        }
        catch (JsonException unreadable)
        {
            await output.WriteLineAsync("setup: the document on standard input cannot be read: " + unreadable.Message);
            return 1;
        }
        if (document is null)
        {
            await output.WriteLineAsync("setup: standard input holds no document.");
            return 1;
        }
        if (Wrong(document) is { } wrong)
        {
            await output.WriteLineAsync("setup: " + wrong);
            return 1;
        }
        var account = await ApplyAsync(services, document);
        await output.WriteLineAsync($"setup: account {account:N} is as described.");
        return 0;
    }

    // Whoever writes the document by hand leaves something out: what it is, is said before anything is written.
    private static string? Wrong(SetupDocument document)
    {
        var missing = new List<string>();
        Need("account", document.Account);
        Need("account.name", document.Account?.Name);
        Need("account.timeZone", document.Account?.TimeZone);
        Need("agents", document.Agents);
        for (var n = 0; n < document.Agents?.Count; n++)
        {
            var agent = document.Agents[n];
            Need($"agents[{n}].name", agent?.Name);
            Need($"agents[{n}].email", agent?.Email);
            Need($"agents[{n}].password", agent?.Password);
            Need($"agents[{n}].language", agent?.Language);
            Need($"agents[{n}].role", agent?.Role);
        }
        if (document.ApiKey is { } key)
        {
            Need("apiKey.name", key.Name);
            Need("apiKey.value", key.Value);
        }
        Need("app", document.App);
        Need("app.appKey", document.App?.AppKey);
        Need("app.appId", document.App?.AppId);
        Need("app.appSecret", document.App?.AppSecret);
        Need("app.verifyToken", document.App?.VerifyToken);
        Need("channels", document.Channels);
        for (var n = 0; n < document.Channels?.Count; n++)
        {
            var channel = document.Channels[n];
            Need($"channels[{n}].name", channel?.Name);
            Need($"channels[{n}].wabaId", channel?.WabaId);
            Need($"channels[{n}].phoneNumberId", channel?.PhoneNumberId);
            Need($"channels[{n}].displayPhoneNumber", channel?.DisplayPhoneNumber);
            Need($"channels[{n}].accessToken", channel?.AccessToken);
        }
        if (missing.Count > 0)
            return $"the document lacks {string.Join(", ", missing)}.";
        return TimeZoneInfo.TryFindSystemTimeZoneById(document.Account!.TimeZone, out _)
            ? null
            : $"account.timeZone is no zone's IANA name: {document.Account.TimeZone}.";

        void Need(string name, object? value)
        {
            // What stands in something that is not there need not be named as well.
            var isInMissing = missing.Any(m => name.StartsWith(m + ".", StringComparison.Ordinal));
            if (!isInMissing && (value is null || value is string { Length: 0 }))
                missing.Add(name);
        }
    }

    /// <summary>Writes the document. Returns the account's id.</summary>
    public static async Task<Guid> ApplyAsync(IServiceProvider services, SetupDocument document)
    {
        var store = services.GetRequiredService<SetupStore>();
        var secrets = services.GetRequiredService<SecretBox>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var described = document.Account;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(described.TimeZone);
        var account = await store.AccountAsync(
            document.ApiKey?.Value,
            described.Name,
            described.TimeZone,
            described.Country ?? "JP",
            described.ConversationLimit,
            QuotaPeriods.StartOfDay(described.StartDate, zone),
            (short)described.StartDate.Day,
            now
        );
        foreach (var agent in document.Agents)
        {
            var record = new AgentRecord
            {
                AccountId = account,
                Id = Guid.NewGuid(),
                Name = agent.Name,
                Email = agent.Email,
                Role = agent.Role,
                Language = agent.Language,
            };
            await store.AgentAsync(record with { PasswordHash = PasswordRules.Hash(agent.Password) }, now);
        }
        if (document.ApiKey is { } key)
            await store.ApiKeyAsync(account, key.Name, key.Value, now);
        var app = document.App;
        await store.AppAsync(
            app.AppKey,
            app.AppId,
            secrets.Protect(app.AppSecret, SecretPurpose.AppSecret(app.AppKey)),
            secrets.Protect(app.VerifyToken, SecretPurpose.VerifyToken(app.AppKey)),
            app.ConfigId
        );
        foreach (var channel in document.Channels)
        {
            var id = await store.ChannelIdAsync(account, channel.PhoneNumberId);
            await store.ChannelAsync(
                account,
                id,
                app.AppKey,
                channel.WabaId,
                channel.PhoneNumberId,
                channel.DisplayPhoneNumber,
                channel.Name,
                secrets.Protect(channel.AccessToken, SecretPurpose.AccessToken(id)),
                channel.FirstConnectedAt
            );
        }
        return account;
    }
}

/// <summary>What the setup command reads.</summary>
public sealed record SetupDocument(
    SetupAccount Account,
    IReadOnlyList<SetupAgent> Agents,
    SetupApiKey? ApiKey,
    SetupApp App,
    IReadOnlyList<SetupChannel> Channels
);

/// <param name="TimeZone">IANA name.</param>
/// <param name="Country">ISO 3166-1, two letters; its national number format is used. Default JP.</param>
/// <param name="StartDate">The first subscription: its day of the month is the quota's anniversary.</param>
/// <param name="ConversationLimit">Null: no limit.</param>
public sealed record SetupAccount(
    string Name,
    string TimeZone,
    string? Country,
    DateOnly StartDate,
    int? ConversationLimit
);

public sealed record SetupAgent(string Name, string Email, string Password, string Language, string Role);

public sealed record SetupApiKey(string Name, string Value);

/// <param name="ConfigId">Login configuration of embedded signup; null: none, or the one that is there.</param>
public sealed record SetupApp(
    string AppKey,
    string AppId,
    string AppSecret,
    string VerifyToken,
    string? ConfigId = null
);

public sealed record SetupChannel(
    string Name,
    string WabaId,
    string PhoneNumberId,
    string DisplayPhoneNumber,
    string AccessToken,
    DateTimeOffset FirstConnectedAt
);
