using System.Globalization;

namespace Threadkeep.WhatsApp.Pacing;

/// <summary>What Meta lets one number, one pair and one portfolio send (Cloud API, "Limits").</summary>
public static class MetaLimits
{
    /// <summary>Messages to one customer at once; the same number beyond them follows one each <see cref="PairEach"/>.</summary>
    public const int PairBurst = 45;

    /// <summary>One message to the same customer each so often: 10 a minute.</summary>
    public static readonly TimeSpan PairEach = TimeSpan.FromSeconds(6);

    /// <summary>Unique customers outside a session are counted over so long, moving.</summary>
    public static readonly TimeSpan TierWindow = TimeSpan.FromHours(24);

    private const int Standard = 80;
    private const int High = 1_000;
    private const int OnPhoneApp = 20;

    /// <summary>Messages a second that Meta takes of a number.</summary>
    /// <param name="level">STANDARD, HIGH or another word of Meta's; null: it has not been asked yet.</param>
    /// <param name="onPhoneApp">The number stays in the WhatsApp Business app.</param>
    public static int PerSecond(string? level, bool onPhoneApp) =>
        onPhoneApp ? OnPhoneApp
        : level == "HIGH" ? High
        : Standard;

    /// <summary>Unique customers a day outside a session, of Meta's word for it; null: no limit, or Meta has not said one.</summary>
    /// <param name="tier">TIER_250, TIER_2K, TIER_UNLIMITED, TIER_NOT_SET...</param>
    public static int? Customers(string? tier)
    {
        if (tier?.Split('_') is not ["TIER", { Length: > 0 } size])
            return null;
        var thousands = size[^1] is 'K' or 'k';
        return
            int.TryParse(thousands ? size[..^1] : size, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < 1_000_000
            ? number * (thousands ? 1_000 : 1)
            : null;
    }
}
