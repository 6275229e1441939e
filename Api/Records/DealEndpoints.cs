using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Contacts;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Records;

/// <summary>Deals: list, records, and the contacts that they have to do with.</summary>
public static class DealEndpoints
{
    public static void MapDeals(this RouteGroupBuilder api)
    {
        api.MapGet("/deals", List).Needs(Permission.Read).WithName("listDeals");
        api.MapPost("/deals", Create).Needs(Permission.Reply).WithName("createDeal");
        api.MapGet("/deals/{id}", Get).Needs(Permission.Read).WithName("getDeal");
        api.MapPatch("/deals/{id}", Change).Needs(Permission.Reply).WithName("changeDeal");
        api.MapGet("/deals/{id}/contacts", Contacts).Needs(Permission.Read).WithName("listDealContacts");
        api.MapGet("/contacts/{id}/deals", OfContact).Needs(Permission.Read).WithName("listContactDeals");
        api.MapPut("/contacts/{id}/deals/{dealId}", Link).Needs(Permission.Reply).WithName("addContactDeal");
        api.MapDelete("/contacts/{id}/deals/{dealId}", Unlink).Needs(Permission.Reply).WithName("removeContactDeal");
    }

    private static async Task<Results<Ok<Page<DealView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        RecordStore records,
        string? q,
        int? limit,
        string? cursor
    )
    {
        if (RecordQuery.Read(q, limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await records.DealsAsync(user.Caller().Account, asked.Terms, asked.After, asked.Limit + 1);
        return TypedResults.Ok(asked.PageOf(rows, DealView.Of, c => (c.Id, c.SortKey)));
    }

    private static async Task<Results<Created<DealView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        DealRequest request,
        RecordStore records,
        AgentDirectory agents,
        TimeProvider clock
    )
    {
        var account = user.Caller().Account;
        var blank = new Deal { Id = Guid.CreateVersion7(), Name = "" };
        if (RecordReading.Read(blank, request, out var wrong) is not { } deal)
            return wrong!;
        if (await OwnedAsync(agents, account, deal, request) is not { } owned)
            return NoOwner();
        await records.AddAsync(account, owned, clock.GetUtcNow());
        var made = await records.DealAsync(account, deal.Id);
        return TypedResults.Created($"/api/v1/deals/{deal.Id:N}", DealView.Of(made!));
    }

    private static async Task<Results<Ok<DealView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        RecordStore records
    ) =>
        await FindAsync(records, user.Caller(), id) is { } deal
            ? TypedResults.Ok(DealView.Of(deal))
            : Problems.NotFound("deal");

    private static async Task<Results<Ok<DealView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        DealRequest request,
        RecordStore records,
        AgentDirectory agents,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (await FindAsync(records, caller, id) is not { } before)
            return Problems.NotFound("deal");
        if (RecordReading.Read(before, request, out var wrong) is not { } read)
            return wrong!;
        if (await OwnedAsync(agents, caller.Account, read, request) is not { } after)
            return NoOwner();
        if (
            before.Version != (request.Version ?? before.Version)
            || after != before && !await records.ChangeAsync(caller.Account, after, clock.GetUtcNow())
        )
            return RecordQuery.Changed("deal");
        return await Get(user, id, records);
    }

    // The deal with the owner that the request names; null where that is nobody who works here.
    private static async Task<Deal?> OwnedAsync(
        AgentDirectory agents,
        AccountId account,
        Deal deal,
        DealRequest request
    )
    {
        if (!request.Has(nameof(request.OwnerId)))
            return deal;
        if (request.OwnerId is null)
            return deal with { OwnerId = null };
        return Guid.TryParseExact(request.OwnerId, "N", out var agent) && await agents.HasAsync(account, [agent])
            ? deal with
            {
                OwnerId = agent,
            }
            : null;
    }

    private static ProblemHttpResult NoOwner() =>
        Problems.Of(422, "owner_not_found", "There is no such agent any more: choose another owner.");

    private static async Task<Results<Ok<LinkedContactListView>, ProblemHttpResult>> Contacts(
        ClaimsPrincipal user,
        string id,
        RecordStore records
    )
    {
        var caller = user.Caller();
        return await FindAsync(records, caller, id) is { } deal
            ? TypedResults.Ok(RecordQuery.ViewOf(await records.ContactsOfAsync(caller.Scope, RecordKind.Deal, deal.Id)))
            : Problems.NotFound("deal");
    }

    private static async Task<Results<Ok<DealListView>, ProblemHttpResult>> OfContact(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts,
        RecordStore records
    )
    {
        var caller = user.Caller();
        if (await ContactEndpoints.SeenAsync(contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        var rows = await records.DealsOfAsync(caller.Account, contact);
        return TypedResults.Ok(new DealListView([.. rows.Select(DealView.Of)]));
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Link(
        ClaimsPrincipal user,
        string id,
        string dealId,
        RecordStore records,
        [AsParameters] ContactServices services
    ) => SetAsync(user, id, dealId, records, services, linked: true);

    private static Task<Results<NoContent, ProblemHttpResult>> Unlink(
        ClaimsPrincipal user,
        string id,
        string dealId,
        RecordStore records,
        [AsParameters] ContactServices services
    ) => SetAsync(user, id, dealId, records, services, linked: false);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        ClaimsPrincipal user,
        string id,
        string dealId,
        RecordStore records,
        ContactServices services,
        bool linked
    )
    {
        var caller = user.Caller();
        if (await ContactEndpoints.SeenAsync(services.Contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        if (await FindAsync(records, caller, dealId) is not { } deal)
            return Problems.NotFound("deal");
        var change = await records.LinkAsync(
            services.ActorOf(caller),
            RecordKind.Deal,
            contact,
            deal.Id,
            deal.Name,
            linked
        );
        await services.TellAsync(caller.Account, change.Hints);
        return TypedResults.NoContent();
    }

    private static async Task<Deal?> FindAsync(RecordStore records, Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var deal) ? await records.DealAsync(caller.Account, deal) : null;
}
