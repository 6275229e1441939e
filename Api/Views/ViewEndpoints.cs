using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Views;

/// <summary>Views: those that everybody has, and those that people make; their threads and how many there are.</summary>
public static class ViewEndpoints
{
    private const int LongestName = 80;

    /// <summary>A view in an order of its own is read up to here: it goes by place, and places move.</summary>
    private const int Furthest = 5_000;

    public static void MapViews(this RouteGroupBuilder api)
    {
        api.MapGet("/views", List).Needs(Permission.Read).WithName("listViews");
        api.MapPost("/views", Create).Needs(Permission.Read).WithName("createView");
        api.MapGet("/views/counts", Counts).Needs(Permission.Read).WithName("countViews");
        api.MapGet("/views/properties", Properties).Needs(Permission.Read).WithName("listViewProperties");
        api.MapGet("/views/{id}", Get).Needs(Permission.Read).WithName("getView");
        api.MapPatch("/views/{id}", Change).Needs(Permission.Read).WithName("changeView");
        api.MapDelete("/views/{id}", Delete).Needs(Permission.Read).WithName("deleteView");
        api.MapPost("/views/{id}/restore", Restore).Needs(Permission.Read).WithName("restoreView");
        api.MapPut("/views/{id}/pin", Pin).Needs(Permission.Read).WithName("pinView");
        api.MapGet("/views/{id}/threads", Threads).Needs(Permission.Read).WithName("listViewThreads");
        api.MapGet("/views/{id}/threads/{threadId}", Thread).Needs(Permission.Read).WithName("getViewThread");
    }

    private static async Task<Ok<ViewListView>> List(
        ClaimsPrincipal user,
        ViewStore views,
        CustomPropertyStore properties
    )
    {
        var caller = user.Caller();
        var made = await views.ListAsync(caller.Account, caller.Agent);
        var catalogue = await properties.CatalogueAsync(caller.Account, made.SelectMany(v => v.Definition.Keys));
        return TypedResults.Ok(
            new ViewListView([
                .. DefaultViews.All.Where(d => MaySee(d.Key, caller)).Select(d => StandardOf(d.Key)),
                .. made.Select(v => ToView(v, caller, catalogue)),
            ])
        );
    }

    private static async Task<Ok<ViewCountsView>> Counts(ClaimsPrincipal user, ViewStore views, ViewCounts counts)
    {
        var caller = user.Caller();
        var made = await views.ListAsync(caller.Account, caller.Agent);
        return TypedResults.Ok(
            new ViewCountsView(
                await counts.OfAsync(caller.Scope, caller.Agent, made, MaySee(DefaultViews.Quarantined, caller))
            )
        );
    }

    private static async Task<Ok<PropertyListView>> Properties(ClaimsPrincipal user, CustomPropertyStore properties)
    {
        var catalogue = await properties.CatalogueAsync(user.Caller().Account);
        return TypedResults.Ok(
            new PropertyListView([
                .. catalogue.All.Select(p => new PropertyView(
                    p.Key,
                    p.Type.ToString().ToLowerInvariant(),
                    p.Operators,
                    p.Choices,
                    p.Own?.Label,
                    p.Own is { HasChoices: true } ? [.. p.Own.Choices.Select(c => c.Label)] : null
                )),
            ])
        );
    }

    private static async Task<Results<Ok<ViewView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        ViewStore views,
        CustomPropertyStore properties
    )
    {
        var caller = user.Caller();
        if (DefaultViews.Find(id) is not null && MaySee(id, caller))
            return TypedResults.Ok(StandardOf(id));
        return await FindAsync(views, caller, id) is { } view
            ? TypedResults.Ok(ToView(view, caller, await CatalogueAsync(properties, view)))
            : Problems.NotFound("view");

        Task<ViewCatalogue> CatalogueAsync(CustomPropertyStore store, StoredView view) =>
            store.CatalogueAsync(caller.Account, view.Definition.Keys);
    }

    private static async Task<Results<Created<ViewView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        ViewRequest request,
        ViewStore views,
        CustomPropertyStore properties,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        var definition = new ViewDefinition(
            request.Filters ?? [],
            request.Columns ?? [],
            request.Sort ?? ViewDefinition.ByActivity,
            request.Descending ?? true
        );
        var sharing = request.Sharing ?? (caller.Agent is null ? "everyone" : "private");
        var team = sharing == "team" ? TeamOf(request.TeamId) : null;
        var catalogue = await properties.CatalogueAsync(caller.Account, definition.Keys);
        if (Check(caller, request.Name, sharing, team, definition, catalogue, []) is { } wrong)
            return wrong;
        if (team is { } shared && !await views.MayShareAsync(caller.Account, caller.Agent, Manages(caller), shared))
            return NotYourTeam();
        var id = Guid.CreateVersion7();
        if (
            !await views.AddAsync(
                caller.ActorAt(context),
                caller.Agent,
                id,
                request.Name.Trim(),
                sharing,
                team,
                definition,
                clock.GetUtcNow()
            )
        )
            return Problems.Of(
                409,
                "too_many_views",
                $"There are {ViewStore.MostViews} views already: delete one first."
            );
        await TellAsync(grains, caller, sharing);
        var made = await views.FindAsync(caller.Account, caller.Agent, id);
        return TypedResults.Created($"/api/v1/views/{id:N}", ToView(made!, caller, catalogue));
    }

    private static async Task<Results<Ok<ViewView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ChangeViewRequest request,
        ViewStore views,
        CustomPropertyStore properties,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(views, caller, id) is not { } view)
            return Problems.NotFound("view");
        if (!CanEdit(view, caller))
            return NotYours();
        if (view.Version != request.Version)
            return Changed(view);
        var before = view.Definition;
        var definition = new ViewDefinition(
            request.Filters ?? before.Filters,
            request.Columns ?? before.Columns,
            request.Sort ?? before.Sort,
            request.Descending ?? before.Descending
        );
        var name = request.Name ?? view.Name;
        var sharing = request.Sharing ?? view.Sharing;
        var team = sharing == "team" ? TeamOf(request.TeamId) ?? view.Team : null;
        // What was right once may stand in it still: a property that is gone does not keep anybody from changing the rest.
        var catalogue = await properties.CatalogueAsync(caller.Account, definition.Keys.Concat(before.Keys));
        if (Check(caller, name, sharing, team, definition, catalogue, before.MissingIn(catalogue)) is { } wrong)
            return wrong;
        if (
            team is { } shared
            && team != view.Team
            && !await views.MayShareAsync(caller.Account, caller.Agent, Manages(caller), shared)
        )
            return NotYourTeam();
        if (
            !await views.ChangeAsync(
                caller.ActorAt(context),
                caller.Agent,
                view,
                name.Trim(),
                sharing,
                team,
                definition,
                clock.GetUtcNow()
            )
        )
            return Changed(await FindAsync(views, caller, id) ?? view);
        await TellAsync(grains, caller, view.Sharing, sharing);
        return await Get(user, id, views, properties);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        ClaimsPrincipal user,
        string id,
        ViewStore views,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await FindAsync(views, caller, id) is not { } view)
            return Problems.NotFound("view");
        if (!CanEdit(view, caller))
            return NotYours();
        await views.SetDeletedAsync(
            caller.ActorAt(context),
            caller.Agent,
            view.Id,
            deleted: true,
            owned: false,
            clock.GetUtcNow()
        );
        await TellAsync(grains, caller, view.Sharing);
        return TypedResults.NoContent();
    }

    // Others see it in their lists.
    private static Task TellAsync(IGrainFactory grains, Caller caller, params string[] sharings) =>
        sharings.All(s => s == "private")
            ? Task.CompletedTask
            : grains.TellAccountAsync(caller.Account, AccountHint.Views);

    private static async Task<Results<Ok<ViewView>, ProblemHttpResult>> Restore(
        ClaimsPrincipal user,
        string id,
        ViewStore views,
        CustomPropertyStore properties,
        IGrainFactory grains,
        TimeProvider clock,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var view)
            || !await views.SetDeletedAsync(
                caller.ActorAt(context),
                caller.Agent,
                view,
                deleted: false,
                owned: !Manages(caller),
                clock.GetUtcNow()
            )
        )
            return Problems.NotFound("view");
        if (await FindAsync(views, caller, id) is { } back)
            await TellAsync(grains, caller, back.Sharing);
        return await Get(user, id, views, properties);
    }

    private static async Task<Results<Ok<ViewView>, ProblemHttpResult>> Pin(
        ClaimsPrincipal user,
        string id,
        PinRequest request,
        ViewStore views,
        CustomPropertyStore properties
    )
    {
        var caller = user.Caller();
        if (caller.Agent is not { } agent)
            return Problems.Of(403, "not_allowed", "An API key has no pinned views.");
        if (await FindAsync(views, caller, id) is not { } view)
            return Problems.NotFound("view");
        await views.PinAsync(caller.Account, agent, view.Id, request.Pinned);
        return await Get(user, id, views, properties);
    }

    private static async Task<Results<Ok<Page<ThreadView>>, ProblemHttpResult>> Threads(
        ClaimsPrincipal user,
        string id,
        ViewStore views,
        ViewQueries queries,
        CustomPropertyStore properties,
        TimeProvider clock,
        int? limit,
        string? cursor
    )
    {
        var caller = user.Caller();
        var now = clock.GetUtcNow();
        var standard = MaySee(id, caller) ? DefaultViews.Find(id) : null;
        var view = standard is null ? await FindAsync(views, caller, id) : null;
        if (standard is null && view is null)
            return Problems.NotFound("view");
        var catalogue = await properties.CatalogueAsync(caller.Account, view?.Definition.Keys ?? []);
        if (standard is null && !view!.Definition.IsByActivityIn(catalogue))
            return await InOrderAsync(view.Definition);

        if (PageRequest.Read(limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = standard is { } known
            ? await queries.ListAsync(caller.Scope, caller.Agent, known, asked.After, asked.Limit + 1, now)
            : await queries.ListAsync(
                caller.Scope,
                caller.Agent,
                view!.Definition,
                catalogue,
                asked.After,
                0,
                asked.Limit + 1,
                now
            );
        return TypedResults.Ok(asked.PageOf(rows, r => ThreadView.Of(r, now), r => (r.ActivityAt, r.Id)));

        async Task<Results<Ok<Page<ThreadView>>, ProblemHttpResult>> InOrderAsync(ViewDefinition definition)
        {
            if (!Cursor.TryLimit(limit, out var count))
                return Problems.BadLimit();
            var skip = 0;
            if (
                cursor is not null
                && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skip) || skip > Furthest)
            )
                return Problems.BadCursor();
            var page = await queries.ListAsync(
                caller.Scope,
                caller.Agent,
                definition,
                catalogue,
                null,
                skip,
                count + 1,
                now
            );
            var next = page.Count > count && skip + count <= Furthest ? skip + count : (int?)null;
            return TypedResults.Ok(
                new Page<ThreadView>(
                    [.. page.Take(count).Select(r => ThreadView.Of(r, now))],
                    next?.ToString(CultureInfo.InvariantCulture)
                )
            );
        }
    }

    private static async Task<Results<Ok<ThreadView>, ProblemHttpResult>> Thread(
        ClaimsPrincipal user,
        string id,
        string threadId,
        ViewStore views,
        ViewQueries queries,
        CustomPropertyStore properties,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        var standard = MaySee(id, caller) ? DefaultViews.Find(id) : null;
        var view = standard is null ? await FindAsync(views, caller, id) : null;
        if (standard is null && view is null)
            return Problems.NotFound("view");
        var now = clock.GetUtcNow();
        var catalogue = await properties.CatalogueAsync(caller.Account, view?.Definition.Keys ?? []);
        return
            ThreadEndpoints.TryId(threadId, out var thread)
            && await queries.FindAsync(caller.Scope, caller.Agent, standard, view?.Definition, catalogue, thread, now)
                is { } row
            ? TypedResults.Ok(ThreadView.Of(row, now))
            : Problems.Of(404, "not_in_view", "The thread is not in this view.");
    }

    // What is quarantined is listed for those alone who may look at it.
    private static bool MaySee(string id, Caller caller) =>
        id != DefaultViews.Quarantined || Roles.Allows(caller.Role, Permission.ReviewContent);

    private static async Task<StoredView?> FindAsync(ViewStore views, Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var view) ? await views.FindAsync(caller.Account, caller.Agent, view) : null;

    private static ProblemHttpResult? Check(
        Caller caller,
        string name,
        string sharing,
        Guid? team,
        ViewDefinition definition,
        ViewCatalogue catalogue,
        IReadOnlyList<string> missing
    )
    {
        if (!Lines.IsLine(name.Trim(), LongestName))
            return Problems.BadRequest($"name must hold 1 to {LongestName} characters on one line.");
        if (sharing is not ("private" or "team" or "everyone"))
            return Problems.BadRequest("sharing must be private, team or everyone.");
        if (sharing == "team" && team is null)
            return Problems.BadRequest("teamId must be the id of a team.");
        if (sharing != "private" && !Roles.Allows(caller.Role, Permission.Reply))
            return Problems.NotAllowed();
        if (sharing == "private" && caller.Agent is null)
            return Problems.BadRequest("A view that a program makes is everyone's.");
        if (definition.Filters.Count > ViewCondition.Most)
            return Problems.BadRequest($"A view has at most {ViewCondition.Most} conditions.");
        if (definition.Columns.Count > ViewDefinition.MostColumns)
            return Problems.BadRequest($"A view shows at most {ViewDefinition.MostColumns} more columns.");
        foreach (var filter in definition.Filters)
        {
            if (filter?.Property is null || filter.Operator is null)
                return Problems.BadRequest("Each condition needs property and operator.");
            if (!missing.Contains(filter.Property) && filter.Problem(catalogue) is { } problem)
                return Problems.BadRequest(problem);
        }
        return definition.Columns.Append(definition.Sort).FirstOrDefault(IsUnknown) is { } key
            ? Problems.BadRequest($"There is no property {key}.")
            : null;

        bool IsUnknown(string? key) => key is null || !missing.Contains(key) && catalogue.Find(key) is null;
    }

    private static Guid? TeamOf(string? text) => Guid.TryParseExact(text, "N", out var team) ? team : null;

    private static ProblemHttpResult NotYourTeam() =>
        Problems.Of(403, "not_allowed", "A view is shared with a team by its members, supervisors and admins.");

    private static bool Manages(Caller caller) => caller.Role is Roles.Admin or Roles.Supervisor;

    private static bool CanEdit(StoredView view, Caller caller) => view.Owner == caller.Agent || Manages(caller);

    private static ProblemHttpResult NotYours() =>
        Problems.Of(403, "not_allowed", "Only who made this view, a supervisor or an admin may change it.");

    private static ProblemHttpResult Changed(StoredView view) =>
        Problems.Of(
            409,
            "view_changed",
            $"{view.ChangedByName ?? "Somebody"} changed this view while you were editing it: look at it again.",
            more: ("changedBy", view.ChangedByName)
        );

    private static ViewView StandardOf(string key) =>
        new(key, null, true, "everyone", null, null, false, false, [], [], ViewDefinition.ByActivity, true, 1, []);

    private static ViewView ToView(StoredView view, Caller caller, ViewCatalogue catalogue) =>
        new(
            view.Id.ToString("N"),
            view.Name,
            false,
            view.Sharing,
            view.Team?.ToString("N"),
            view.OwnerName,
            CanEdit(view, caller),
            view.Pinned,
            view.Definition.Filters,
            view.Definition.Columns,
            view.Definition.Sort,
            view.Definition.Descending,
            view.Version,
            view.Definition.MissingIn(catalogue)
        );
}
