namespace Threadkeep.Channels;

/// <summary>What Meta says of the number, in Meta's words; null where it said nothing.</summary>
/// <param name="Problem">Why Meta said nothing; one of the codes of refusals.</param>
public sealed record ChannelHealthView(
    string? Problem,
    string? ProblemDetail,
    string? VerifiedName,
    string? NameStatus,
    string? Quality,
    string? MessagingLimit,
    string? Throughput,
    string? Verification,
    string? Status,
    bool IsOnPhoneApp
);

/// <param name="LastInboundAt">When a customer last wrote.</param>
/// <param name="LastLagSeconds">How long that was under way; by Meta's clock, which counts whole seconds, and ours.</param>
/// <param name="SignatureFailures">Webhooks at the address of its Meta app that no known secret signed, in seven days; others' mistakes as well.</param>
/// <param name="Warnings">What Meta holds against the WhatsApp account, the latest first.</param>
/// <param name="Leftovers">Items of its webhooks that could not be stored as they are, and wait to be replayed.</param>
/// <param name="Queued">Messages that wait to leave.</param>
public sealed record ChannelDetailsView(
    string Id,
    string Name,
    string DisplayPhoneNumber,
    string PhoneNumberId,
    string WabaId,
    string State,
    string? Attention,
    DateTimeOffset? FirstConnectedAt,
    DateTimeOffset? DisconnectedAt,
    bool HasOwnApp,
    DateTimeOffset? LastInboundAt,
    double? LastLagSeconds,
    long SignatureFailures,
    DateTimeOffset? LastSignatureFailureAt,
    long Leftovers,
    long Queued,
    ChannelHealthView Health,
    BusinessProfileView? Profile,
    IReadOnlyList<AccountWarningView> Warnings
)
{
    internal static ChannelDetailsView Of(
        ChannelListRow row,
        ChannelLook look,
        ChannelFigures figures,
        IReadOnlyList<AccountWarningView> warnings
    ) =>
        new(
            row.Id.ToString("N"),
            row.Name,
            row.DisplayPhoneNumber,
            row.PhoneNumberId,
            row.WabaId,
            row.State,
            row.Attention,
            row.FirstConnectedAt,
            row.DisconnectedAt,
            figures.HasOwnApp,
            figures.LastInboundAt,
            figures.LastLag is { } lag ? Math.Round(lag, 1) : null,
            figures.SignatureFailures,
            figures.LastSignatureFailureAt,
            figures.Leftovers,
            figures.Queued,
            new ChannelHealthView(
                look.Refusal?.Code,
                look.Refusal?.Detail,
                look.VerifiedName,
                look.NameStatus,
                look.Quality,
                look.MessagingLimit,
                look.Throughput,
                look.Verification,
                look.Status,
                look.IsOnPhoneApp
            ),
            BusinessProfileView.Of(look.Profile),
            warnings
        );
}

/// <param name="Kind">before_connect, history_unasked, group_message, from_itself, or Meta's field.</param>
/// <param name="At">When it was written, or told.</param>
/// <param name="Detail">What Meta said, as JSON text; null for messages.</param>
public sealed record ChannelEventView(string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt, string? Detail)
{
    internal static ChannelEventView Of(ChannelEventRow row) => new(row.Kind, row.At, row.ReceivedAt, row.Detail);
}
