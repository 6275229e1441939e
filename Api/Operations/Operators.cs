using Threadkeep.Accounts;

namespace Threadkeep.Operations;

/// <summary>Who looks after this deployment.</summary>
public sealed class OperatorOptions
{
    /// <summary>
    /// Ids of the business accounts whose admins may see the operators' pages, which tell of all accounts together. Empty: every
    /// account's, which is right where all accounts are the operator's own.
    /// </summary>
    public IReadOnlyList<string> Accounts { get; set; } = [];

    /// <summary>Whether an account is one of the operator's.</summary>
    public bool Include(AccountId account) =>
        Accounts.Count == 0 || Accounts.Contains(account.ToString(), StringComparer.OrdinalIgnoreCase);
}
