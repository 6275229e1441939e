namespace Threadkeep.Records;

/// <summary>What tells companies and deals apart in statements; never holds anything that a caller said.</summary>
/// <param name="Name">company or deal.</param>
public sealed record RecordKind(string Name, string Table, string Links, string Key)
{
    public static readonly RecordKind Company = new("company", "companies", "contact_companies", "company_id");
    public static readonly RecordKind Deal = new("deal", "deals", "contact_deals", "deal_id");
}

/// <summary>A company.</summary>
public sealed record Company
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public string? Domain { get; init; }

    /// <summary>E.164 with its +.</summary>
    public string? Phone { get; init; }
    public string? City { get; init; }
    public string? Note { get; init; }
    public int Version { get; init; }
    public string SortKey { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A deal.</summary>
public sealed record Deal
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217; set where the amount is.</summary>
    public string? Currency { get; init; }

    /// <summary>One of <see cref="DealStages"/>.</summary>
    public string Stage { get; init; } = DealStages.First;
    public DateOnly? CloseDate { get; init; }
    public Guid? OwnerId { get; init; }
    public string? OwnerName { get; init; }
    public string? Note { get; init; }
    public int Version { get; init; }
    public string SortKey { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far a deal is.</summary>
public static class DealStages
{
    public const string First = "new";
    public static readonly string[] All = [First, "qualified", "proposal", "won", "lost"];
}

/// <summary>A contact that a record has to do with.</summary>
public sealed record LinkedContact(Guid Id, string Name, string? Phone, string? Email);
