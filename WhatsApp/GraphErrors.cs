namespace Threadkeep.WhatsApp;

/// <summary>What a refusal by Meta means for the message that was refused.</summary>
public enum GraphVerdict
{
    /// <summary>Certainly not sent, and not as it is.</summary>
    Refused,

    /// <summary>Certainly not sent; may be tried again after a while.</summary>
    RetryLater,

    /// <summary>The account's token is refused: nothing leaves until somebody mends it.</summary>
    TokenInvalid,

    /// <summary>Meta's words leave open whether it was sent.</summary>
    Ambiguous,
}

/// <summary>One of Meta's error codes, in our words.</summary>
/// <param name="Code">Ours, stable, shown over REST.</param>
/// <param name="RetryAfter">First wait for <see cref="GraphVerdict.RetryLater"/>.</param>
/// <param name="Growth">How many times longer each wait is than the one before.</param>
public sealed record GraphError(string Code, GraphVerdict Verdict, TimeSpan RetryAfter = default, double Growth = 2);

/// <summary>Meta's error codes (Cloud API, "Error codes", list of 12 December 2025).</summary>
public static class GraphErrors
{
    /// <summary>The token is not taken (any more): until there is another, nothing leaves.</summary>
    public const string TokenInvalid = "token_invalid";

    // Only what the table calls not accepted counts as not sent.
    private static readonly GraphError Unlisted = new("meta_error", GraphVerdict.Ambiguous);
    private static readonly Dictionary<int, GraphError> Table = Build();

    /// <summary>The meaning of a code; an unlisted or missing one leaves open whether the message was sent.</summary>
    public static GraphError Of(int? code) =>
        code is { } known && Table.TryGetValue(known, out var error) ? error : Unlisted;

    private static Dictionary<int, GraphError> Build()
    {
        var table = new Dictionary<int, GraphError>();
        Add(TokenInvalid, GraphVerdict.TokenInvalid, TimeSpan.FromSeconds(30), 0, 190);
        Add("rate_limited", GraphVerdict.RetryLater, TimeSpan.FromSeconds(4), 4, 613, 80007, 130429);
        // Too many to one customer: "wait 4^n seconds".
        table[131056] = new GraphError("rate_limited", GraphVerdict.RetryLater, TimeSpan.FromSeconds(4), Growth: 4);
        Add("rate_limited", GraphVerdict.RetryLater, TimeSpan.FromMinutes(1), 131057, 2494100, 132069);
        // Meta was down before it looked at the message.
        Add("unavailable", GraphVerdict.RetryLater, TimeSpan.FromSeconds(5), 2, 131016, 133004);
        // "Something went wrong" does not say before or after it was sent.
        Add("meta_error", GraphVerdict.Ambiguous, default, 1, 131000);
        Add("session_closed", GraphVerdict.Refused, default, 131047);
        Add("not_on_whatsapp", GraphVerdict.Refused, default, 131026, 131030);
        // Ours is the block: Meta takes nothing for somebody whom the number blocks.
        Add("customer_blocked", GraphVerdict.Refused, default, 130403);
        Add("user_stopped_marketing", GraphVerdict.Refused, default, 131050);
        Add("ecosystem_limit", GraphVerdict.Refused, default, 131049, 130472, 131048);
        Add("template_paused", GraphVerdict.Refused, default, 132015);
        Add("template_not_approved", GraphVerdict.Refused, default, 132001, 132016);
        Add("template_parameters", GraphVerdict.Refused, default, 132000, 132005, 132008, 132012, 132018);
        Add("media_rejected", GraphVerdict.Refused, default, 131052, 131053);
        Add("payment_problem", GraphVerdict.Refused, default, 131042, 131044, 134011);
        Add("account_restricted", GraphVerdict.Refused, default, 3, 10, 368, 130497, 131005, 131031, 131064);
        Add("number_not_registered", GraphVerdict.Refused, default, 33, 131037, 131045, 133000, 133006, 133010);
        Add("policy", GraphVerdict.Refused, default, 132007);
        // The request itself is not as Meta wants it.
        Add(
            "meta_error",
            GraphVerdict.Refused,
            default,
            100,
            131008,
            131009,
            131020,
            131021,
            131051,
            131055,
            131062,
            131063
        );
        Add("meta_error", GraphVerdict.Refused, default, 132068, 134100, 134101, 134102, 135000, 137000);
        // Of flows that a template's button opens.
        Add("meta_error", GraphVerdict.Refused, default, 139000, 139001, 139002, 139003, 139004);
        for (var permission = 200; permission <= 299; permission++)
            Add("account_restricted", GraphVerdict.Refused, default, permission);
        return table;

        void Add(string code, GraphVerdict verdict, TimeSpan retryAfter, params int[] metaCodes)
        {
            foreach (var metaCode in metaCodes)
                table[metaCode] = new GraphError(code, verdict, retryAfter);
        }
    }
}
