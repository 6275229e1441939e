using System.Globalization;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.People;
using Threadkeep.Quota;

namespace Threadkeep.Setup;

/// <summary>
/// What the operator does on the server, beside the running product: <c>account</c> makes another business account and prints the
/// invitation of its first admin; <c>quota</c> sets an account's monthly conversations; <c>password-link</c> prints a link for somebody's
/// new password, where no mail is set up.
/// </summary>
public static class OperatorCommands
{
    private const string Usage = """
        account --name NAME --admin-email ADDRESS [--time-zone Asia/Tokyo] [--country JP] [--language en|ja] [--limit N]
        quota --account ID --limit N|none
        password-link --email ADDRESS
        """;

    public static bool Knows(string[] args) => args is ["account" or "quota" or "password-link", ..];

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output)
    {
        if (Options(args) is not { } options)
        {
            await output.WriteLineAsync("The options are:\n" + Usage);
            return 1;
        }
        try
        {
            return args[0] switch
            {
                "account" => await AddAccountAsync(services, options, output),
                "quota" => await SetQuotaAsync(services, options, output),
                _ => await PasswordLinkAsync(services, options, output),
            };
        }
        catch (OptionException wrong)
        {
            await output.WriteLineAsync($"{args[0]}: {wrong.Message}");
            return 1;
        }
    }

    private static async Task<int> AddAccountAsync(
        IServiceProvider services,
        Dictionary<string, string> options,
        TextWriter output
    )
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var name = Needed(options, "name");
        var email = Needed(options, "admin-email");
        var language = options.GetValueOrDefault("language", "en");
        if (language is not ("en" or "ja"))
            throw new OptionException("--language is en or ja.");
        var zoneName = options.GetValueOrDefault("time-zone", "Asia/Tokyo");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone))
            throw new OptionException($"{zoneName} is not an IANA time zone, such as Asia/Tokyo.");
        int? limit = null;
        if (options.TryGetValue("limit", out var text))
            limit = LimitOf(text);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var account = await services
            .GetRequiredService<SetupStore>()
            .NewAccountAsync(
                name,
                zoneName,
                options.GetValueOrDefault("country", "JP"),
                language,
                limit,
                QuotaPeriods.StartOfDay(today, zone),
                (short)today.Day,
                now
            );
        var token = Links.NewToken();
        await services
            .GetRequiredService<InvitationStore>()
            .InviteAsync(
                new Actor(new AccountId(account), "operator", null, null, null),
                new InvitationRow
                {
                    AccountId = account,
                    Id = Guid.CreateVersion7(now),
                    Email = email,
                    Role = Roles.Admin,
                    Language = language,
                    CreatedAt = now,
                    ExpiresAt = now + Links.InvitationLasts,
                },
                token,
                again: false,
                _ => Task.CompletedTask
            );
        await output.WriteLineAsync(
            $"Account {account:N} is made. Its first admin, {email}, joins here, once, within 7 days:"
        );
        await output.WriteLineAsync(services.GetRequiredService<Links>().Invitation(token, null));
        return 0;
    }

    // The commit of each draw reads the limit itself, and who hands out slots reads it again before refusing: nobody need be told.
    private static async Task<int> SetQuotaAsync(
        IServiceProvider services,
        Dictionary<string, string> options,
        TextWriter output
    )
    {
        if (!Guid.TryParse(Needed(options, "account"), out var id))
            throw new OptionException("--account is an account's id.");
        var account = new AccountId(id);
        var text = Needed(options, "limit");
        int? limit = text == "none" ? null : LimitOf(text);
        var quota = services.GetRequiredService<QuotaStore>();
        if (await quota.PlanAsync(account) is not { } before)
            throw new OptionException($"there is no account {id:N}.");
        await quota.SetLimitAsync(account, limit);
        await services
            .GetRequiredService<PeopleStore>()
            .RecordAsync(
                new Actor(account, "operator", null, null, null),
                new AuditEntry("quota.changed", "quota", Before: new { limit = before.Limit }, After: new { limit }),
                services.GetRequiredService<TimeProvider>().GetUtcNow()
            );
        await output.WriteLineAsync(
            limit is null
                ? $"Account {id:N} has no limit; its conversations are counted as before."
                : $"Account {id:N} has {limit} conversations a month."
        );
        return 0;
    }

    private static int LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10_000_000
            ? number
            : throw new OptionException("--limit is a number of conversations a month.");

    private static async Task<int> PasswordLinkAsync(
        IServiceProvider services,
        Dictionary<string, string> options,
        TextWriter output
    )
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var email = Needed(options, "email");
        if (await services.GetRequiredService<PeopleStore>().ByEmailAsync(email) is not { DisabledAt: null } agent)
            throw new OptionException($"nobody who may sign in has the address {email}.");
        var token = Links.NewToken();
        await services
            .GetRequiredService<PasswordStore>()
            .AddLinkAsync(
                new Actor(new AccountId(agent.AccountId), "operator", null, null, null),
                agent,
                token,
                now,
                now + Links.OperatorsPasswordLasts,
                _ => Task.CompletedTask
            );
        await output.WriteLineAsync($"{agent.Name} chooses a new password here, once, within 24 hours:");
        await output.WriteLineAsync(services.GetRequiredService<Links>().NewPassword(token, null));
        return 0;
    }

    // --name value pairs; null: something else.
    private static Dictionary<string, string>? Options(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (var n = 1; n < args.Length; n += 2)
        {
            if (!args[n].StartsWith("--", StringComparison.Ordinal) || n + 1 == args.Length)
                return null;
            options[args[n][2..]] = args[n + 1];
        }
        return options;
    }

    private static string Needed(Dictionary<string, string> options, string name) =>
        options.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value
            ? value
            : throw new OptionException($"--{name} is missing.\n{Usage}");

    private sealed class OptionException(string message) : Exception(message);
}
