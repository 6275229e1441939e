using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Audit;
using Threadkeep.Hosting;
using Threadkeep.Mail;
using Threadkeep.Media;
using Threadkeep.People;
using Threadkeep.Storage;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.Channels;

/// <summary>One channel's page: what Meta says of it, connecting and disconnecting, its name, its profile, a check of the whole way.</summary>
public static class ChannelConnection
{
    public static void MapChannelConnection(this RouteGroupBuilder api)
    {
        var channel = api.MapGroup("/channels/{id}").Needs(Permission.ManageChannels);
        channel.MapGet("", Get).WithName("getChannel");
        channel.MapPatch("", Rename).WithName("renameChannel");
        channel.MapDelete("", Remove).WithName("removeChannel");
        channel.MapPost("/connect", Connect).WithName("connectChannel");
        channel.MapPost("/disconnect", Disconnect).WithName("disconnectChannel");
        channel.MapPut("/profile", ChangeProfile).WithName("changeBusinessProfile");
        channel.MapPost("/history", AskForHistory).WithName("importChannelHistory");
        channel.MapPost("/check", Check).WithName("checkChannel");
        channel.MapGet("/events", Events).WithName("listChannelEvents");
    }

    private static async Task<Results<Ok<ChannelDetailsView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        ChannelQueries channels,
        IGrainFactory grains
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        var numbers = channels.FiguresAsync(caller.Account, row.Id);
        var look = await GrainOf(grains, caller, row.Id).Look();
        var figures = await numbers;
        return TypedResults.Ok(ChannelDetailsView.Of(row, look, figures));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Rename(
        ClaimsPrincipal user,
        string id,
        RenameChannelRequest request,
        ConnectionStore connections,
        ChannelQueries channels,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var name = request.Name.Trim();
        if (!Lines.IsLine(name, 60))
            return Problems.BadRequest("name must hold 1 to 60 characters on one line.");
        return
            await FindAsync(channels, caller, id) is { } row
            && await connections.RenameAsync(caller.ActorAt(context), row.Id, name, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : Problems.NotVisible("channel", caller.Scope);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        ConnectionStore connections,
        ChannelQueries channels,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        return await connections.RemoveReadyAsync(caller.ActorAt(context), row.Id, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : Problems.Of(
                409,
                "channel_has_threads",
                "The channel was connected once and has threads: it can be disconnected, not removed."
            );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Connect(
        ClaimsPrincipal user,
        string id,
        ConnectChannelRequest request,
        ChannelQueries channels,
        PeopleStore people,
        IGrainFactory grains,
        IOptions<ConsoleOptions> console,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (request.Pin is { } pin && !(pin.Length == 6 && pin.All(char.IsAsciiDigit)))
            return Problems.BadRequest("pin must be six digits.");
        if (
            await GrainOf(grains, caller, row.Id).Connect(new ConnectChannel(request.Pin, Hook(console.Value))) is
            { } no
        )
            return ChannelProblems.Of(no);
        await RecordAsync(people, caller.ActorAt(context), "channel.connected", row, clock);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Disconnect(
        ClaimsPrincipal user,
        string id,
        ChannelQueries channels,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (await GrainOf(grains, caller, row.Id).Disconnect() is { } no)
            return ChannelProblems.Of(no);
        await RecordAsync(people, caller.ActorAt(context), "channel.disconnected", row, clock);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> AskForHistory(
        ClaimsPrincipal user,
        string id,
        ChannelQueries channels,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (await GrainOf(grains, caller, row.Id).AskForHistory() is { } no)
            return ChannelProblems.Of(no);
        await RecordAsync(people, caller.ActorAt(context), "channel.history_asked", row, clock);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeProfile(
        ClaimsPrincipal user,
        string id,
        BusinessProfileView request,
        ChannelQueries channels,
        MediaIndex media,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (request.Problem is { } wrong)
            return Problems.BadRequest(wrong);
        StoredMedia? picture = null;
        if (request.PictureId is { } pictureId)
        {
            if (pictureId.Length != 64 || await media.FindAsync(caller.Scope, pictureId) is not { } found)
                return Problems.Of(422, "media_not_found", "There is no such file: upload it first.");
            picture = found.Media;
            if (MediaProblems.OfScan(found.Scan, picture) is { } closed)
                return closed;
            if (SendableFiles.Of("image")!.Refuse(picture.MimeType, picture.Size) is { } unfit)
                return unfit;
        }
        var profile = request.ToProfile() with { Picture = picture };
        if (await GrainOf(grains, caller, row.Id).ChangeProfile(profile) is { } no)
            return ChannelProblems.Of(no);
        await RecordAsync(people, caller.ActorAt(context), "channel.profile_changed", row, clock);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ChannelCheckView>, ProblemHttpResult>> Check(
        ClaimsPrincipal user,
        string id,
        ChannelQueries channels,
        SecretBox secrets,
        IGrainFactory grains,
        IHttpClientFactory clients,
        IOptions<ConsoleOptions> console
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        var steps = (await GrainOf(grains, caller, row.Id).Check()).ToList();
        steps.Add(await KnockAsync(row, channels, secrets, clients, Hook(console.Value)));
        return TypedResults.Ok(
            new ChannelCheckView([.. steps.Select(s => new ChannelCheckStep(s.Step, s.Holds, s.Detail))])
        );
    }

    // As Meta would: a signed body at the address that Meta knows. It says nothing, so nothing is stored.
    private static async Task<ChannelCheck> KnockAsync(
        ChannelListRow row,
        ChannelQueries channels,
        SecretBox secrets,
        IHttpClientFactory clients,
        string? hook
    )
    {
        const string Step = "webhook";
        if (hook is null)
            return new ChannelCheck(Step, Holds: false, "Console:Address is not configured.");
        var app = (await channels.AppsAsync()).First(a => a.AppKey == row.AppKey);
        var secret = secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey));
        var body = """{"object":"whatsapp_business_account","entry":[]}"""u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hook}/{app.AppKey}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Hub-Signature-256", WebhookSignature.Of(Encoding.UTF8.GetBytes(secret), body));
        try
        {
            using var client = clients.CreateClient();
            client.Timeout = TimeSpan.FromSeconds(10);
            using var answer = await client.SendAsync(request);
            return new ChannelCheck(
                Step,
                answer.StatusCode == HttpStatusCode.OK,
                answer.StatusCode == HttpStatusCode.OK ? null : $"{(int)answer.StatusCode}"
            );
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            return new ChannelCheck(Step, Holds: false, failed.GetBaseException().Message);
        }
    }

    private static async Task<Results<Ok<Page<ChannelEventView>>, ProblemHttpResult>> Events(
        ClaimsPrincipal user,
        string id,
        ChannelQueries channels,
        int? limit,
        string? cursor
    )
    {
        var caller = user.Caller();
        if (await FindAsync(channels, caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await channels.EventsAsync(caller.Account, row.Id, asked.After, asked.Limit + 1);
        return TypedResults.Ok(asked.PageOf(rows, ChannelEventView.Of, r => (r.ReceivedAt, r.Id)));
    }

    private static async Task<ChannelListRow?> FindAsync(ChannelQueries channels, Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var known) && caller.Scope.Sees(known)
            ? (await channels.ListAsync(caller.Account)).FirstOrDefault(c => c.Id == known)
            : null;

    private static IChannelGrain GrainOf(IGrainFactory grains, Caller caller, Guid channel) =>
        grains.GetGrain<IChannelGrain>(Accounts.GrainKeys.Channel(caller.Account, new Accounts.ChannelId(channel)));

    private static string? Hook(ConsoleOptions console) =>
        console.Address is { Length: > 0 } address ? address.TrimEnd('/') + "/webhooks/whatsapp" : null;

    private static Task RecordAsync(
        PeopleStore people,
        Actor actor,
        string action,
        ChannelListRow row,
        TimeProvider clock
    ) =>
        people.RecordAsync(actor, new AuditEntry(action, "channel", row.Id.ToString("N"), row.Name), clock.GetUtcNow());
}

public sealed record RenameChannelRequest([property: Required] string Name);

/// <param name="Pin">Six digits; absent: the one that is known, or a new one.</param>
public sealed record ConnectChannelRequest(string? Pin = null);

/// <param name="Holds">False: mend this first; what comes after it was not looked at.</param>
public sealed record ChannelCheckStep(string Step, bool Holds, string? Detail);

/// <param name="Steps">token, number, subscription, and webhook (a signed post to our own public address).</param>
public sealed record ChannelCheckView(IReadOnlyList<ChannelCheckStep> Steps);

/// <summary>What customers see of the business.</summary>
/// <param name="About">1 to 139 characters.</param>
/// <param name="Websites">Up to two.</param>
/// <param name="Vertical">One of Meta's categories.</param>
/// <param name="PictureUrl">Where Meta shows the picture; only told.</param>
/// <param name="PictureId">Another picture, as POST /media named it: JPEG or PNG, up to 5 MB; absent: it stays. Only asked.</param>
public sealed record BusinessProfileView(
    string? About,
    string? Address,
    string? Description,
    string? Email,
    IReadOnlyList<string>? Websites,
    string? Vertical,
    string? PictureUrl = null,
    string? PictureId = null
)
{
    // Cloud API, "Limits".
    internal string? Problem =>
        About is { Length: > 139 } ? "about holds up to 139 characters."
        : Address is { Length: > 256 } ? "address holds up to 256 characters."
        : Description is { Length: > 512 } ? "description holds up to 512 characters."
        : Email is { Length: > 128 } ? "email holds up to 128 characters."
        : Websites is { Count: > 2 } ? "websites holds up to two addresses."
        : Websites?.Any(w =>
            w.Length > 256 || !Uri.TryCreate(w, UriKind.Absolute, out var u) || u.Scheme is not ("http" or "https")
        )
            is true
            ? "each website is an address that begins with http:// or https://, up to 256 characters."
        : null;

    internal BusinessProfile ToProfile() =>
        new(About, Address, Description, Email, [.. Websites ?? []], Vertical is { Length: > 0 } ? Vertical : null);

    internal static BusinessProfileView? Of(BusinessProfile? profile) =>
        profile is null
            ? null
            : new(
                profile.About,
                profile.Address,
                profile.Description,
                profile.Email,
                profile.Websites,
                profile.Vertical,
                profile.PictureUrl
            );
}

/// <summary>What Meta says of the number, in Meta's words; null where it said nothing.</summary>
/// <param name="Problem">Why Meta said nothing; one of the codes of refusals.</param>
public sealed record ChannelHealthView(
    string? Problem,
    string? ProblemDetail,
    string? VerifiedName,
    string? NameStatus,
    string? Quality,
    string? MessagingLimit,
    string? Throughput,
    string? Verification,
    string? Status,
    bool IsOnPhoneApp
);

/// <param name="LastInboundAt">When a customer last wrote.</param>
/// <param name="Leftovers">Items of its webhooks that could not be stored as they are, and wait to be replayed.</param>
/// <param name="Queued">Messages that wait to leave.</param>
public sealed record ChannelDetailsView(
    string Id,
    string Name,
    string DisplayPhoneNumber,
    string PhoneNumberId,
    string WabaId,
    string State,
    string? Attention,
    DateTimeOffset? FirstConnectedAt,
    DateTimeOffset? DisconnectedAt,
    bool HasOwnApp,
    DateTimeOffset? LastInboundAt,
    long Leftovers,
    long Queued,
    ChannelHealthView Health,
    BusinessProfileView? Profile
)
{
    internal static ChannelDetailsView Of(ChannelListRow row, ChannelLook look, ChannelFigures figures) =>
        new(
            row.Id.ToString("N"),
            row.Name,
            row.DisplayPhoneNumber,
            row.PhoneNumberId,
            row.WabaId,
            row.State,
            row.Attention,
            row.FirstConnectedAt,
            row.DisconnectedAt,
            figures.HasOwnApp,
            figures.LastInboundAt,
            figures.Leftovers,
            figures.Queued,
            new ChannelHealthView(
                look.Refusal?.Code,
                look.Refusal?.Detail,
                look.VerifiedName,
                look.NameStatus,
                look.Quality,
                look.MessagingLimit,
                look.Throughput,
                look.Verification,
                look.Status,
                look.IsOnPhoneApp
            ),
            BusinessProfileView.Of(look.Profile)
        );
}

/// <param name="Kind">before_connect, history_unasked, group_message, or Meta's field.</param>
/// <param name="At">When it was written, or told.</param>
/// <param name="Detail">What Meta said, as JSON text; null for messages.</param>
public sealed record ChannelEventView(string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt, string? Detail)
{
    internal static ChannelEventView Of(ChannelEventRow row) => new(row.Kind, row.At, row.ReceivedAt, row.Detail);
}
