using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using Threadkeep.Accounts;

namespace Threadkeep.Quota;

/// <summary>How user-initiated sessions are counted.</summary>
public sealed class QuotaOptions
{
    /// <summary>
    /// Sessions that the customer began count for sends before this date (00:00 in the account's zone): a date as
    /// yyyy-MM-dd, <c>never</c> or <c>always</c>. Default: 2024-11-01, when Meta made service conversations free.
    /// </summary>
    [Required, RegularExpression(@"never|always|\d{4}-\d{2}-\d{2}")]
    public string CountUserInitiatedUntil { get; set; } = "2024-11-01";
}

/// <summary>The moment up to which user-initiated sessions count, by account.</summary>
public sealed class QuotaSettings(QuotaStore store, IOptions<QuotaOptions> options)
{
    private readonly ConcurrentDictionary<AccountId, DateTimeOffset> until = [];

    /// <summary>The account's zone is read once: a moved date line matters to nobody on that one day.</summary>
    public async ValueTask<DateTimeOffset> UserInitiatedUntilAsync(AccountId account)
    {
        switch (options.Value.CountUserInitiatedUntil)
        {
            case "never":
                return DateTimeOffset.MinValue;
            case "always":
                return DateTimeOffset.MaxValue;
        }
        if (until.TryGetValue(account, out var known))
            return known;
        var date = DateOnly.ParseExact(
            options.Value.CountUserInitiatedUntil,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture
        );
        var plan = await store.PlanAsync(account);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(plan?.TimeZone ?? "UTC");
        return until[account] = QuotaPeriods.StartOfDay(date, zone);
    }
}
