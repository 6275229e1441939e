using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Mail;

namespace Threadkeep.People;

/// <summary>Inviting people, by mail where there is a mail server and always by a link to hand over; and accepting.</summary>
public static class InvitationEndpoints
{
    public static void MapInvitations(this RouteGroupBuilder api)
    {
        api.MapGet("/invitations", List).Needs(Permission.ManagePeople).WithName("listInvitations");
        api.MapPost("/invitations", Invite).Needs(Permission.ManagePeople).WithName("invite");
        api.MapPost("/invitations/{id}/renew", Renew).Needs(Permission.ManagePeople).WithName("renewInvitation");
        api.MapDelete("/invitations/{id}", Revoke).Needs(Permission.ManagePeople).WithName("revokeInvitation");
        api.MapPost("/invitations/open", Open)
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .WithName("openInvitation");
        api.MapPost("/invitations/accept", Accept)
            .Needs(Permission.Anyone)
            .RequireRateLimiting(PeopleEndpoints.SignInLimit)
            .WithName("acceptInvitation");
    }

    private static async Task<Ok<InvitationsView>> List(
        ClaimsPrincipal user,
        InvitationStore invitations,
        TimeProvider clock
    )
    {
        var now = clock.GetUtcNow();
        var rows = await invitations.ListAsync(user.Caller().Account);
        return TypedResults.Ok(new InvitationsView([.. rows.Select(r => InvitationView.Of(r, now))]));
    }

    private static async Task<Results<Created<InvitedView>, ProblemHttpResult>> Invite(
        ClaimsPrincipal user,
        InviteRequest request,
        InviteServices services,
        HttpContext context
    )
    {
        var email = request.Email.Trim();
        if (!IsAddress(email))
            return Problems.Of(422, "invalid_address", "This is not an email address.");
        if (
            !DirectoryEndpoints.TryIds(request.ChannelIds, out var channels)
            || !DirectoryEndpoints.TryIds(request.TeamIds, out var teams)
        )
            return Unknown();
        var caller = user.Caller();
        var now = services.Clock.GetUtcNow();
        var invitation = new InvitationRow
        {
            AccountId = caller.Account.Value,
            Id = Guid.CreateVersion7(now),
            Email = email,
            Role = request.Role,
            Language = request.Language ?? (await services.People.AccountAsync(caller.Account)).Language,
            ChannelsLimited = request.AllChannels == false,
            Channels = channels?.Distinct().ToArray() ?? [],
            Teams = teams?.Distinct().ToArray() ?? [],
        };
        var (view, refused) = await SaveAsync(services, caller, invitation, again: false, context);
        return refused is not null ? refused : TypedResults.Created($"/api/v1/invitations/{view!.Invitation.Id}", view);
    }

    private static async Task<Results<Ok<InvitedView>, ProblemHttpResult>> Renew(
        ClaimsPrincipal user,
        string id,
        InviteServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var known)
            || await services.Invitations.FindAsync(caller.Account, known) is not { } invitation
        )
            return Problems.NotFound("invitation");
        var (view, refused) = await SaveAsync(services, caller, invitation, again: true, context);
        return refused is not null ? refused : TypedResults.Ok(view!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        ClaimsPrincipal user,
        string id,
        InvitationStore invitations,
        TimeProvider clock,
        HttpContext context
    ) =>
        Guid.TryParseExact(id, "N", out var known)
        && await invitations.RevokeAsync(user.Caller().ActorAt(context), known, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : Problems.NotFound("invitation");

    private static async Task<Results<Ok<OpenedInvitationView>, ProblemHttpResult>> Open(
        LinkRequest request,
        InvitationStore invitations,
        PeopleStore people,
        TimeProvider clock
    )
    {
        if (await invitations.ByTokenAsync(request.Token, clock.GetUtcNow()) is not { } invitation)
            return LinkEnded();
        var account = await people.AccountAsync(new AccountId(invitation.AccountId));
        return TypedResults.Ok(
            new OpenedInvitationView(
                invitation.Email,
                invitation.Role,
                invitation.Language,
                account.Name,
                PasswordRules.Shortest
            )
        );
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> Accept(
        AcceptRequest request,
        InvitationStore invitations,
        SignInSessions sessions,
        TimeProvider clock,
        HttpContext context
    )
    {
        var now = clock.GetUtcNow();
        if (await invitations.ByTokenAsync(request.Token, now) is not { } invitation)
            return LinkEnded();
        if (!DirectoryEndpoints.TryName(request.Name, out var name))
            return DirectoryEndpoints.BadName();
        if (PasswordRules.Refusal(request.Password, invitation.Email) is { } refused)
            return refused;
        var (outcome, agent) = await invitations.AcceptAsync(
            request.Token,
            Guid.CreateVersion7(now),
            new AgentRecord
            {
                Name = name!,
                Language = request.Language,
                PasswordHash = PasswordRules.Hash(request.Password),
            },
            context.Connection.RemoteIpAddress?.ToString(),
            now
        );
        return outcome switch
        {
            InvitationOutcome.Done => TypedResults.Ok(await sessions.BeginAsync(context, agent!)),
            InvitationOutcome.AddressInUse => AddressInUse(),
            _ => LinkEnded(),
        };
    }

    /// <summary>Stores an invitation under a new link, and puts it into the mail where there is one.</summary>
    private static async Task<(InvitedView? View, ProblemHttpResult? Refused)> SaveAsync(
        InviteServices services,
        Caller caller,
        InvitationRow invitation,
        bool again,
        HttpContext context
    )
    {
        var now = services.Clock.GetUtcNow();
        invitation = invitation with
        {
            InvitedBy = caller.Name,
            CreatedAt = now,
            ExpiresAt = now + Links.InvitationLasts,
        };
        var token = Links.NewToken();
        var account = await services.People.AccountAsync(caller.Account);
        var outcome = await services.Invitations.InviteAsync(
            caller.ActorAt(context),
            invitation,
            token,
            again,
            connection =>
                services.Links.CanMail
                    ? services.Mails.AddAsync(
                        connection,
                        caller.Account,
                        services.Links.InvitationMail(invitation, account, token),
                        now,
                        invitation.ExpiresAt
                    )
                    : Task.CompletedTask
        );
        if (outcome != InvitationOutcome.Done)
            return (
                null,
                outcome == InvitationOutcome.AlreadyMember
                    ? Problems.Of(409, "already_member", "Somebody of this account has this address.")
                    : Unknown()
            );
        var stored = (await services.Invitations.ByTokenAsync(token, now))!;
        return (
            new InvitedView(
                InvitationView.Of(stored, now),
                services.Links.Invitation(token, context.Request),
                services.Links.CanMail
            ),
            null
        );
    }

    internal static ProblemHttpResult LinkEnded() =>
        Problems.Of(
            404,
            "link_ended",
            "This link does not work any more.",
            "It has been used, was taken back or has expired: ask for a new one."
        );

    internal static ProblemHttpResult AddressInUse() =>
        Problems.Of(409, "address_in_use", "This address already signs in to another account of this deployment.");

    private static ProblemHttpResult Unknown() =>
        Problems.BadRequest("channelIds and teamIds must be ids of this account.");

    // One @ with something on both sides: whether it exists, only a mail can tell.
    private static bool IsAddress(string text) =>
        text.Length <= 254
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == text.LastIndexOf('@')
        && at < text.Length - 1
        && MimeKit.MailboxAddress.TryParse(text, out _);
}

/// <summary>What inviting needs.</summary>
public sealed record InviteServices(
    InvitationStore Invitations,
    PeopleStore People,
    MailQueue Mails,
    Links Links,
    TimeProvider Clock
);

/// <param name="Language">Of the mail, and proposed to the person; default: the account's.</param>
/// <param name="AllChannels">False: only those of <paramref name="ChannelIds"/> and of their teams.</param>
public sealed record InviteRequest(
    [property: Required] string Email,
    [property: Required, RegularExpression("admin|supervisor|agent|viewer")] string Role,
    [property: RegularExpression("en|ja")] string? Language = null,
    bool? AllChannels = null,
    [property: MaxLength(1000)] string[]? ChannelIds = null,
    [property: MaxLength(1000)] string[]? TeamIds = null
);

/// <param name="Token">What stands behind # in the link.</param>
public sealed record LinkRequest([property: Required, MaxLength(200)] string Token);

public sealed record AcceptRequest(
    [property: Required, MaxLength(200)] string Token,
    [property: Required] string Name,
    [property: Required, RegularExpression("en|ja")] string Language,
    [property: Required] string Password
);

public sealed record InvitationsView(IReadOnlyList<InvitationView> Items);

/// <param name="State">pending or expired.</param>
public sealed record InvitationView(
    string Id,
    string Email,
    string Role,
    string Language,
    bool AllChannels,
    IReadOnlyList<string> ChannelIds,
    IReadOnlyList<string> TeamIds,
    string? InvitedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string State
)
{
    public static InvitationView Of(InvitationRow row, DateTimeOffset now) =>
        new(
            row.Id.ToString("N"),
            row.Email,
            row.Role,
            row.Language,
            !row.ChannelsLimited,
            [.. row.Channels.Select(c => c.ToString("N"))],
            [.. row.Teams.Select(t => t.ToString("N"))],
            row.InvitedBy,
            row.CreatedAt,
            row.ExpiresAt,
            row.ExpiresAt > now ? "pending" : "expired"
        );
}

/// <param name="Link">To hand over; it is shown only now.</param>
/// <param name="Mailed">It is in the mail, too.</param>
public sealed record InvitedView(InvitationView Invitation, string Link, bool Mailed);

/// <param name="MinLength">Of a password.</param>
public sealed record OpenedInvitationView(string Email, string Role, string Language, string Account, int MinLength);
