using System.ComponentModel.DataAnnotations;

namespace Threadkeep.People;

/// <summary>How much guessing is let in.</summary>
public sealed class SignInOptions
{
    /// <summary>Requests a minute of one source that need no sign-in: signing in, links of invitations and of new passwords (5 to 10,000).</summary>
    [Range(5, 10_000)]
    public int PerMinute { get; set; } = 30;
}
