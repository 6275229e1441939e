using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Media;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Templates;

/// <summary>Graph calls on templates: list, create, edit, delete.</summary>
public static class TemplateEndpoints
{
    private const int DefaultPage = 25;
    private const int MaxPage = 250;

    public static void MapTemplates(this RouteGroupBuilder graph)
    {
        graph.MapGet("/{wabaId:digits}/message_templates", List);
        graph.MapPost("/{wabaId:digits}/message_templates", CreateAsync);
        graph.MapDelete("/{wabaId:digits}/message_templates", Delete);
    }

    /// <summary>Edits a template: its components as a whole, its category unless it is approved.</summary>
    public static IResult Edit(Template template, JsonObject body, TemplateBook book)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(book);
        if (template.Status is not (Template.Approved or "REJECTED" or "PAUSED"))
            return GraphError.Of(100, $"A template of status {template.Status} cannot be edited.").ToResult();
        var category = body.Text("category") ?? template.Category;
        if (category != template.Category && template.Status == Template.Approved)
            return GraphError.Of(100, "The category of an approved template cannot be changed.").ToResult();
        var components = body.Array("components") ?? template.Components;
        if (TemplateRules.Check(template.Name, template.Language, category, components) is { } wrong)
            return wrong.ToResult();
        var edited = template with { Category = category, Components = (JsonArray)components.DeepClone() };
        // The review takes no time here; the webhook tells how it ended.
        book.SetStatus(edited, Template.Approved, null);
        return GraphResult.Success;
    }

    private static IResult List(
        string wabaId,
        HttpRequest request,
        NumberBook numbers,
        TemplateBook book,
        MediaUrls urls
    )
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("GET", wabaId).ToResult();
        var query = request.Query;
        var words = query["name_or_content"].ToString();
        var found = book.Of(wabaId)
            .Where(t => Fits(query["status"], t.Status) && Fits(query["category"], t.Category))
            .Where(t => Fits(query["name"], t.Name) && Fits(query["language"], t.Language))
            .Where(t =>
                words.Length == 0
                || t.Name.Contains(words, StringComparison.OrdinalIgnoreCase)
                || t.Component("BODY").Text("text")?.Contains(words, StringComparison.OrdinalIgnoreCase) == true
            )
            .ToArray();
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, MaxPage)
            : DefaultPage;
        var start = PlaceOf(query["after"]);
        var page = found.Skip(start).Take(limit).ToArray();
        var paging = new JsonObject();
        if (page.Length > 0)
            paging["cursors"] = new JsonObject { ["before"] = Cursor(start), ["after"] = Cursor(start + page.Length) };
        if (start + page.Length < found.Length)
        {
            var next = QueryString.Create(
                query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            );
            next = next.Add("after", Cursor(start + page.Length));
            paging["next"] =
                $"{urls.PublicUrl}/{GraphApi.VersionOf(request.HttpContext)}{wabaId}/message_templates{next}";
        }
        var fields = Fields(request);
        return GraphResult.Json(
            new JsonObject
            {
                ["data"] = new JsonArray([.. page.Select(t => TemplateBook.ToGraph(t, fields))]),
                ["paging"] = paging,
            }
        );
    }

    /// <summary>The names in <c>?fields=</c>.</summary>
    public static string[] Fields(HttpRequest request) =>
        request
            ?.Query["fields"]
            .ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ?? [];

    private static bool Fits(string? wanted, string value) =>
        string.IsNullOrEmpty(wanted) || string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase);

    private static string Cursor(int place) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(place.ToString(CultureInfo.InvariantCulture)));

    private static int PlaceOf(string? cursor)
    {
        Span<byte> bytes = stackalloc byte[16];
        return
            Convert.TryFromBase64String(cursor ?? "", bytes, out var length)
            && int.TryParse(bytes[..length], CultureInfo.InvariantCulture, out var place)
            && place >= 0
            ? place
            : 0;
    }

    private static async Task<IResult> CreateAsync(
        string wabaId,
        HttpRequest request,
        NumberBook numbers,
        TemplateBook book
    )
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("POST", wabaId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        var (name, language, category) = (body.Text("name"), body.Text("language"), body.Text("category"));
        var components = body.Array("components");
        if (TemplateRules.Check(name, language, category, components) is { } wrong)
            return wrong.ToResult();
        if (book.Find(wabaId, name!, language!) is not null)
            return TemplateRules.Exists.ToResult();
        var template = book.Put(
            new Template(
                GraphIds.Numeric(12),
                wabaId,
                name!,
                language!,
                category!,
                "PENDING",
                Template.Is(body.Text("parameter_format"), "named") ? "NAMED" : "POSITIONAL",
                (JsonArray?)components?.DeepClone() ?? []
            )
        );
        book.ReviewLater(template);
        return GraphResult.Json(
            new JsonObject
            {
                ["id"] = template.Id,
                ["status"] = template.Status,
                ["category"] = template.Category,
            }
        );
    }

    private static IResult Delete(
        string wabaId,
        string? name,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "hsm_id")] string? id,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "hsm_ids")] string? ids,
        NumberBook numbers,
        TemplateBook book
    )
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("DELETE", wabaId).ToResult();
        var list = ids?.Trim('[', ']').Split(',').Select(one => one.Trim('"', ' ')).ToArray();
        var doomed = book.Of(wabaId)
            .Where(t => list?.Contains(t.Id) ?? (name is not null && t.Name == name && (id is null || t.Id == id)))
            .ToArray();
        if (doomed.Length == 0)
            return GraphError.Of(100, "Message template was not found.", StatusCodes.Status404NotFound).ToResult();
        foreach (var template in doomed)
            book.Remove(template);
        return GraphResult.Success;
    }
}
