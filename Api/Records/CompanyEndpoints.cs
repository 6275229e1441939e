using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Contacts;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Records;

/// <summary>Companies: list, records, and the contacts that they have to do with.</summary>
public static class CompanyEndpoints
{
    public static void MapCompanies(this RouteGroupBuilder api)
    {
        api.MapGet("/companies", List).Needs(Permission.Read).WithName("listCompanies");
        api.MapPost("/companies", Create).Needs(Permission.Reply).WithName("createCompany");
        api.MapGet("/companies/{id}", Get).Needs(Permission.Read).WithName("getCompany");
        api.MapPatch("/companies/{id}", Change).Needs(Permission.Reply).WithName("changeCompany");
        api.MapGet("/companies/{id}/contacts", Contacts).Needs(Permission.Read).WithName("listCompanyContacts");
        api.MapGet("/contacts/{id}/companies", OfContact).Needs(Permission.Read).WithName("listContactCompanies");
        api.MapPut("/contacts/{id}/companies/{companyId}", Link).Needs(Permission.Reply).WithName("addContactCompany");
        api.MapDelete("/contacts/{id}/companies/{companyId}", Unlink)
            .Needs(Permission.Reply)
            .WithName("removeContactCompany");
    }

    private static async Task<Results<Ok<Page<CompanyView>>, ProblemHttpResult>> List(
        ClaimsPrincipal user,
        RecordStore records,
        string? q,
        int? limit,
        string? cursor
    )
    {
        if (RecordQuery.Read(q, limit, cursor, out var asked) is { } refused)
            return refused;
        var rows = await records.CompaniesAsync(user.Caller().Account, asked.Terms, asked.After, asked.Limit + 1);
        return TypedResults.Ok(asked.PageOf(rows, CompanyView.Of, c => (c.Id, c.SortKey)));
    }

    private static async Task<Results<Created<CompanyView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        CompanyRequest request,
        RecordStore records,
        PeopleStore people,
        TimeProvider clock
    )
    {
        var account = user.Caller().Account;
        var blank = new Company { Id = Guid.CreateVersion7(), Name = "" };
        var country = (await people.AccountAsync(account)).Country;
        if (RecordReading.Read(blank, request, country, out var wrong) is not { } company)
            return wrong!;
        await records.AddAsync(account, company, clock.GetUtcNow());
        var made = await records.CompanyAsync(account, company.Id);
        return TypedResults.Created($"/api/v1/companies/{company.Id:N}", CompanyView.Of(made!));
    }

    private static async Task<Results<Ok<CompanyView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user,
        string id,
        RecordStore records
    ) =>
        await FindAsync(records, user.Caller(), id) is { } company
            ? TypedResults.Ok(CompanyView.Of(company))
            : Problems.NotFound("company");

    private static async Task<Results<Ok<CompanyView>, ProblemHttpResult>> Change(
        ClaimsPrincipal user,
        string id,
        CompanyRequest request,
        RecordStore records,
        PeopleStore people,
        TimeProvider clock
    )
    {
        var caller = user.Caller();
        if (await FindAsync(records, caller, id) is not { } before)
            return Problems.NotFound("company");
        var country = (await people.AccountAsync(caller.Account)).Country;
        if (RecordReading.Read(before, request, country, out var wrong) is not { } after)
            return wrong!;
        if (
            before.Version != (request.Version ?? before.Version)
            || after != before && !await records.ChangeAsync(caller.Account, after, clock.GetUtcNow())
        )
            return RecordQuery.Changed("company");
        return await Get(user, id, records);
    }

    private static async Task<Results<Ok<LinkedContactListView>, ProblemHttpResult>> Contacts(
        ClaimsPrincipal user,
        string id,
        RecordStore records
    )
    {
        var caller = user.Caller();
        return await FindAsync(records, caller, id) is { } company
            ? TypedResults.Ok(
                RecordQuery.ViewOf(await records.ContactsOfAsync(caller.Scope, RecordKind.Company, company.Id))
            )
            : Problems.NotFound("company");
    }

    private static async Task<Results<Ok<CompanyListView>, ProblemHttpResult>> OfContact(
        ClaimsPrincipal user,
        string id,
        ContactQueries contacts,
        RecordStore records
    )
    {
        var caller = user.Caller();
        if (await ContactEndpoints.SeenAsync(contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        var rows = await records.CompaniesOfAsync(caller.Account, contact);
        return TypedResults.Ok(new CompanyListView([.. rows.Select(CompanyView.Of)]));
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Link(
        ClaimsPrincipal user,
        string id,
        string companyId,
        RecordStore records,
        [AsParameters] ContactServices services
    ) => SetAsync(user, id, companyId, records, services, linked: true);

    private static Task<Results<NoContent, ProblemHttpResult>> Unlink(
        ClaimsPrincipal user,
        string id,
        string companyId,
        RecordStore records,
        [AsParameters] ContactServices services
    ) => SetAsync(user, id, companyId, records, services, linked: false);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        ClaimsPrincipal user,
        string id,
        string companyId,
        RecordStore records,
        ContactServices services,
        bool linked
    )
    {
        var caller = user.Caller();
        if (await ContactEndpoints.SeenAsync(services.Contacts, caller.Scope, id) is not { } contact)
            return Problems.NotVisible("contact", caller.Scope);
        if (await FindAsync(records, caller, companyId) is not { } company)
            return Problems.NotFound("company");
        var change = await records.LinkAsync(
            services.ActorOf(caller),
            RecordKind.Company,
            contact,
            company.Id,
            company.Name,
            linked
        );
        await services.TellAsync(caller.Account, change.Hints);
        return TypedResults.NoContent();
    }

    private static async Task<Company?> FindAsync(RecordStore records, Caller caller, string id) =>
        Guid.TryParseExact(id, "N", out var company) ? await records.CompanyAsync(caller.Account, company) : null;
}
