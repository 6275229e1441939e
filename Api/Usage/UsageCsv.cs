using System.Globalization;
using Threadkeep.Hosting;

namespace Threadkeep.Usage;

/// <summary>Usage as a file for spreadsheets: a row a line, then one for all.</summary>
internal static class UsageCsv
{
    public static byte[] Of(UsageView view)
    {
        var categories = view.Total.Categories.Select(c => c.Category).ToArray();
        string[] header =
        [
            view.By,
            "name",
            "sent",
            "delivered",
            "failed",
            "conversations",
            "charged",
            "unpriced",
            "cost",
            "currency",
            .. categories.Select(c => $"{c} delivered"),
            .. categories.Select(c => $"{c} charged"),
        ];
        return Csv.Write([
            header,
            .. view.Items.Select(line => Row(line, line.Key ?? "", view.Currency, categories)),
            Row(view.Total, "total", view.Currency, categories),
        ]);
    }

    private static IEnumerable<string> Row(UsageLineView line, string key, string? currency, string[] categories)
    {
        var by = line.Categories.ToDictionary(c => c.Category);
        return
        [
            key,
            line.Name ?? "",
            Text(line.Sent),
            Text(line.Delivered),
            Text(line.Failed),
            Text(line.Conversations),
            Text(line.Charged),
            Text(line.Unpriced),
            line.Cost ?? "",
            currency ?? "",
            .. categories.Select(c => Text(by.TryGetValue(c, out var counts) ? counts.Delivered : 0)),
            .. categories.Select(c => Text(by.TryGetValue(c, out var counts) ? counts.Charged : 0)),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
