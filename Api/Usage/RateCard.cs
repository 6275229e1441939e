using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Threadkeep.Hosting;
using Threadkeep.WhatsApp.Pricing;

namespace Threadkeep.Usage;

/// <summary>What is wrong with one row of a rate card.</summary>
/// <param name="Row">As a spreadsheet numbers it: the header is 1.</param>
/// <param name="Code">Stable: market_unknown, category_unknown, price_wrong, currency_wrong, currencies_differ, date_wrong, date_missing, twice,
/// header_wrong, encoding, empty, too_long.</param>
/// <param name="Detail">What stands there.</param>
public sealed record RateCardFault(int Row, string Code, string Detail);

/// <summary>
/// Reads a rate card: CSV as spreadsheets write it, with comma, semicolon or tab, with or without a byte order mark. Either a row a price
/// (market, category, currency, price, valid from) or, as Meta's own, a row a market with a column for each category. Names of columns
/// are read tolerantly. A market is a country; a region needs a column that names its countries, because which they are is Meta's to say
/// and changes. Pure.
/// </summary>
public static partial class RateCard
{
    /// <summary>Rows beyond this are no rate card.</summary>
    public const int MaxRows = 5_000;
    private const int MaxFaults = 100;

    /// <summary>Every country without a row of its own.</summary>
    public const string Elsewhere = "*";

    private static readonly string[] Categories =
    [
        "marketing",
        "marketing_lite",
        "utility",
        "authentication",
        "authentication_international",
        "service",
    ];

    private static readonly string[] ElsewhereNames = ["other", "others", "restofworld", "restoftheworld"];

    private static readonly Dictionary<string, string> Columns = new()
    {
        ["market"] = "market",
        ["country"] = "market",
        ["marketcountry"] = "market",
        ["region"] = "market",
        ["countries"] = "countries",
        ["category"] = "category",
        ["messagecategory"] = "category",
        ["currency"] = "currency",
        ["price"] = "price",
        ["rate"] = "price",
        ["validfrom"] = "validFrom",
        ["effective"] = "validFrom",
        ["effectivedate"] = "validFrom",
        ["effectivefrom"] = "validFrom",
    };

    /// <param name="validFrom">Where the card has no such column.</param>
    public static (IReadOnlyList<PriceRow> Prices, IReadOnlyList<RateCardFault> Faults) Read(
        byte[] card,
        DateOnly? validFrom
    )
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(card).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return ([], [new RateCardFault(1, "encoding", "UTF-8")]);
        }
        var rows = Csv.Read(text);
        if (rows.Count < 2)
            return ([], [new RateCardFault(1, "empty", "")]);
        if (rows.Count > MaxRows)
            return ([], [new RateCardFault(MaxRows, "too_long", MaxRows.ToString(CultureInfo.InvariantCulture))]);
        return new Reader(rows, validFrom).Read();
    }

    private sealed class Reader(IReadOnlyList<string[]> rows, DateOnly? validFrom)
    {
        private readonly Dictionary<string, int> columns = [];
        private readonly List<(string Category, int Column)> wide = [];
        private readonly Dictionary<(string Country, string Category, DateOnly From), PriceRow> prices = [];
        private readonly List<RateCardFault> faults = [];
        private string? currency;

        public (IReadOnlyList<PriceRow>, IReadOnlyList<RateCardFault>) Read()
        {
            ReadHeader();
            for (var n = 1; n < rows.Count && faults.Count < MaxFaults; n++)
            {
                if (rows[n].Any(cell => cell.Length > 0))
                    ReadRow(n + 1, rows[n]);
            }
            if (faults.Count == 0 && prices.Count == 0)
                faults.Add(new RateCardFault(1, "empty", ""));
            return faults.Count > 0 ? ([], faults) : ([.. prices.Values], []);
        }

        private void ReadHeader()
        {
            for (var n = 0; n < rows[0].Length; n++)
            {
                var name = rows[0][n];
                if (Columns.TryGetValue(Plain(name), out var column))
                    columns.TryAdd(column, n);
                else if (Categories.Contains(PricingRules.Normal(name)))
                    wide.Add((PricingRules.Normal(name), n));
            }
            if (columns.ContainsKey("category"))
                wide.Clear();
            if (
                !columns.ContainsKey("market")
                || !columns.ContainsKey("currency")
                || wide.Count == 0 && !(columns.ContainsKey("category") && columns.ContainsKey("price"))
            )
                faults.Add(new RateCardFault(1, "header_wrong", string.Join(", ", rows[0])));
        }

        private void ReadRow(int row, string[] cells)
        {
            if (faults is [{ Code: "header_wrong" }, ..])
                return;
            var countries = CountriesOf(Cell(cells, "market"), Cell(cells, "countries"));
            if (countries is null)
                faults.Add(new RateCardFault(row, "market_unknown", Cell(cells, "market")));
            var from = DateOf(row, Cell(cells, "validFrom"));
            var isCurrency = CurrencyOf(row, Cell(cells, "currency"));
            if (wide.Count == 0)
            {
                var category = PricingRules.Normal(Cell(cells, "category"));
                if (!Categories.Contains(category))
                    faults.Add(new RateCardFault(row, "category_unknown", Cell(cells, "category")));
                else
                    Add(category, Cell(cells, "price"), isOptional: false);
                return;
            }
            // In a market without a rate of this kind Meta writes n/a.
            foreach (var (category, column) in wide)
                Add(category, column < cells.Length ? cells[column] : "", isOptional: true);

            void Add(string category, string cell, bool isOptional)
            {
                if (isOptional && Plain(cell) is "" or "na" && !cell.Any(char.IsAsciiDigit))
                    return;
                if (PriceOf(cell) is not { } price)
                    faults.Add(new RateCardFault(row, "price_wrong", cell));
                else if (countries is not null && from is { } day && isCurrency)
                    Put(row, countries, Cell(cells, "market"), category, day, price);
            }
        }

        private void Put(int row, string[] countries, string market, string category, DateOnly day, decimal price)
        {
            foreach (var country in countries)
            {
                var added = prices.TryAdd(
                    (country, category, day),
                    new PriceRow
                    {
                        Country = country,
                        Category = category,
                        ValidFrom = day,
                        Market = market,
                        Currency = currency!,
                        Price = price,
                    }
                );
                if (!added)
                {
                    faults.Add(new RateCardFault(row, "twice", $"{market}, {category}"));
                    return;
                }
            }
        }

        private string Cell(string[] cells, string column) =>
            columns.TryGetValue(column, out var n) && n < cells.Length ? cells[n] : "";

        private static string[]? CountriesOf(string market, string named)
        {
            if (named.Length > 0)
            {
                var found = named
                    .Split([',', ';', '|', '/'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .SelectMany(n => Countries.Find(n) is { } one ? [one] : n.Split(' ').Select(Countries.Find))
                    .Distinct()
                    .ToArray();
                return found.Length == 0 || Array.Exists(found, c => c is null) ? null : [.. found.OfType<string>()];
            }
            var plain = Plain(market);
            return Countries.Find(market) is { } country ? [country]
                : plain == "northamerica" ? ["US", "CA"]
                : market == Elsewhere || ElsewhereNames.Contains(plain) ? [Elsewhere]
                : null;
        }

        private DateOnly? DateOf(int row, string cell)
        {
            if (cell.Length == 0)
            {
                if (validFrom is null)
                    faults.Add(new RateCardFault(row, "date_missing", ""));
                return validFrom;
            }
            // Never a guess which of two small numbers is the month.
            string[] forms = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "MMMM d, yyyy", "d MMMM yyyy"];
            if (DateOnly.TryParseExact(cell, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return date;
            faults.Add(new RateCardFault(row, "date_wrong", cell));
            return null;
        }

        private bool CurrencyOf(int row, string cell)
        {
            // Meta's own cards say $US.
            var code = Plain(cell) is "us" ? "USD" : Plain(cell).ToUpperInvariant();
            if (code.Length != 3)
            {
                faults.Add(new RateCardFault(row, "currency_wrong", cell));
                return false;
            }
            currency ??= code;
            if (currency != code)
                faults.Add(new RateCardFault(row, "currencies_differ", $"{currency}, {code}"));
            return currency == code;
        }

        // 0.0625, 0,0625, $0.0625; of two marks the last is the decimal one. Eight places, as they are stored.
        private static decimal? PriceOf(string cell)
        {
            // What is no plain number (a percentage, a power, a sentence) is no price that anybody should guess.
            if (Price().Match(cell) is not { Success: true } found)
                return null;
            var number = found.Groups["number"].Value.Replace(" ", "", StringComparison.Ordinal);
            // Several marks of one kind part thousands.
            char[] marks = [.. number.Where(c => c is '.' or ',')];
            if (marks.Length > 1 && marks.Distinct().Count() == 1)
                number = string.Concat(number.Where(char.IsAsciiDigit));
            var mark = number.LastIndexOfAny(['.', ',']);
            var whole = mark < 0 ? number : string.Concat(number[..mark].Where(char.IsAsciiDigit));
            var places = mark < 0 ? "" : number[(mark + 1)..];
            return
                places.Length <= 8
                && decimal.TryParse(
                    places.Length == 0 ? whole : $"{whole}.{places}",
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var price
                )
                && price < 1_000_000
                ? price
                : null;
        }
    }

    [GeneratedRegex(
        @"^\s*(?:\p{Sc}|[A-Za-z]{1,3}\p{Sc}?|\p{Sc}[A-Za-z]{2})?\s*(?<number>[0-9]{1,3}(?:[., ][0-9]{3})+(?:[.,][0-9]{1,8})?|[0-9]+(?:[.,][0-9]{1,8})?)\s*(?:\p{Sc}|[A-Za-z]{3})?\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Price();

    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsAsciiLetter).Select(char.ToLowerInvariant));
}
