namespace Threadkeep.Tickets;

/// <summary>A property of tickets that an account has defined.</summary>
/// <param name="Type">One of <see cref="CustomTypes.All"/>; it never changes.</param>
/// <param name="Choices">In their order; of the other types none.</param>
/// <param name="AskOnClose">The console asks for it when a ticket is closed without it.</param>
/// <param name="Archived">Offered nowhere; values stay.</param>
/// <param name="Version">Moves with every change.</param>
public sealed record CustomProperty(
    Guid Id,
    string Label,
    string Type,
    IReadOnlyList<CustomChoice> Choices,
    bool AskOnClose,
    bool Archived,
    int Version
)
{
    /// <summary>Properties of one account that are in use.</summary>
    public const int Most = 100;

    /// <summary>Characters of a label, of the property or of a choice.</summary>
    public const int LongestLabel = 60;

    /// <summary>Choices of one property, archived ones among them.</summary>
    public const int MostChoices = 200;

    public bool HasChoices => Type is CustomTypes.Choice or CustomTypes.Choices;
}

/// <param name="Archived">Not to be chosen any more; tickets that have it keep it.</param>
public sealed record CustomChoice(Guid Id, string Label, bool Archived = false);

/// <summary>The types of custom properties.</summary>
public static class CustomTypes
{
    public const string Text = "text";
    public const string Number = "number";

    /// <summary>A day without a time.</summary>
    public const string Date = "date";

    /// <summary>One of the property's choices.</summary>
    public const string Choice = "choice";

    /// <summary>Several of them.</summary>
    public const string Choices = "choices";

    /// <summary>Yes or no.</summary>
    public const string Flag = "flag";

    public static readonly IReadOnlyList<string> All = [Text, Number, Date, Choice, Choices, Flag];
}
