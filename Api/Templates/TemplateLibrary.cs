using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Audit;
using Threadkeep.Channels;
using Threadkeep.Hosting;
using Threadkeep.Media;
using Threadkeep.People;
using Threadkeep.Threads;
using Threadkeep.WhatsApp.Templates;

namespace Threadkeep.Templates;

/// <summary>All templates of the account, whatever their state, and making, changing and deleting them.</summary>
public static class TemplateLibrary
{
    public static void MapTemplateLibrary(this RouteGroupBuilder api)
    {
        api.MapGet("/templates/library", List).Needs(Permission.ManageTemplates).WithName("listTemplateLibrary");
        api.MapPost("/templates/check", Check).Needs(Permission.ManageTemplates).WithName("checkTemplate");
        api.MapPost("/templates", Create).Needs(Permission.ManageTemplates).WithName("createTemplate");
        api.MapPut("/templates/{id}", Edit).Needs(Permission.ManageTemplates).WithName("editTemplate");
        api.MapDelete("/templates/{id}", Delete).Needs(Permission.ManageTemplates).WithName("deleteTemplate");
    }

    private static async Task<Ok<TemplateLibraryView>> List(ClaimsPrincipal user, TemplateStore templates)
    {
        var found = await templates.ListAsync(user.Caller().Scope, null, null);
        return TypedResults.Ok(new TemplateLibraryView([.. found.Select(LibraryTemplateView.Of)]));
    }

    private static Ok<TemplateFaultsView> Check(TemplateRequest request) =>
        TypedResults.Ok(TemplateFaultsView.Of(TemplateRules.FaultsOf(request.ToDraft())));

    private static async Task<Results<Ok<TemplateSubmittedView>, ProblemHttpResult>> Create(
        ClaimsPrincipal user,
        NewTemplateRequest request,
        TemplateLibraryServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        return await services.Channels.FindAsync(caller, request.ChannelId) is { State: "connected" } channel
            ? await SubmitAsync(caller, channel.Id, null, request.Template, services, context)
            : Problems.NotVisible("channel", caller.Scope);
    }

    private static async Task<Results<Ok<TemplateSubmittedView>, ProblemHttpResult>> Edit(
        ClaimsPrincipal user,
        string id,
        TemplateRequest request,
        TemplateLibraryServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await services.Templates.FindAsync(caller.Scope, id) is not { } known)
            return Problems.NotFound("template");
        var (template, channel) = known;
        if (request.Name != template.Name || request.Language != template.Language)
            return Problems.BadRequest("name and language of a template cannot be changed: make another.");
        // Cloud API, "Templates": only these may be edited, and an approved one keeps its category.
        if (template.Status is not ("APPROVED" or "REJECTED" or "PAUSED"))
            return Problems.Of(
                409,
                "template_in_review",
                "A template can be changed once its review has ended.",
                template.Status
            );
        if (template.Status == "APPROVED" && request.Category != template.Category)
            return Problems.Of(
                409,
                "template_category_fixed",
                "The category of an approved template cannot be changed."
            );
        return await SubmitAsync(caller, channel, template, request, services, context);
    }

    private static async Task<Results<Ok<TemplateSubmittedView>, ProblemHttpResult>> SubmitAsync(
        Caller caller,
        Guid channel,
        StoredTemplate? known,
        TemplateRequest request,
        TemplateLibraryServices services,
        HttpContext context
    )
    {
        var draft = request.ToDraft();
        var faults = TemplateRules.FaultsOf(draft);
        if (faults.Count > 0)
            return Problems.Of(
                422,
                "template_invalid",
                "Meta would refuse this template.",
                more: ("faults", TemplateFaultsView.Of(faults).Faults)
            );
        StoredMedia? file = null;
        if (request.Header is { MediaId: { } mediaId } && TemplateHeader.Files.Contains(request.Header.Format))
        {
            if (mediaId.Length != 64 || await services.Media.FindAsync(caller.Scope, mediaId) is not { } found)
                return Problems.Of(422, "media_not_found", "There is no such file: upload it first.");
            if (MediaProblems.OfScan(found.Scan, found.Media) is { } closed)
                return closed;
            file = found.Media;
        }
        var result = await services
            .Channels.GrainOf(caller, channel)
            .SubmitTemplate(
                new TemplateSubmission(
                    known?.GraphId,
                    draft.Name,
                    draft.Language,
                    draft.Category,
                    draft.Format,
                    draft.ToComponents().ToJsonString(),
                    file
                )
            );
        if (result.Refusal is { } refusal)
            return ChannelProblems.Of(refusal);
        await services.People.RecordAsync(
            caller.ActorAt(context),
            new AuditEntry(
                known is null ? "template.created" : "template.changed",
                "template",
                result.GraphId,
                $"{draft.Name} ({draft.Language})"
            ),
            services.Clock.GetUtcNow()
        );
        return TypedResults.Ok(new TemplateSubmittedView(result.GraphId!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        ClaimsPrincipal user,
        string id,
        TemplateLibraryServices services,
        HttpContext context
    )
    {
        var caller = user.Caller();
        if (await services.Templates.FindAsync(caller.Scope, id) is not { } known)
            return Problems.NotFound("template");
        var (template, channel) = known;
        var refusal = await services.Channels.GrainOf(caller, channel).DeleteTemplate(template.GraphId, template.Name);
        if (refusal is not null)
            return ChannelProblems.Of(refusal);
        await services.People.RecordAsync(
            caller.ActorAt(context),
            new AuditEntry("template.deleted", "template", id, $"{template.Name} ({template.Language})"),
            services.Clock.GetUtcNow()
        );
        return TypedResults.NoContent();
    }
}

/// <summary>What making and changing templates needs.</summary>
public sealed class TemplateLibraryServices(
    TemplateStore templates,
    CallersChannels channels,
    MediaIndex media,
    PeopleStore people,
    TimeProvider clock
)
{
    public TemplateStore Templates { get; } = templates;
    public CallersChannels Channels { get; } = channels;
    public MediaIndex Media { get; } = media;
    public PeopleStore People { get; } = people;
    public TimeProvider Clock { get; } = clock;
}

/// <param name="Category">MARKETING or UTILITY.</param>
/// <param name="ParameterFormat">NAMED or POSITIONAL.</param>
/// <param name="Samples">By variable; the header's under <c>header</c>.</param>
public sealed record TemplateRequest(
    [property: Required(AllowEmptyStrings = true), StringLength(512)] string Name,
    [property: Required(AllowEmptyStrings = true), StringLength(16)] string Language,
    [property: Required] string Category,
    [property: Required] string ParameterFormat,
    TemplateHeaderRequest? Header,
    [property: Required(AllowEmptyStrings = true), StringLength(4_096)] string Body,
    [property: StringLength(1_024)] string? Footer,
    IReadOnlyList<TemplateButtonRequest>? Buttons,
    IReadOnlyDictionary<string, string>? Samples
)
{
    // The handle comes when the file is uploaded to Meta: until then its id says that there is one.
    internal TemplateDraft ToDraft() =>
        new(
            Name,
            Language,
            Category,
            ParameterFormat,
            Header is null ? null : new TemplateHeader(Header.Format, Header.Text, Header.MediaId),
            Body,
            string.IsNullOrWhiteSpace(Footer) ? null : Footer,
            [.. (Buttons ?? []).Select(b => new TemplateButton(b.Type, b.Text, b.Url, b.PhoneNumber, b.Example))],
            Samples ?? new Dictionary<string, string>()
        );
}

/// <param name="Format">TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.</param>
/// <param name="MediaId">What POST /media answered: the sample of a file.</param>
public sealed record TemplateHeaderRequest(
    [property: Required] string Format,
    string? Text = null,
    string? MediaId = null
);

/// <param name="Type">QUICK_REPLY, URL, PHONE_NUMBER or COPY_CODE.</param>
public sealed record TemplateButtonRequest(
    [property: Required] string Type,
    string? Text = null,
    string? Url = null,
    string? PhoneNumber = null,
    string? Example = null
);

/// <param name="ChannelId">A channel of the WhatsApp Business account that is to have it.</param>
public sealed record NewTemplateRequest(
    [property: Required] string ChannelId,
    [property: Required] TemplateRequest Template
);

public sealed record TemplateSubmittedView(string Id);

/// <param name="Field">name, language, category, header, body, footer, buttons, <c>buttons.N</c>, <c>samples.NAME</c>.</param>
public sealed record TemplateFaultView(string Field, string Code);

public sealed record TemplateFaultsView(IReadOnlyList<TemplateFaultView> Faults)
{
    internal static TemplateFaultsView Of(IReadOnlyList<TemplateFault> faults) =>
        new([.. faults.Select(f => new TemplateFaultView(f.Field, f.Code))]);
}

public sealed record TemplateLibraryView(IReadOnlyList<LibraryTemplateView> Items);

/// <param name="Id">Meta's.</param>
/// <param name="Status">APPROVED, PENDING, REJECTED, PAUSED, DISABLED…: only APPROVED can be sent.</param>
/// <param name="Quality">GREEN, YELLOW, RED or UNKNOWN.</param>
/// <param name="Reason">Why it was rejected or paused, in Meta's words.</param>
/// <param name="Components">Meta's JSON, as text.</param>
public sealed record LibraryTemplateView(
    string Id,
    string WabaId,
    string Status,
    string? Quality,
    string? Reason,
    string Components,
    TemplateView Template
)
{
    internal static LibraryTemplateView Of(StoredTemplate template) =>
        new(
            template.GraphId,
            template.WabaId,
            template.Status,
            template.Quality,
            template.Reason,
            template.Components,
            TemplateView.Of(template)
        );
}
