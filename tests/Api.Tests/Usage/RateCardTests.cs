using System.Text;
using Threadkeep.Usage;

namespace Threadkeep.Api.Tests.Usage;

public sealed class RateCardTests
{
    private static readonly DateOnly October = new(2026, 10, 1);

    private static (IReadOnlyList<PriceRow> Prices, IReadOnlyList<RateCardFault> Faults) Read(
        string card,
        DateOnly? validFrom = null
    ) => RateCard.Read(Encoding.UTF8.GetBytes(card), validFrom);

    private static IEnumerable<string> Told(IReadOnlyList<PriceRow> prices) =>
        prices.Select(p =>
            FormattableString.Invariant($"{p.Country} {p.Category} {p.ValidFrom:yyyy-MM-dd} {p.Price} {p.Currency}")
        );

    [Fact]
    public void A_row_a_price()
    {
        var (prices, faults) = Read(
            "Market,Category,Currency,Price,Valid from\r\nJapan,Marketing,USD,0.0860,2026-10-01\r\nBR,utility,usd,0.0068,2026/10/01\r\n"
        );

        faults.ShouldBeEmpty();
        Told(prices).ShouldBe(["JP marketing 2026-10-01 0.0860 USD", "BR utility 2026-10-01 0.0068 USD"]);
    }

    [Theory]
    [InlineData("\uFEFFCountry;Message category;Currency;Rate;Effective date\r\nJP;Marketing;EUR;0,0790;1.10.2026\r\n")]
    [InlineData("country\tcategory\tcurrency\tprice\tvalid_from\nJP\tmarketing\tEUR\t0.0790\t2026-10-01")]
    [InlineData(
        "\"market\",\"category\",\"currency\",\"price\",\"validFrom\"\n\"Japan\",\"marketing\",\"EUR\",\"€0.0790\",\"October 1, 2026\""
    )]
    public void However_a_spreadsheet_writes_it(string card)
    {
        var (prices, faults) = Read(card);

        faults.ShouldBeEmpty();
        Told(prices).ShouldBe(["JP marketing 2026-10-01 0.0790 EUR"]);
    }

    [Theory]
    [InlineData("6.25E+02")]
    [InlineData("5e3")]
    [InlineData("5%")]
    [InlineData("\u22120.05")]
    [InlineData("-0.05")]
    [InlineData("0.05 per 1000")]
    [InlineData("1,234,567")]
    public void What_is_no_plain_price_is_refused_and_not_guessed(string price)
    {
        var (prices, faults) = Read(
            $"market,category,currency,price,valid from\nJapan,marketing,USD,\"{price}\",2026-10-01"
        );
        prices.ShouldBeEmpty();
        faults.ShouldHaveSingleItem().Code.ShouldBe("price_wrong");
    }

    [Fact]
    public void A_column_a_category_as_Metas_own_cards()
    {
        var (prices, faults) = Read(
            """
            Market,Currency,Marketing,Utility,Authentication,Authentication-International,Service
            India,$US,0.0118,0.0014,0.0014,0.028,0.0014
            North America,$US,0.025,0.0034,0.0034,n/a,0.0034
            Other,$US,0.0604,0.0077,0.0077,n/a,0.0077
            """,
            October
        );

        faults.ShouldBeEmpty();
        prices.Count.ShouldBe(5 + 2 * 4 + 4);
        Told(prices).ShouldContain("IN authentication_international 2026-10-01 0.028 USD");
        Told(prices).ShouldContain("CA service 2026-10-01 0.0034 USD");
        Told(prices).ShouldContain("* marketing 2026-10-01 0.0604 USD");
    }

    [Fact]
    public void A_region_says_which_countries_it_stands_for()
    {
        const string header = "market,countries,category,currency,price\n";

        var (prices, faults) = Read(header + "Rest of Asia Pacific,\"JP, Thailand; VN\",utility,USD,0.01", October);
        faults.ShouldBeEmpty();
        prices
            .Select(p => (p.Country, p.Market))
            .ShouldBe([("JP", "Rest of Asia Pacific"), ("TH", "Rest of Asia Pacific"), ("VN", "Rest of Asia Pacific")]);
        Read(header + "Rest of Asia Pacific,,utility,USD,0.01", October)
            .Faults.ShouldBe([new RateCardFault(2, "market_unknown", "Rest of Asia Pacific")]);
    }

    [Fact]
    public void One_wrong_row_and_nothing_is_taken_and_each_says_what_is_wrong()
    {
        var (prices, faults) = Read(
            """
            market,category,currency,price,valid from
            Japan,marketing,USD,0.08,2026-10-01
            Atlantis,marketing,USD,0.08,2026-10-01
            Japan,chatting,USD,0.08,2026-10-01
            Japan,utility,USD,free,2026-10-01
            Japan,utility,USD,-0.01,2026-10-01
            Japan,utility,EUR,0.01,2026-10-01
            Japan,utility,¥,0.01,2026-10-01
            Japan,utility,USD,0.01,10/1/2026
            Japan,service,USD,0.01,
            Japan,marketing,USD,0.09,2026-10-01
            """
        );

        prices.ShouldBeEmpty();
        faults
            .Select(f => (f.Row, f.Code))
            .ShouldBe([
                (3, "market_unknown"),
                (4, "category_unknown"),
                (5, "price_wrong"),
                (6, "price_wrong"),
                (7, "currencies_differ"),
                (8, "currency_wrong"),
                (9, "date_wrong"),
                (10, "date_missing"),
                (11, "twice"),
            ]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("market,category,currency,price", "empty")]
    [InlineData("a,b,c\n1,2,3", "header_wrong")]
    [InlineData("market,currency\nJapan,USD", "header_wrong")]
    public void What_is_no_rate_card_says_so(string card, string code) =>
        Read(card, October).Faults.ShouldHaveSingleItem().Code.ShouldBe(code);

    [Fact]
    public void Another_encoding_says_so() =>
        RateCard.Read([0x93, 0xFA, 0x96, 0x7B], null).Faults.ShouldHaveSingleItem().Code.ShouldBe("encoding");

    [Theory]
    [InlineData("8190", "JP")]
    [InlineData("5511", "BR")]
    [InlineData("1212", "US")]
    [InlineData("1242", "BS")]
    [InlineData("1416", "CA")]
    [InlineData("4420", "GB")]
    [InlineData("2348", "NG")]
    [InlineData("PT", "PT")]
    [InlineData("0000", null)]
    [InlineData(null, null)]
    public void A_customers_country_is_that_of_the_number(string? origin, string? country) =>
        Countries.OfOrigin(origin).ShouldBe(country);
}
