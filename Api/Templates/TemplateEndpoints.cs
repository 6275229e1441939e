using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Templates;

/// <summary>Templates that may be sent.</summary>
public static class TemplateEndpoints
{
    public static void MapTemplates(this RouteGroupBuilder api)
    {
        api.MapGet("/templates", List).Needs(Permission.Read).WithName("listTemplates");
        api.MapPost("/templates/sync", Sync).Needs(Permission.ManageTemplates).WithName("syncTemplates");
    }

    private static async Task<Results<Ok<TemplateListView>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        TemplateStore templates,
        string? channelId,
        string? q
    )
    {
        if (q?.Contains('\0') == true)
            return Problems.BadRequest("q holds U+0000.");
        ChannelId? channel = null;
        if (channelId is not null)
        {
            if (!Guid.TryParseExact(channelId, "N", out var id))
                return Problems.BadRequest("channelId is not the id of a channel.");
            channel = new ChannelId(id);
        }
        var scope = user.Caller().Scope;
        if (channel is { } wanted && !scope.Sees(wanted.Value))
            return Problems.NotVisible("channel", scope);
        var found = await templates.ListAsync(scope, channel, string.IsNullOrWhiteSpace(q) ? null : q.Trim());
        return TypedResults.Ok(
            new TemplateListView([.. found.Where(t => t.Status == "APPROVED").Select(TemplateView.Of)])
        );
    }

    private static async Task<Results<Ok<TemplateListView>, ProblemHttpResult>> Sync(
        ClaimsPrincipal user,
        ChannelQueries channels,
        TemplateStore templates,
        PeopleStore people,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        try
        {
            foreach (var channel in await channels.ListAsync(caller.Account))
            {
                if (channel.State == "connected")
                    await grains
                        .GetGrain<IChannelGrain>(GrainKeys.Channel(caller.Account, new ChannelId(channel.Id)))
                        .SyncTemplates();
            }
        }
        catch (ChannelUnavailableException failed)
        {
            return Problems.Of(503, "unavailable", "Meta's templates could not be fetched.", failed.Message);
        }
        await people.RecordAsync(caller.ActorAt(context), new AuditEntry("templates.synced"), clock.GetUtcNow());
        return await List(user, templates, null, null);
    }
}

public sealed record TemplateListView(IReadOnlyList<TemplateView> Items);

/// <param name="Variables">The body's variables in their order.</param>
/// <param name="HeaderVariable">A text header's variable; null where it has none.</param>
/// <param name="ParameterFormat">POSITIONAL or NAMED.</param>
public sealed record TemplateView(
    string Name,
    string Language,
    string Category,
    string Status,
    string? HeaderFormat,
    string? Header,
    string Body,
    string? Footer,
    IReadOnlyList<TemplateButtonView> Buttons,
    IReadOnlyList<string> Variables,
    string? HeaderVariable,
    string ParameterFormat
)
{
    public static TemplateView Of(StoredTemplate template)
    {
        var shape = TemplateShape.Of(template);
        return new TemplateView(
            template.Name,
            template.Language,
            template.Category,
            template.Status,
            shape.HeaderFormat,
            shape.Header,
            shape.Body,
            shape.Footer,
            [.. shape.Buttons.Select(b => new TemplateButtonView(b.Type, b.Text))],
            shape.BodyVariables,
            shape.HeaderVariable,
            template.ParameterFormat
        );
    }
}

public sealed record TemplateButtonView(string Type, string Text);
