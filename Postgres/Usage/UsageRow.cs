namespace Threadkeep.Usage;

/// <summary>Messages to customers of one day that are alike in all that they are counted and priced by.</summary>
public sealed record UsageRow
{
    /// <summary>In the account's time zone, by the time at which they were written.</summary>
    public DateOnly Day { get; init; }
    public Guid ChannelId { get; init; }

    /// <summary>Null: no person wrote them.</summary>
    public Guid? AgentId { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }

    /// <summary>As Meta said; where it has not, the template's, or service. Null: a template that is known no more.</summary>
    public string? Category { get; init; }

    /// <summary>Meta's <c>pricing.type</c>; null: it has not said.</summary>
    public string? PriceType { get; init; }

    /// <summary>They left inside a customer service window.</summary>
    public bool Inside { get; init; }

    /// <summary>The first four digits of the customers' numbers; of those who hide it, their country's two letters.</summary>
    public string? Origin { get; init; }

    /// <summary>Taken by Meta.</summary>
    public int Sent { get; init; }
    public int Delivered { get; init; }
    public int Failed { get; init; }

    /// <summary>Of the account's quota.</summary>
    public int Conversations { get; init; }
}

/// <summary>A delivered message of before messages were charged one by one.</summary>
public sealed record ConversationRow
{
    public Guid ThreadId { get; init; }
    public DateTimeOffset At { get; init; }
    public DateOnly Day { get; init; }
    public Guid ChannelId { get; init; }
    public Guid? AgentId { get; init; }
    public string? TemplateName { get; init; }
    public string? TemplateLanguage { get; init; }
    public string? Category { get; init; }
    public string? PriceType { get; init; }
    public string? Origin { get; init; }
}

/// <summary>A price of an account's rate card (<c>threadkeep.prices</c>).</summary>
public sealed record PriceRow
{
    /// <summary>ISO 3166-1; <c>*</c>: every country without a row of its own.</summary>
    public string Country { get; init; } = "";

    /// <summary>marketing, utility, authentication...</summary>
    public string Category { get; init; } = "";
    public DateOnly ValidFrom { get; init; }

    /// <summary>As the card calls it.</summary>
    public string Market { get; init; } = "";

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>For one message, in whole units of the currency.</summary>
    public decimal Price { get; init; }
}
