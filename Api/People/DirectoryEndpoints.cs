using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Assignment;
using Threadkeep.Hosting;
using Threadkeep.Live;

namespace Threadkeep.People;

/// <summary>The people of an account, what they may do, and their teams.</summary>
public static class DirectoryEndpoints
{
    private const int LongestName = 100;

    public static void MapDirectory(this RouteGroupBuilder api)
    {
        api.MapGet("/people", List).Needs(Permission.Read).WithName("listPeople");
        api.MapGet("/people/{id}", Get).Needs(Permission.Read).WithName("getPerson");
        api.MapPatch("/people/{id}", Change).Needs(Permission.ManagePeople).WithName("changePerson");
        api.MapDelete("/people/{id}/sessions", EndSessions)
            .Needs(Permission.ManagePeople)
            .WithName("endSessionsOfPerson");
        api.MapGet("/teams", ListTeams).Needs(Permission.Read).WithName("listTeams");
        api.MapPost("/teams", AddTeam).Needs(Permission.ManagePeople).WithName("addTeam");
        api.MapPatch("/teams/{id}", ChangeTeam).Needs(Permission.ManagePeople).WithName("changeTeam");
        api.MapDelete("/teams/{id}", RemoveTeam).Needs(Permission.ManagePeople).WithName("removeTeam");
    }

    private static async Task<Ok<PeopleView>> List(ClaimsPrincipal user, DirectoryStore directory, TimeProvider clock)
    {
        var caller = user.Caller();
        var rows = await directory.PeopleAsync(caller.Account, clock.GetUtcNow());
        return TypedResults.Ok(new PeopleView([.. rows.Select(r => PersonView.Of(r, caller))]));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        DirectoryStore directory,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        return
            Guid.TryParseExact(id, "N", out var person)
            && await directory.PersonAsync(caller.Account, person, clock.GetUtcNow()) is { } row
            ? TypedResults.Ok(PersonView.Of(row, caller))
            : Problems.NotFound("person");
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        PersonRequest request,
        DirectoryStore directory,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var person))
            return Problems.NotFound("person");
        if (!TryName(request.Name, out var name))
            return BadName();
        if (!TryIds(request.ChannelIds, out var channels) || !TryIds(request.TeamIds, out var teams))
            return UnknownId();
        var outcome = await directory.ChangeAsync(
            user.Caller().ActorAt(context),
            person,
            request.Version,
            new PersonChange(
                name,
                request.Role,
                !request.AllChannels,
                channels,
                teams,
                request.Active,
                request.InTraining
            ),
            clock.GetUtcNow()
        );
        if (outcome == DirectoryOutcome.Changed)
            return Changed("person", await directory.ChangedByAsync(user.Caller().Account, person, clock.GetUtcNow()));
        if (Refusal(outcome, "person") is { } refused)
            return refused;
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Access, [person]);
        // The tickets of whoever was turned off are given out anew.
        if (request.Active == false)
            await grains.GetGrain<IAssignmentGrain>(user.Caller().Account.ToString()).Wake();
        return await Get(user, id, directory, clock);
    }

    private static async Task<Results<Ok<EndedView>, ProblemHttpResult>> EndSessions(
        ClaimsPrincipal user,
        string id,
        DirectoryStore directory,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (
            !Guid.TryParseExact(id, "N", out var person)
            || await directory.EndSessionsAsync(user.Caller().ActorAt(context), person, clock.GetUtcNow())
                is not { } ended
        )
            return Problems.NotFound("person");
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Access, [person]);
        return TypedResults.Ok(new EndedView(ended));
    }

    private static async Task<Ok<TeamsView>> ListTeams(ClaimsPrincipal user, DirectoryStore directory)
    {
        var rows = await directory.TeamsAsync(user.Caller().Account);
        return TypedResults.Ok(new TeamsView([.. rows.Select(TeamView.Of)]));
    }

    private static async Task<Results<Created<TeamView>, ProblemHttpResult>> AddTeam(
        ClaimsPrincipal user,
        TeamRequest request,
        DirectoryStore directory,
        TimeProvider clock,
        HttpContext context
    )
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        if (request.Name is null)
            return BadName();
        return await SaveAsync(user, id, isNew: true, request, directory, clock, context) is { } refused
            ? refused
            : TypedResults.Created($"/api/v1/teams/{id:N}", await FindAsync(user, id, directory));
    }

    private static async Task<Results<Ok<TeamView>, ProblemHttpResult>> ChangeTeam(
        ClaimsPrincipal user,
        string id,
        ChangeTeamRequest request,
        DirectoryStore directory,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Guid.TryParseExact(id, "N", out var team))
            return Problems.NotFound("team");
        if (
            await SaveAsync(user, team, isNew: false, request.Team, directory, clock, context, request.Version) is
            { } refused
        )
            return refused;
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Access);
        return TypedResults.Ok(await FindAsync(user, team, directory));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveTeam(
        ClaimsPrincipal user,
        string id,
        DirectoryStore directory,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (
            !Guid.TryParseExact(id, "N", out var team)
            || !await directory.RemoveTeamAsync(user.Caller().ActorAt(context), team, clock.GetUtcNow())
        )
            return Problems.NotFound("team");
        await grains.TellAccountAsync(user.Caller().Account, AccountHint.Access);
        await grains.GetGrain<IAssignmentGrain>(user.Caller().Account.ToString()).Wake();
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> SaveAsync(
        ClaimsPrincipal user,
        Guid id,
        bool isNew,
        TeamRequest request,
        DirectoryStore directory,
        TimeProvider clock,
        HttpContext context,
        string? version = null
    )
    {
        if (!TryName(request.Name, out var name))
            return BadName();
        if (!TryIds(request.ChannelIds, out var channels) || !TryIds(request.MemberIds, out var members))
            return UnknownId();
        var outcome = await directory.SaveTeamAsync(
            user.Caller().ActorAt(context),
            id,
            isNew,
            version,
            new TeamChange(name, members, channels),
            clock.GetUtcNow()
        );
        return outcome == DirectoryOutcome.Changed
            ? Changed("team", await directory.ChangedByAsync(user.Caller().Account, id, clock.GetUtcNow()))
            : Refusal(outcome, "team");
    }

    private static async Task<TeamView> FindAsync(ClaimsPrincipal user, Guid id, DirectoryStore directory) =>
        TeamView.Of((await directory.TeamsAsync(user.Caller().Account)).Single(t => t.Id == id));

    private static ProblemHttpResult? Refusal(DirectoryOutcome outcome, string what) =>
        outcome switch
        {
            DirectoryOutcome.Done => null,
            DirectoryOutcome.NotFound => Problems.NotFound(what),
            DirectoryOutcome.LastAdmin => Problems.Of(
                409,
                "last_admin",
                "This is the account's last admin.",
                "Make somebody else an admin first."
            ),
            DirectoryOutcome.NameTaken => Problems.Of(409, "name_taken", $"Another {what} has this name."),
            _ => UnknownId(),
        };

    private static ProblemHttpResult Changed(string what, string? by) =>
        Problems.Of(
            409,
            $"{what}_changed",
            $"{by ?? "Somebody"} changed this {what} while you were editing it: look at it again.",
            more: ("changedBy", by)
        );

    private static ProblemHttpResult UnknownId() =>
        Problems.BadRequest("channelIds, teamIds and memberIds must be ids of this account.");

    internal static ProblemHttpResult BadName() =>
        Problems.BadRequest($"name must hold 1 to {LongestName} characters.");

    /// <summary>Reads a name, without white space around it; null stays null. False: it is empty or too long.</summary>
    internal static bool TryName(string? text, out string? name)
    {
        name = text?.Trim();
        return name is null || Lines.IsName(name, LongestName);
    }

    /// <summary>Reads ids; null stays null. False: one is none.</summary>
    internal static bool TryIds(string[]? texts, out Guid[]? ids)
    {
        ids = null;
        if (texts is null)
            return true;
        ids = new Guid[texts.Length];
        for (var n = 0; n < texts.Length; n++)
        {
            if (!Guid.TryParseExact(texts[n], "N", out ids[n]))
                return false;
        }
        return true;
    }
}

/// <param name="Role">admin, supervisor, agent or viewer.</param>
/// <param name="AllChannels">False: only the channels of <paramref name="ChannelIds"/> and of the person's teams. An admin sees all.</param>
/// <param name="ChannelIds">Replaces those that were named.</param>
/// <param name="TeamIds">Replaces the person's teams.</param>
/// <param name="InTraining">What they send waits for a supervisor's word; counts for agents only.</param>
/// <param name="Active">False turns the person off and signs them out everywhere.</param>
/// <param name="Version">The version that the change was made on; absent: whatever it is.</param>
public sealed record PersonRequest(
    string? Name = null,
    [property: RegularExpression("admin|supervisor|agent|viewer")] string? Role = null,
    bool? AllChannels = null,
    [property: MaxLength(1000)] string[]? ChannelIds = null,
    [property: MaxLength(1000)] string[]? TeamIds = null,
    bool? Active = null,
    bool? InTraining = null,
    string? Version = null
);

/// <param name="MemberIds">Replaces the members.</param>
/// <param name="ChannelIds">Channels that every member may see; replaces those before.</param>
public sealed record TeamRequest(
    string? Name = null,
    [property: MaxLength(1000)] string[]? MemberIds = null,
    [property: MaxLength(1000)] string[]? ChannelIds = null
);

/// <param name="MemberIds">Replaces the members.</param>
/// <param name="ChannelIds">Channels that every member may see; replaces those before.</param>
/// <param name="Version">The version that the change was made on; absent: whatever it is.</param>
public sealed record ChangeTeamRequest(
    string? Name = null,
    [property: MaxLength(1000)] string[]? MemberIds = null,
    [property: MaxLength(1000)] string[]? ChannelIds = null,
    string? Version = null
)
{
    internal TeamRequest Team => new(Name, MemberIds, ChannelIds);
}

public sealed record PeopleView(IReadOnlyList<PersonView> Items);

/// <param name="SecondFactor">Whether they use one; null as for the sessions.</param>
/// <param name="InTraining">What they send waits for a supervisor's word.</param>
/// <param name="Sessions">Running sign-in sessions; null for callers who do not manage people.</param>
/// <param name="Version">Another one with every change, whichever side it was made from (a team's members are a person's teams).</param>
public sealed record PersonView(
    string Id,
    string Name,
    string Email,
    string Role,
    bool AllChannels,
    IReadOnlyList<string> ChannelIds,
    IReadOnlyList<string> TeamIds,
    bool Active,
    bool InTraining,
    bool? SecondFactor,
    int? Sessions,
    string Version
)
{
    public static PersonView Of(PersonRow row, Caller caller) =>
        new(
            row.Id.ToString("N"),
            row.Name,
            row.Email,
            row.Role,
            row.Role == Roles.Admin || !row.ChannelsLimited,
            [.. row.Channels.Select(c => c.ToString("N"))],
            [.. row.Teams.Select(t => t.ToString("N"))],
            row.DisabledAt is null,
            row.InTraining,
            Roles.Allows(caller.Role, Permission.ManagePeople) ? row.SecondFactor : null,
            Roles.Allows(caller.Role, Permission.ManagePeople) ? row.Sessions : null,
            row.Version
        );
}

public sealed record TeamsView(IReadOnlyList<TeamView> Items);

/// <param name="Version">Another one with every change.</param>
public sealed record TeamView(
    string Id,
    string Name,
    IReadOnlyList<string> MemberIds,
    IReadOnlyList<string> ChannelIds,
    string Version
)
{
    public static TeamView Of(TeamRow row) =>
        new(
            row.Id.ToString("N"),
            row.Name,
            [.. row.Members.Select(m => m.ToString("N"))],
            [.. row.Channels.Select(c => c.ToString("N"))],
            row.Version
        );
}

public sealed record EndedView(int Ended);
