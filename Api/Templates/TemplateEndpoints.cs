using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.Templates;

/// <summary>Templates that may be sent.</summary>
public static class TemplateEndpoints
{
    public static void MapTemplates(this RouteGroupBuilder api)
    {
        api.MapGet("/templates", List).Needs(Permission.Read).WithName("listTemplates");
        api.MapPost("/templates/sync", Sync).Needs(Permission.ManageTemplates).WithName("syncTemplates");
        api.MapGet("/threads/{id}/placeholders", KnownOf).Needs(Permission.Read).WithName("listPlaceholders");
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

    private static async Task<Results<Ok<PlaceholderListView>, ProblemHttpResult>> KnownOf(
        ClaimsPrincipal user,
        string id,
        PersonalValues personal
    )
    {
        var caller = user.Caller();
        if (!ThreadEndpoints.TryId(id, out var thread))
            return Problems.NotVisible("thread", caller.Scope);
        var known = await personal.OfAsync(caller.Scope, thread, caller.Agent);
        return known.Count == 0
            ? Problems.NotVisible("thread", caller.Scope)
            : TypedResults.Ok(
                new PlaceholderListView(
                    [.. Placeholders.All.Select(name => new PlaceholderView(name, known.GetValueOrDefault(name)))],
                    known.GetValueOrDefault(PersonalValues.Language)
                )
            );
    }

    private static async Task<Results<Ok<TemplateListView>, ProblemHttpResult>> Sync(
        ClaimsPrincipal user,
        ChannelQueries channels,
        TemplateStore templates,
        PeopleStore people,
        CallersChannels own,
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
                    await own.GrainOf(caller, channel.Id).SyncTemplates();
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

/// <summary>What the values of a template may name, and what stands for it in this thread.</summary>
/// <param name="Language">The contact's, such as ja; null: not known.</param>
public sealed record PlaceholderListView(IReadOnlyList<PlaceholderView> Items, string? Language);

/// <param name="Name">Written as <c>{name}</c>, or <c>{name|what else}</c>.</param>
/// <param name="Value">Null: not known.</param>
public sealed record PlaceholderView(string Name, string? Value);

public sealed record TemplateListView(IReadOnlyList<TemplateView> Items);

/// <param name="HeaderFormat">TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION: all but a text are given by each send. Null: there is no header.</param>
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
            [.. shape.Buttons.Select(b => new TemplateButtonView(b.Type, b.Text, b.Url, b.NeedsValue))],
            shape.BodyVariables,
            shape.HeaderVariable,
            template.ParameterFormat
        );
    }
}

/// <param name="Url">Of a link, with its variable.</param>
/// <param name="NeedsValue">Each send gives the end of the address, or the code to copy.</param>
public sealed record TemplateButtonView(string Type, string Text, string? Url, bool NeedsValue);
