using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Mail;
using Threadkeep.Media;
using Threadkeep.Operations;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Webhooks;

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
        CallersChannels own,
        ChannelQueries channels,
        SignatureFailures failures,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (await own.FindAsync(caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        await failures.WriteAsync();
        var now = clock.GetUtcNow();
        var numbers = channels.FiguresAsync(caller.Account, row.Id);
        var told = channels.AccountUpdatesAsync(caller.Account, row.Id, now);
        var look = await own.GrainOf(caller, row.Id).Look();
        return TypedResults.Ok(ChannelDetailsView.Of(row, look, await numbers, AccountWarnings.Of(await told, now)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Rename(
        ClaimsPrincipal user,
        string id,
        RenameChannelRequest request,
        CallersChannels own,
        ConnectionStore connections,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var name = request.Name.Trim();
        if (!Lines.IsLine(name, 60))
            return Problems.BadRequest("name must hold 1 to 60 characters on one line.");
        return
            await own.FindAsync(caller, id) is { } row
            && await connections.RenameAsync(caller.ActorAt(context), row.Id, name, clock.GetUtcNow())
            ? TypedResults.NoContent()
            : Problems.NotVisible("channel", caller.Scope);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ClaimsPrincipal user,
        string id,
        CallersChannels own,
        ConnectionStore connections,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await own.FindAsync(caller, id) is not { } row)
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
        string id,
        ConnectChannelRequest request,
        CallersChannels own,
        IOptions<ConsoleOptions> console,
        HttpContext context
    )
    {
        if (request.Pin is { } pin && !(pin.Length == 6 && pin.All(char.IsAsciiDigit)))
            return Problems.BadRequest("pin must be six digits.");
        var how = new ConnectChannel(request.Pin, PublicAddress.HookOf(console.Value.Address));
        return await own.DoAsync(context, id, "channel.connected", channel => channel.Connect(how)) is { } no
            ? no
            : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Disconnect(
        string id,
        CallersChannels own,
        HttpContext context
    ) =>
        await own.DoAsync(context, id, "channel.disconnected", channel => channel.Disconnect()) is { } no
            ? no
            : TypedResults.NoContent();

    private static async Task<Results<Accepted, ProblemHttpResult>> AskForHistory(
        string id,
        CallersChannels own,
        HttpContext context
    ) =>
        await own.DoAsync(context, id, "channel.history_asked", channel => channel.AskForHistory()) is { } no
            ? no
            : TypedResults.Accepted((string?)null);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeProfile(
        ClaimsPrincipal user,
        string id,
        BusinessProfileView request,
        CallersChannels own,
        MediaIndex media,
        HttpContext context
    )
    {
        var caller = user.Caller();
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
        return
            await own.DoAsync(context, id, "channel.profile_changed", channel => channel.ChangeProfile(profile))
                is { } no
            ? no
            : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ChannelCheckView>, ProblemHttpResult>> Check(
        ClaimsPrincipal user,
        string id,
        CallersChannels own,
        ChannelSelfTest test,
        CancellationToken cancellation
    )
    {
        var caller = user.Caller();
        if (await own.FindAsync(caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        var steps = await test.WalkAsync(caller.Account, row, own.GrainOf(caller, row.Id), cancellation);
        return TypedResults.Ok(
            new ChannelCheckView([.. steps.Select(s => new ChannelCheckStep(s.Step, s.Holds, s.Detail))])
        );
    }

    private static async Task<Results<Ok<Page<ChannelEventView>>, ProblemHttpResult>> Events(
        ClaimsPrincipal user,
        string id,
        CallersChannels own,
        ChannelQueries channels,
        int? limit,
        string? cursor
    )
    {
        var caller = user.Caller();
        if (await own.FindAsync(caller, id) is not { } row)
            return Problems.NotVisible("channel", caller.Scope);
        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await channels.EventsAsync(caller.Account, row.Id, asked.After, asked.Limit + 1);
        return TypedResults.Ok(asked.PageOf(rows, ChannelEventView.Of, r => (r.ReceivedAt, r.Id)));
    }
}

public sealed record RenameChannelRequest([property: Required] string Name);

/// <param name="Pin">Six digits; absent: the one that is known, or a new one.</param>
public sealed record ConnectChannelRequest(string? Pin = null);

/// <param name="Holds">False: mend this first; what comes after it was not looked at.</param>
public sealed record ChannelCheckStep(string Step, bool Holds, string? Detail);

/// <param name="Steps">token, number, subscription, webhook (a signed post to our own public address) and, where all these hold, message (one of the number to itself).</param>
public sealed record ChannelCheckView(IReadOnlyList<ChannelCheckStep> Steps);
