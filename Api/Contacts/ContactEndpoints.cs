using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Hosting;
using Threadkeep.Live;
using Threadkeep.People;
using Threadkeep.Search;
using Threadkeep.Threads;

namespace Threadkeep.Contacts;

/// <summary>What contacts need.</summary>
public sealed record ContactServices(
    ContactStore Store,
    ContactQueries Contacts,
    ContactTimeline Timeline,
    PeopleStore People,
    IGrainFactory Grains,
    TimeProvider Clock,
    HttpContext Context
)
{
    public RecordActor ActorOf(Caller caller) =>
        new(caller.Account, caller.Agent, Clock.GetUtcNow(), caller.Scope.Channels);

    /// <summary>Browsers hear at once; a hint that is lost is made up for by the outbox.</summary>
    public async Task TellAsync(AccountId account, IReadOnlyList<ThreadHint> hints)
    {
        if (hints.Count > 0)
            await Grains.GetGrain<ILiveFeedGrain>(GrainKeys.LiveFeedShard(account)).Publish([.. hints]);
    }
}

/// <summary>Contacts: the list, records, their threads, tickets and timeline; merging, and taking that back.</summary>
public static class ContactEndpoints
{
    private const int MostShown = 100;

    public static void MapContacts(this RouteGroupBuilder api)
    {
        api.MapGet("/contacts", List).Needs(Permission.Read).WithName("listContacts");
        api.MapPost("/contacts", Create).Needs(Permission.Reply).WithName("createContact");
        api.MapGet("/contacts/{id}", Get).Needs(Permission.Read).WithName("getContact");
        api.MapPatch("/contacts/{id}", Change).Needs(Permission.Reply).WithName("changeContact");
        api.MapGet("/contacts/{id}/threads", Threads).Needs(Permission.Read).WithName("listContactThreads");
        api.MapGet("/contacts/{id}/tickets", Tickets).Needs(Permission.Read).WithName("listContactTickets");
        api.MapGet("/contacts/{id}/timeline", Timeline).Needs(Permission.Read).WithName("listContactTimeline");
        api.MapPost("/contacts/{id}/merge", Merge).Needs(Permission.Reply).WithName("mergeContact");
        api.MapPut("/contacts/{id}/apart", KeepApart).Needs(Permission.Reply).WithName("keepContactApart");
        api.MapPost("/merges/{id}/undo", Unmerge).Needs(Permission.Reply).WithName("undoContactMerge");
        api.MapGet("/threads/{id}/contact", OfThread).Needs(Permission.Read).WithName("getThreadContact");
    }

    private static async Task<Results<Ok<Page<ContactItemView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        ContactQueries contacts,
        PeopleStore people,
        string? q,
        int? limit,
        string? cursor
    )
    {
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        if (!NamePlace.TryRead(cursor, out var after))
            return Problems.BadCursor();
        if (q?.Contains('\0') == true)
            return Problems.BadRequest("q holds U+0000.");
        var caller = user.Caller();
        string[] terms = [.. Folding.Fold(q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        var query =
            terms.Length == 0
                ? null
                : new CustomerQuery(
                    terms,
                    NumberQuery.Digits(q!.Trim(), (await people.AccountAsync(caller.Account)).Country) ?? []
                );
        var rows = await contacts.ListAsync(caller.Scope, query, after, count + 1);
        return TypedResults.Ok(
            new Page<ContactItemView>(
                [.. rows.Take(count).Select(ContactItemView.Of)],
                rows.Count > count ? NamePlace.Of(rows[count - 1].Id, rows[count - 1].SortKey!) : null
            )
        );
    }

    private static async Task<Results<Created<ContactRecordView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        ContactRequest request,
        [AsParameters] ContactServices services
    )
    {
        var caller = user.Caller();
        var country = (await services.People.AccountAsync(caller.Account)).Country;
        if (ContactReading.Read(request, country, out var values) is { } wrong)
            return wrong;
        var properties = ContactReading.Apply(new ContactProperties(), values);
        if (properties is { Name: null, Email: null, Phone: null, MobilePhone: null })
            return Problems.BadRequest("A contact needs a name, a phone number or an email address.");
        var made = await services.Store.AddAsync(services.ActorOf(caller), properties);
        await services.TellAsync(caller.Account, made.Hints);
        var view = await ShowAsync(services.Contacts, caller.Scope, made.Contact);
        return TypedResults.Created($"/api/v1/contacts/{view!.Id}", view);
    }

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts
    ) =>
        Guid.TryParseExact(id, "N", out var contact)
        && await ShowAsync(contacts, user.Caller().Scope, contact) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotVisible("contact", user.Caller().Scope);

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        ChangeContactRequest request,
        [AsParameters] ContactServices services
    )
    {
        var caller = user.Caller();
        if (await SeenAsync(services.Contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        var country = (await services.People.AccountAsync(caller.Account)).Country;
        if (ContactReading.Read(request, country, out var values) is { } wrong)
            return wrong;
        var change = await services.Store.ChangeAsync(
            services.ActorOf(caller),
            contact,
            request.Version,
            before => ContactReading.Apply(before, values)
        );
        return await AnswerAsync(services, caller, change);
    }

    private static async Task<Results<Ok<ContactThreadsView>, ProblemHttpResult>> Threads(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts,
        TimeProvider clock
    )
    {
        var scope = user.Caller().Scope;
        if (await SeenAsync(contacts, scope, id) is not { } contact)
            return Problems.NotVisible("contact", scope);
        var now = clock.GetUtcNow();
        var rows = await contacts.ThreadsAsync(scope, contact, MostShown);
        return TypedResults.Ok(new ContactThreadsView([.. rows.Select(r => ThreadView.Of(r, now))]));
    }

    private static async Task<Results<Ok<ContactTicketsView>, ProblemHttpResult>> Tickets(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts
    )
    {
        var scope = user.Caller().Scope;
        if (await SeenAsync(contacts, scope, id) is not { } contact)
            return Problems.NotVisible("contact", scope);
        var rows = await contacts.TicketsAsync(scope, contact, MostShown);
        return TypedResults.Ok(
            new ContactTicketsView([
                .. rows.Select(r => new ContactTicketView(
                    r.Id.ToString("N"),
                    r.Number,
                    r.Status,
                    r.Subject,
                    r.OpenedAt,
                    r.ThreadId == r.Id ? null : r.ThreadId?.ToString("N")
                )),
            ])
        );
    }

    private static async Task<Results<Ok<Page<TimelineView>>, ProblemHttpResult>> Timeline(
        ClaimsPrincipal user,
        string id,
        [AsParameters] ContactServices services,
        int? limit,
        string? cursor
    )
    {
        var scope = user.Caller().Scope;
        if (await SeenAsync(services.Contacts, scope, id) is not { } contact)
            return Problems.NotVisible("contact", scope);
        if (!Cursor.TryLimit(limit, out var count))
            return Problems.BadLimit();
        (DateTimeOffset, string)? after = null;
        if (cursor is not null)
        {
            if (!Cursor.TryParse(cursor, out var place) || place.Id.Contains('\0', StringComparison.Ordinal))
                return Problems.BadCursor();
            after = (place.At, place.Id);
        }
        var rows = await services.Timeline.ListAsync(scope, contact, after, count + 1);
        return TypedResults.Ok(
            new Page<TimelineView>(
                [.. rows.Take(count).Select(TimelineView.Of)],
                rows.Count > count ? new Cursor(rows[count - 1].At, rows[count - 1].Key).ToString() : null
            )
        );
    }

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> Merge(
        ClaimsPrincipal user,
        string id,
        MergeContactRequest request,
        [AsParameters] ContactServices services
    )
    {
        var caller = user.Caller();
        // The contact that a thread brought is named by its own id, whatever it was found to be.
        if (
            !Guid.TryParseExact(id, "N", out var contact)
            || await SeenAsync(services.Contacts, caller.Scope, id) is null
            || await SeenAsync(services.Contacts, caller.Scope, request.IntoId) is not { } into
        )
            return Problems.NotVisible("contact", caller.Scope);
        var change = await services.Store.MergeAsync(
            services.ActorOf(caller),
            caller.ActorAt(services.Context),
            contact,
            into
        );
        return await AnswerAsync(services, caller, change);
    }

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> Unmerge(
        ClaimsPrincipal user,
        string id,
        [AsParameters] ContactServices services
    )
    {
        var caller = user.Caller();
        if (
            !Guid.TryParseExact(id, "N", out var merge)
            || await services.Contacts.IntoOfMergeAsync(caller.Account, merge) is not { } into
            || await services.Contacts.FindAsync(caller.Scope, into) is null
        )
            return Problems.NotFound("merge");
        var change = await services.Store.UnmergeAsync(
            services.ActorOf(caller),
            caller.ActorAt(services.Context),
            merge
        );
        return change.Outcome == ContactOutcome.NoSuchContact
            ? Problems.NotFound("merge")
            : await AnswerAsync(services, caller, change);
    }

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> KeepApart(
        ClaimsPrincipal user,
        string id,
        KeepApartRequest request,
        [AsParameters] ContactServices services
    )
    {
        var caller = user.Caller();
        if (await SeenAsync(services.Contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        var apart = new List<Guid>();
        foreach (var named in request.ContactIds)
        {
            if (!Guid.TryParseExact(named, "N", out var other) || apart.Count == MostShown)
                return Problems.BadRequest($"contactIds must be ids of contacts, {MostShown} at most.");
            apart.Add(other);
        }
        var change = await services.Store.KeepApartAsync(services.ActorOf(caller), contact, [.. apart.Distinct()]);
        return await AnswerAsync(services, caller, change);
    }

    private static async Task<Results<Ok<ThreadContactView>, ProblemHttpResult>> OfThread(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts
    )
    {
        var scope = user.Caller().Scope;
        return
            ThreadEndpoints.TryId(id, out var thread)
            && await contacts.OwnOfThreadAsync(scope, thread) is { } own
            && await ShowAsync(contacts, scope, own) is { } view
            ? TypedResults.Ok(new ThreadContactView(own.ToString("N"), view))
            : Problems.NotVisible("thread", scope);
    }

    private static async Task<Results<Ok<ContactRecordView>, ProblemHttpResult>> AnswerAsync(
        ContactServices services,
        Caller caller,
        ContactChange change
    )
    {
        switch (change.Outcome)
        {
            case ContactOutcome.NoSuchContact:
                return Problems.NotVisible("contact", caller.Scope);
            case ContactOutcome.VersionConflict or ContactOutcome.Merged:
                return Problems.Of(
                    409,
                    "contact_changed",
                    "Somebody else changed this contact in the meantime: look at it again, then change it."
                );
            case ContactOutcome.Superseded:
                return Problems.Of(
                    409,
                    "merge_superseded",
                    "The contacts were merged again since: take the later merge back first."
                );
        }
        await services.TellAsync(caller.Account, change.Hints);
        return await ShowAsync(services.Contacts, caller.Scope, change.Contact) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotVisible("contact", caller.Scope);
    }

    private static async Task<ContactRecordView?> ShowAsync(ContactQueries contacts, Scope scope, Guid contact) =>
        await contacts.FindAsync(scope, contact) is { } row
            ? ContactRecordView.Of(
                row,
                await contacts.MatchesAsync(scope, row.Id),
                await contacts.MergesAsync(scope, row.Id)
            )
            : null;

    /// <summary>The contact that an id names, or the one that it was found to be; null where the caller may not see it.</summary>
    internal static async Task<Guid?> SeenAsync(ContactQueries contacts, Scope scope, string id) =>
        Guid.TryParseExact(id, "N", out var named) ? (await contacts.FindAsync(scope, named))?.Id : null;
}
