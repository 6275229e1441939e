using System.Runtime.CompilerServices;
using Threadkeep.Threads;

namespace Threadkeep.Records;

/// <summary>A company over REST (docs/api.md).</summary>
/// <param name="Version">Moves with every change.</param>
public sealed record CompanyView(
    string Id,
    string Name,
    string? Domain,
    string? Phone,
    string? City,
    string? Note,
    int Version,
    DateTimeOffset CreatedAt
)
{
    public static CompanyView Of(Company company) =>
        new(
            company.Id.ToString("N"),
            company.Name,
            company.Domain,
            company.Phone,
            company.City,
            company.Note,
            company.Version,
            company.CreatedAt
        );
}

/// <summary>A deal over REST (docs/api.md).</summary>
/// <param name="Currency">ISO 4217; there where the amount is.</param>
/// <param name="Stage">new, qualified, proposal, won or lost.</param>
/// <param name="Owner">Null: nobody.</param>
/// <param name="Version">Moves with every change.</param>
public sealed record DealView(
    string Id,
    string Name,
    decimal? Amount,
    string? Currency,
    string Stage,
    DateOnly? CloseDate,
    AgentRefView? Owner,
    string? Note,
    int Version,
    DateTimeOffset CreatedAt
)
{
    public static DealView Of(Deal deal) =>
        new(
            deal.Id.ToString("N"),
            deal.Name,
            deal.Amount,
            deal.Currency,
            deal.Stage,
            deal.CloseDate,
            deal.OwnerId is { } owner ? new AgentRefView(owner.ToString("N"), deal.OwnerName ?? "") : null,
            deal.Note,
            deal.Version,
            deal.CreatedAt
        );
}

public sealed record CompanyListView(IReadOnlyList<CompanyView> Items);

public sealed record DealListView(IReadOnlyList<DealView> Items);

public sealed record LinkedContactView(string Id, string Name, string? Phone, string? Email);

public sealed record LinkedContactListView(IReadOnlyList<LinkedContactView> Items);

/// <summary>A change of some properties: a member that is absent stays as it is, null empties it.</summary>
public abstract class RecordRequest
{
    private readonly HashSet<string> given = [];

    /// <summary>The record's version that the change was made on; absent: whatever it is.</summary>
    public int? Version { get; set; }

    /// <summary>1 to 200 characters.</summary>
    public string? Name
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Up to 10,000 characters.</summary>
    public string? Note
    {
        get;
        set => Set(field = value);
    }

    internal bool Has(string member) => given.Contains(member);

    /// <summary>What is to be stored: what the request says, or what there was.</summary>
    internal T? Or<T>(string member, T? asked, T? before) => Has(member) ? asked : before;

    private protected void Set(object? value, [CallerMemberName] string member = "")
    {
        _ = value;
        given.Add(member);
    }
}

public sealed class CompanyRequest : RecordRequest
{
    /// <summary>Up to 200 characters, such as example.com.</summary>
    public string? Domain
    {
        get;
        set => Set(field = value);
    }

    /// <summary>With its country, or as it is written in the account's.</summary>
    public string? Phone
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Up to 100 characters.</summary>
    public string? City
    {
        get;
        set => Set(field = value);
    }
}

public sealed class DealRequest : RecordRequest
{
    /// <summary>0 to 99,999,999,999,999, up to four decimals.</summary>
    public decimal? Amount
    {
        get;
        set => Set(field = value);
    }

    /// <summary>ISO 4217, e.g. JPY; needed where there is an amount.</summary>
    public string? Currency
    {
        get;
        set => Set(field = value);
    }

    /// <summary>new, qualified, proposal, won or lost.</summary>
    public string? Stage
    {
        get;
        set => Set(field = value);
    }
    public DateOnly? CloseDate
    {
        get;
        set => Set(field = value);
    }

    /// <summary>The id of an agent; null: nobody.</summary>
    public string? OwnerId
    {
        get;
        set => Set(field = value);
    }
}
