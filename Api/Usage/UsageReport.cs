using System.Globalization;
using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.Usage;

/// <summary>What usage is shown by.</summary>
public enum UsageBy
{
    Day,
    Number,
    Template,
    Agent,
}

/// <summary>Counts of one line, and of one category of it.</summary>
public sealed class UsageCounts
{
    public int Sent { get; private set; }
    public int Delivered { get; private set; }
    public int Failed { get; private set; }
    public int Conversations { get; private set; }

    /// <summary>Delivered messages that Meta charges.</summary>
    public int Charged { get; private set; }

    /// <summary>Charged ones for which the card has no price.</summary>
    public int Unpriced { get; private set; }

    /// <summary>Of the charged ones that have a price.</summary>
    public decimal Cost { get; private set; }

    public void Add(UsageRow row, int charged, decimal? price)
    {
        Sent += row.Sent;
        Delivered += row.Delivered;
        Failed += row.Failed;
        Conversations += row.Conversations;
        AddCharged(charged, price);
    }

    public void AddCharged(int charged, decimal? price)
    {
        Charged += charged;
        if (price is { } each)
            Cost += charged * each;
        else
            Unpriced += charged;
    }
}

/// <summary>One line of a report.</summary>
/// <param name="Key">A day, or the id of a channel or person, or a template's name and language with a slash between; null: none of them.</param>
public sealed record UsageLine(string? Key, UsageCounts Counts, SortedDictionary<string, UsageCounts> Categories);

/// <summary>Counts and prices what left. Pure: rows in, lines out.</summary>
public sealed class UsageReport
{
    /// <summary>A template that is known no more, and of which Meta has not said what it is.</summary>
    public const string UnknownCategory = "unknown";

    private readonly UsageBy by;
    private readonly PriceTable prices;
    private readonly Dictionary<string, UsageLine> lines = [];
    private readonly Dictionary<(Guid Channel, int Year, int Month), int> serviceSoFar = [];

    /// <param name="by">What a line stands for.</param>
    public UsageReport(UsageBy by, PriceTable prices)
    {
        this.by = by;
        this.prices = prices;
    }

    public UsageLine Total { get; } = new(null, new UsageCounts(), []);

    /// <summary>Days and templates in their order; numbers and people by what they sent, most first.</summary>
    public IReadOnlyList<UsageLine> Lines =>
        by == UsageBy.Day
            ? [.. lines.Values.OrderBy(l => l.Key, StringComparer.Ordinal)]
            : [.. lines.Values.OrderByDescending(l => l.Counts.Sent).ThenBy(l => l.Key, StringComparer.Ordinal)];

    /// <param name="rows">In the order of their days.</param>
    /// <param name="from">Rows of before only use up what is free in the month.</param>
    public void Add(IEnumerable<UsageRow> rows, DateOnly from)
    {
        foreach (var row in rows)
        {
            var category = CategoryOf(row.Category);
            var messages = new DeliveredMessages(row.Day, category, row.Delivered, row.Inside, row.PriceType);
            var month = (row.ChannelId, row.Day.Year, row.Day.Month);
            var before = serviceSoFar.GetValueOrDefault(month);
            if (PricingRules.UsesAllowance(messages))
                serviceSoFar[month] = before + row.Delivered;
            if (row.Day < from)
                continue;
            // Of before that day it is conversations that are charged.
            var charged = row.Day < PricingRules.PerMessageFrom ? 0 : PricingRules.Charged(messages, before);
            var price = prices.Find(Countries.OfOrigin(row.Origin), category, row.Day);
            foreach (
                var counts in CountsOf(
                    KeyOf(row.Day, row.ChannelId, row.AgentId, TemplateOf(row.TemplateName, row.TemplateLanguage)),
                    category
                )
            )
                counts.Add(row, charged, price);
        }
    }

    /// <param name="messages">Of before <see cref="PricingRules.PerMessageFrom"/>, each thread's together and in order.</param>
    /// <param name="from">Messages of before only hold conversations open.</param>
    public void AddConversations(IEnumerable<ConversationRow> messages, DateOnly from)
    {
        foreach (var thread in messages.GroupBy(m => m.ThreadId))
        {
            var all = thread.ToArray();
            var opened = ConversationPricing.Charged(
                all.Select(m => new DeliveredMessage(m.At, CategoryOf(m.Category)))
            );
            foreach (var (message, charged) in all.Zip(opened))
            {
                if (!charged || message.Day < from || message.PriceType is not (null or "regular"))
                    continue;
                var category = CategoryOf(message.Category);
                var price = prices.Find(Countries.OfOrigin(message.Origin), category, message.Day);
                var template = TemplateOf(message.TemplateName, message.TemplateLanguage);
                foreach (
                    var counts in CountsOf(KeyOf(message.Day, message.ChannelId, message.AgentId, template), category)
                )
                    counts.AddCharged(1, price);
            }
        }
    }

    private IEnumerable<UsageCounts> CountsOf(string? key, string category)
    {
        if (!lines.TryGetValue(key ?? "", out var line))
            lines[key ?? ""] = line = new UsageLine(key, new UsageCounts(), []);
        return [line.Counts, OfCategory(line), Total.Counts, OfCategory(Total)];

        UsageCounts OfCategory(UsageLine of) =>
            of.Categories.TryGetValue(category, out var counts) ? counts : of.Categories[category] = new UsageCounts();
    }

    private string? KeyOf(DateOnly day, Guid channel, Guid? agent, string? template) =>
        by switch
        {
            UsageBy.Day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            UsageBy.Number => channel.ToString("N"),
            UsageBy.Template => template,
            _ => agent?.ToString("N"),
        };

    private static string? TemplateOf(string? name, string? language) => name is null ? null : $"{name}/{language}";

    private static string CategoryOf(string? told) => told is null ? UnknownCategory : PricingRules.Normal(told);
}
