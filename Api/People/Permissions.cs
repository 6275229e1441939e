namespace Threadkeep.People;

/// <summary>What an endpoint needs of its caller. Each declares one (<see cref="Permissions.Needs"/>), and <see cref="Gatekeeper"/> alone checks it.</summary>
public enum Permission
{
    /// <summary>Nothing: signing in, webhooks (which have a signature), health, the console's files.</summary>
    Anyone,

    /// <summary>To be somebody: what concerns only the caller themselves, and tells nothing of customers. It is open before a second factor is set up.</summary>
    Own,

    /// <summary>To read threads, records and lists, as far as their channels may be seen.</summary>
    Read,

    /// <summary>To answer customers and to work on threads and tickets.</summary>
    Reply,

    /// <summary>To say that two conversations are one person's, and to take that back.</summary>
    MergeThreads,

    /// <summary>To decide about what people in training write.</summary>
    Approve,

    /// <summary>To fetch, change and submit templates.</summary>
    ManageTemplates,

    /// <summary>To say how tickets are given out, and how many of them a person takes.</summary>
    ManageAssignment,

    /// <summary>To see what was sent, by whom, and what it costs.</summary>
    ReadUsage,

    /// <summary>To look at what is quarantined, to show it again, and to put messages there.</summary>
    ReviewContent,

    /// <summary>To connect channels and to mend what their webhooks left over.</summary>
    ManageChannels,

    /// <summary>To invite people, to change what they may do, and teams.</summary>
    ManagePeople,

    /// <summary>The account's settings and its quota.</summary>
    ManageAccount,

    /// <summary>To read who did what.</summary>
    ReadAudit,

    /// <summary>To see the deployment as a whole: people only, of the operator's accounts (<c>Operators:Accounts</c>).</summary>
    Operate,
}

/// <summary>The four roles, and what each may do.</summary>
public static class Roles
{
    public const string Admin = "admin";
    public const string Supervisor = "supervisor";
    public const string Agent = "agent";
    public const string Viewer = "viewer";

    public static readonly string[] All = [Admin, Supervisor, Agent, Viewer];

    private static readonly Permission[] Viewing = [Permission.Own, Permission.Read];
    private static readonly Permission[] Working = [.. Viewing, Permission.Reply];
    private static readonly Permission[] Supervising =
    [
        .. Working,
        Permission.MergeThreads,
        Permission.Approve,
        Permission.ManageTemplates,
        Permission.ManageAssignment,
        Permission.ReadUsage,
        Permission.ReviewContent,
    ];

    public static bool Allows(string role, Permission permission) =>
        permission == Permission.Anyone
        || role switch
        {
            Admin => true,
            Supervisor => Supervising.Contains(permission),
            Agent => Working.Contains(permission),
            Viewer => Viewing.Contains(permission),
            _ => false,
        };
}

/// <summary>An endpoint's declaration.</summary>
public sealed record Need(Permission Permission);

public static class Permissions
{
    /// <summary>Declares what the endpoint, or each of a group's, needs; a later declaration counts over an earlier one.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new Need(permission)));
        return endpoint;
    }
}
