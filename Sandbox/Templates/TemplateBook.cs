using System.Globalization;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Numbers;
using Threadkeep.Sandbox.Storage;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Templates;

/// <summary>The templates of all accounts. A new account begins with the ones of <see cref="FirstTemplates"/>.</summary>
public sealed class TemplateBook
{
    private readonly Table<Template> templates;
    private readonly WebhookFeed feed;
    private readonly TimeProvider time;

    // Minutes at Meta; long enough here to see "pending".
    private static readonly TimeSpan Review = TimeSpan.FromSeconds(3);

    public TemplateBook(Journal journal, NumberBook numbers, WebhookFeed feed, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        templates = new Table<Template>("templates", t => t.Id, journal);
        this.feed = feed;
        this.time = time;
        foreach (var wabaId in numbers.All().Select(n => n.WabaId).Distinct())
            if (!templates.All().Any(t => t.WabaId == wabaId))
                foreach (var template in FirstTemplates.Of(wabaId))
                    templates.Put(template);
    }

    public Template[] Of(string wabaId) => [.. templates.All().Where(t => t.WabaId == wabaId)];

    public Template[] All() => templates.All();

    public Template? Find(string id) => templates.Find(id);

    public Template? Find(string wabaId, string name, string language) =>
        templates.All().FirstOrDefault(t => t.WabaId == wabaId && t.Name == name && t.Language == language);

    public Template Put(Template template) => templates.Put(template);

    public void Remove(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        templates.Remove(template.Id);
    }

    /// <summary>Approves a new template after a while, unless somebody has decided on it by then.</summary>
    public void ReviewLater(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        _ = ReviewAsync();

        async Task ReviewAsync()
        {
            await Task.Delay(Review, time);
            if (templates.Find(template.Id) is { Status: "PENDING" } waiting)
                SetStatus(waiting, Template.Approved, null);
        }
    }

    /// <summary>Sets the status and tells the business by webhook.</summary>
    public Template SetStatus(Template template, string status, string? reason)
    {
        ArgumentNullException.ThrowIfNull(template);
        var changed = templates.Put(template with { Status = status });
        feed.Tell(
            new WebhookUpdate(
                changed.WabaId,
                "message_template_status_update",
                new JsonObject
                {
                    ["event"] = status,
                    ["message_template_id"] = long.Parse(changed.Id, CultureInfo.InvariantCulture),
                    ["message_template_name"] = changed.Name,
                    ["message_template_language"] = changed.Language,
                    ["reason"] = reason ?? (status == Template.Approved ? "NONE" : null),
                    ["message_template_category"] = changed.Category,
                },
                "template " + status,
                []
            )
        );
        return changed;
    }

    /// <summary>The template as Graph shows it; <paramref name="fields"/> empty shows all.</summary>
    public static JsonObject ToGraph(Template template, IReadOnlyCollection<string> fields)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(fields);
        var all = new JsonObject
        {
            ["name"] = template.Name,
            ["parameter_format"] = template.ParameterFormat,
            ["components"] = template.Components.DeepClone(),
            ["language"] = template.Language,
            ["status"] = template.Status,
            ["category"] = template.Category,
            ["quality_score"] = new JsonObject { ["score"] = "GREEN" },
            ["rejected_reason"] = template.Status == "REJECTED" ? "INVALID_FORMAT" : "NONE",
            ["id"] = template.Id,
        };
        foreach (var name in all.Select(member => member.Key).ToArray())
            if (fields.Count > 0 && name != "id" && !fields.Contains(name))
                all.Remove(name);
        return all;
    }
}
