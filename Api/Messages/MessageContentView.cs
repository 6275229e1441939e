namespace Threadkeep.Messages;

/// <summary>What a message holds besides its text and its file, by its type; what does not belong to the type is null (docs/api.md).</summary>
public sealed record MessageContentView
{
    public PlaceView? Location { get; init; }
    public IReadOnlyList<CardView>? Contacts { get; init; }

    /// <summary>Cards that are not listed, because there are too many.</summary>
    public int? MoreContacts { get; init; }
    public TappedView? Answer { get; init; }
    public OrderView? Order { get; init; }
    public InteractiveView? Interactive { get; init; }
    public ReactionMarkView? Reaction { get; init; }
    public UnsupportedView? Unsupported { get; init; }

    /// <summary>Of a system event: Meta's name of it.</summary>
    public string? Event { get; init; }

    /// <summary>Sound that was spoken into the phone.</summary>
    public bool? Voice { get; init; }

    /// <summary>A sticker that moves.</summary>
    public bool? Animated { get; init; }

    /// <summary>Of a call: the number to call back, in digits; null where WhatsApp does not tell it.</summary>
    public string? Caller { get; init; }
    public ReferralView? Referral { get; init; }

    /// <summary>once, or often: passed on more than five times.</summary>
    public string? Forwarded { get; init; }
    public ProductView? Product { get; init; }
}

/// <param name="Sensible">False: no such place is on Earth.</param>
public sealed record PlaceView(double? Latitude, double? Longitude, bool Sensible, string? Name, string? Address);

public sealed record CardView(
    string Name,
    string? FirstName,
    string? LastName,
    IReadOnlyList<CardPhoneView> Phones,
    IReadOnlyList<string> Emails,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Urls,
    string? Organisation,
    string? Birthday
);

/// <param name="WaId">Null: the card does not say that it is on WhatsApp.</param>
public sealed record CardPhoneView(string Phone, string? WaId, string? Type);

/// <summary>What the customer tapped or filled in.</summary>
/// <param name="Kind">button, list, flow, or quick_reply of a template.</param>
/// <param name="Id">What the business gave the button, or the template's payload.</param>
/// <param name="Values">Of a flow: what was filled in.</param>
public sealed record TappedView(
    string Kind,
    string? Id,
    string? Title,
    string? Description,
    IReadOnlyList<FlowValueView>? Values
);

public sealed record FlowValueView(string Name, string Value);

public sealed record OrderView(string? CatalogId, string? Text, IReadOnlyList<OrderItemView> Items);

public sealed record OrderItemView(string ProductId, decimal? Quantity, decimal? Price, string? Currency);

/// <summary>A message of ours with something to tap.</summary>
public sealed record InteractiveView(
    string Kind,
    string? Header,
    string? Footer,
    IReadOnlyList<string> Buttons,
    string? Url,
    IReadOnlyList<InteractiveSectionView> Sections
);

public sealed record InteractiveSectionView(string? Title, IReadOnlyList<InteractiveRowView> Rows);

public sealed record InteractiveRowView(string Title, string? Description);

/// <param name="Emoji">Null: it was taken back.</param>
public sealed record ReactionMarkView(string? Emoji);

/// <param name="Type">What WhatsApp calls the kind that it does not pass on; null where it does not say.</param>
public sealed record UnsupportedView(string? Type, int? Code, string? Title);

/// <summary>The advertisement or post that the customer came from.</summary>
public sealed record ReferralView(string? SourceType, string? SourceUrl, string? Headline, string? Body);

public sealed record ProductView(string? CatalogId, string? ProductId);

/// <summary>The message that one answers. Without an id it is not here: older than what is kept, or another number's.</summary>
public sealed record QuotedView(
    string Wamid,
    string? Id,
    string? Direction,
    string? Type,
    string? Text,
    string? FileName
);

/// <summary>A reaction that stands.</summary>
public sealed record StandingReactionView(
    string Emoji,
    string Direction,
    string? AgentName,
    DateTimeOffset At,
    string? Status
);

/// <summary>The text was changed; what stood before, oldest first.</summary>
public sealed record EditedView(DateTimeOffset At, IReadOnlyList<EarlierTextView> Earlier);

public sealed record EarlierTextView(string? Text, DateTimeOffset At);
