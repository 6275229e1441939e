using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Quarantine;

/// <summary>What an account wants of what customers write (ME4), and what a change of it would have caught.</summary>
public static class ContentRuleEndpoints
{
    private const int MostRules = 50;
    private const int MostWords = 200;
    private const int MostDomains = 500;
    private const int MostCodes = 50;
    private const int LongestName = 80;
    private const int LongestPattern = 500;
    private const int MostLookedAt = 20_000;
    private const int Samples = 10;
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);

    public static void MapContentRules(this RouteGroupBuilder api)
    {
        api.MapGet("/content-rules", Get).Needs(Permission.ReviewContent).WithName("getContentRules");
        api.MapPut("/content-rules", Change).Needs(Permission.ManageAccount).WithName("changeContentRules");
        api.MapPost("/content-rules/test", Test).Needs(Permission.ManageAccount).WithName("testContentRules");
    }

    private static async Task<Ok<ContentRulesView>> Get(ClaimsPrincipal user, QuarantineStore store)
    {
        var (settings, version) = await store.GetAsync(user.Caller().Account);
        return TypedResults.Ok(ContentRulesView.Of(settings, version));
    }

    private static async Task<Results<Ok<ContentRulesView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        HttpContext http,
        ChangeContentRulesRequest request,
        QuarantineStore store,
        TimeProvider clock
    )
    {
        if (Read(request, out var settings) is { } wrong)
            return wrong;
        var caller = user.Caller();
        if (!await store.ChangeAsync(caller.ActorAt(http), settings, request.Version ?? 0, clock.GetUtcNow()))
            return Problems.Of(
                409,
                "rules_changed",
                "Somebody has changed the rules meanwhile: read them again, then change them."
            );
        return await Get(user, store);
    }

    private static async Task<Results<Ok<ContentTestView>, ProblemHttpResult>> Test(
        ClaimsPrincipal user,
        ChangeContentRulesRequest request,
        QuarantineStore store,
        TimeProvider clock
    )
    {
        if (Read(request, out var settings) is { } wrong)
            return wrong;
        var since = clock.GetUtcNow() - LooksBack;
        var recent = await store.RecentAsync(user.Caller().Scope, since, MostLookedAt);
        var rules = new ContentRules(settings);
        var caught = new Dictionary<string, (int Count, ContentEffect Effect, List<ContentSampleView> Samples)>();
        foreach (var message in recent)
        {
            if (rules.Judge(new ContentFacts(message.Text, message.FileName, message.MimeType, null)) is not { } judged)
                continue;
            foreach (var rule in judged.Rules)
            {
                var (count, _, samples) = caught.GetValueOrDefault(rule, (0, judged.Effect, []));
                if (samples.Count < Samples)
                    samples.Add(
                        new ContentSampleView(
                            new MessageId(new ThreadId(message.ThreadId), message.Seq).ToString(),
                            new ThreadId(message.ThreadId).ToString(),
                            message.At,
                            // What is hidden stays so: looking at it is another act.
                            message.IsHidden
                                ? null
                                : Start(message.Text ?? message.FileName),
                            message.IsHidden
                        )
                    );
                caught[rule] = (count + 1, judged.Effect, samples);
            }
        }
        return TypedResults.Ok(
            new ContentTestView(
                recent.Count,
                since,
                [
                    .. caught
                        .OrderByDescending(c => c.Value.Count)
                        .Select(c => new ContentCatchView(
                            c.Key,
                            Word(c.Value.Effect),
                            c.Value.Count,
                            [.. c.Value.Samples]
                        )),
                ]
            )
        );
    }

    private static ProblemHttpResult? Read(ChangeContentRulesRequest request, out ContentSettings settings)
    {
        settings = ContentSettings.Default;
        var own = request.Own ?? [];
        if (own.Length > MostRules)
            return Invalid($"There may be at most {MostRules} rules.");
        if ((request.OwnDomains ?? []).Length > MostDomains || (request.BlockedDomains ?? []).Length > MostDomains)
            return Invalid($"There may be at most {MostDomains} domains.");
        if ((request.ErrorCodes ?? []).Length > MostCodes)
            return Invalid($"There may be at most {MostCodes} codes.");
        if (own.Any(r => r?.Name is null))
            return Invalid($"A rule needs a name of 1 to {LongestName} characters.");
        if (own.GroupBy(r => r.Name.Trim(), StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1))
            return Invalid("Two rules have one name.");
        var rules = new List<OwnRule>();
        foreach (var rule in own)
        {
            if (rule.Name.Trim() is not { Length: > 0 and <= LongestName } name || name.Contains('\0'))
                return Invalid($"A rule needs a name of 1 to {LongestName} characters.");
            string[] words =
            [
                .. (rule.Words ?? [])
                    .OfType<string>()
                    .Select(w => w.Trim())
                    .Where(w => w.Length > 0 && !w.Contains('\0'))
                    .Distinct(),
            ];
            var pattern = rule.Pattern is { Length: > 0 } ? rule.Pattern : null;
            if (words.Length == 0 == pattern is null || words.Length > MostWords)
                return Invalid($"The rule {name} needs words, at most {MostWords}, or an expression.");
            if (pattern is { Length: > LongestPattern })
                return Invalid($"The expression of {name} is longer than {LongestPattern} characters.");
            if (EffectOf(rule.Effect) is not { } effect)
                return Invalid("effect must be off, mark, mask or quarantine.");
            var made = new OwnRule(name, pattern is null ? words : [], pattern, effect);
            try
            {
                made.Expression();
            }
            catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
            {
                return Problems.Of(422, "invalid_pattern", $"The expression of {name} cannot be used.", bad.Message);
            }
            rules.Add(made);
        }
        string?[] effects =
        [
            request.PhishingLinks,
            request.LookalikeDomains,
            request.Executables,
            request.PaymentCards,
            request.MyNumber,
            request.Cpf,
            request.Cnpj,
        ];
        if (effects.Any(e => e is not null && EffectOf(e) is null))
            return Invalid("effect must be off, mark, mask or quarantine.");
        if (EffectOf(request.Executables) == ContentEffect.Mask)
            return Invalid("A file is hidden wholly or not at all: executables cannot be masked.");
        var usual = ContentSettings.Default;
        settings = new ContentSettings
        {
            PhishingLinks = EffectOf(request.PhishingLinks) ?? usual.PhishingLinks,
            LookalikeDomains = EffectOf(request.LookalikeDomains) ?? usual.LookalikeDomains,
            Executables = EffectOf(request.Executables) ?? usual.Executables,
            PaymentCards = EffectOf(request.PaymentCards) ?? usual.PaymentCards,
            MyNumber = EffectOf(request.MyNumber) ?? usual.MyNumber,
            Cpf = EffectOf(request.Cpf) ?? usual.Cpf,
            Cnpj = EffectOf(request.Cnpj) ?? usual.Cnpj,
            OwnDomains = Clean(request.OwnDomains),
            BlockedDomains = Clean(request.BlockedDomains),
            ErrorCodes = [.. (request.ErrorCodes ?? []).Distinct()],
            Own = [.. rules],
        };
        return null;
    }

    private static string[] Clean(string[]? domains) =>
        [
            .. (domains ?? [])
                .OfType<string>()
                .Select(Domain)
                .Where(d =>
                    d.Length is > 0 and <= 253 && d.Contains('.', StringComparison.Ordinal) && !d.Contains('\0')
                )
                .Distinct(),
        ];

    // As people write it: with a scheme, a path, a star or a dot before it, it is the domain and all below it.
    private static string Domain(string written)
    {
        var text = written.Trim().ToLowerInvariant();
        if (text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
            text = text[(scheme + 3)..];
        return text.Split('/', '?', '#', ':')[0].TrimStart('@', '*', '.').TrimEnd('.');
    }

    internal static ContentEffect? EffectOf(string? word) =>
        word switch
        {
            "off" => ContentEffect.Off,
            "mark" => ContentEffect.Mark,
            "mask" => ContentEffect.Mask,
            "quarantine" => ContentEffect.Quarantine,
            _ => null,
        };

    internal static string Word(ContentEffect effect) => effect.ToString().ToLowerInvariant();

    private static ProblemHttpResult Invalid(string why) => Problems.Of(422, "invalid_rules", why);

    private static string? Start(string? text) =>
        text is { Length: > 120 } ? text[..(char.IsHighSurrogate(text[119]) ? 119 : 120)] + "…" : text;
}

/// <summary>An account's content rules. Each effect is off, mark, mask or quarantine.</summary>
/// <param name="ErrorCodes">Meta's codes on messages that are quarantined.</param>
/// <param name="Version">0: nobody has set anything.</param>
public sealed record ContentRulesView(
    string PhishingLinks,
    string LookalikeDomains,
    string Executables,
    string PaymentCards,
    string MyNumber,
    string Cpf,
    string Cnpj,
    string[] OwnDomains,
    string[] BlockedDomains,
    int[] ErrorCodes,
    OwnRuleView[] Own,
    int Version
)
{
    public static ContentRulesView Of(ContentSettings settings, int version) =>
        new(
            ContentRuleEndpoints.Word(settings.PhishingLinks),
            ContentRuleEndpoints.Word(settings.LookalikeDomains),
            ContentRuleEndpoints.Word(settings.Executables),
            ContentRuleEndpoints.Word(settings.PaymentCards),
            ContentRuleEndpoints.Word(settings.MyNumber),
            ContentRuleEndpoints.Word(settings.Cpf),
            ContentRuleEndpoints.Word(settings.Cnpj),
            settings.OwnDomains,
            settings.BlockedDomains,
            settings.ErrorCodes,
            [
                .. settings.Own.Select(r => new OwnRuleView(
                    r.Name,
                    r.Words,
                    r.Pattern,
                    ContentRuleEndpoints.Word(r.Effect)
                )),
            ],
            version
        );
}

/// <param name="Pattern">Null: the rule is its words.</param>
public sealed record OwnRuleView(string Name, string[] Words, string? Pattern, string Effect);

/// <summary>The rules as a whole; what is absent is as it is without any.</summary>
/// <param name="Version">The version that the change was made on.</param>
public sealed record ChangeContentRulesRequest(
    string? PhishingLinks,
    string? LookalikeDomains,
    string? Executables,
    string? PaymentCards,
    string? MyNumber,
    string? Cpf,
    string? Cnpj,
    string[]? OwnDomains,
    string[]? BlockedDomains,
    int[]? ErrorCodes,
    OwnRuleRequest[]? Own,
    int? Version
);

public sealed record OwnRuleRequest(string Name, string[]? Words, string? Pattern, string Effect);

/// <summary>What rules would have caught.</summary>
/// <param name="Looked">Messages looked at: the newest of 30 days.</param>
public sealed record ContentTestView(int Looked, DateTimeOffset Since, ContentCatchView[] Caught);

/// <param name="Rule">A built-in rule's name, or own: and the name of one of the account's.</param>
public sealed record ContentCatchView(string Rule, string Effect, int Count, ContentSampleView[] Samples);

/// <param name="Text">How it begins; null where it is hidden now.</param>
public sealed record ContentSampleView(string MessageId, string ThreadId, DateTimeOffset At, string? Text, bool Hidden);
