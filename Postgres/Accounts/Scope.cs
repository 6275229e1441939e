namespace Threadkeep.Accounts;

/// <summary>
/// What a caller may see: the rows of one account, and of these only what is on certain channels. Every query that a person's
/// request makes about threads takes one, so that none can forget it.
/// </summary>
/// <param name="Channels">The only channels that may be seen; null: all of the account's.</param>
public sealed record Scope(AccountId Account, Guid[]? Channels)
{
    /// <summary>False: some of the account's threads are hidden.</summary>
    public bool IsWhole => Channels is null;

    /// <summary>The whole account: for what the product does by itself.</summary>
    public static Scope Whole(AccountId account) => new(account, null);

    public bool Sees(Guid channel) => Channels is null || Channels.Contains(channel);
}
