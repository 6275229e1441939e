namespace Threadkeep.Views;

/// <summary>The views that everybody has. Snoozed tickets are out of the way of the first three, and have a list of their own.</summary>
public enum DefaultView
{
    AllOpen,
    Unassigned,
    Mine,
    Mentions,
    Snoozed,
    Closed,
    Sent,
    Closing,
    Quarantined,
}

/// <summary>The names of default views over REST and in addresses.</summary>
public static class DefaultViews
{
    /// <summary>For those alone who may look at what is quarantined.</summary>
    public const string Quarantined = "quarantined";

    public static readonly IReadOnlyList<(string Key, DefaultView View)> All =
    [
        ("open", DefaultView.AllOpen),
        ("unassigned", DefaultView.Unassigned),
        ("mine", DefaultView.Mine),
        ("mentions", DefaultView.Mentions),
        ("snoozed", DefaultView.Snoozed),
        ("closing", DefaultView.Closing),
        ("closed", DefaultView.Closed),
        ("sent", DefaultView.Sent),
        (Quarantined, DefaultView.Quarantined),
    ];

    public static DefaultView? Find(string key)
    {
        foreach (var (name, view) in All)
        {
            if (name == key)
                return view;
        }
        return null;
    }
}
