using System.Diagnostics;
using CsCheck;
using Threadkeep.Quarantine;

namespace Threadkeep.Postgres.Tests.Quarantine;

public sealed class ContentRulesTests
{
    private static readonly ContentSettings Everything = new()
    {
        MyNumber = ContentEffect.Mask,
        Cpf = ContentEffect.Mask,
        Cnpj = ContentEffect.Mask,
        OwnDomains = ["threadkeep-shop.co.jp"],
        BlockedDomains = ["evil.example"],
    };

    private static Judgement? Judge(string text, ContentSettings? settings = null) =>
        new ContentRules(settings ?? Everything).Judge(new ContentFacts(text, null, null, null));

    [Theory]
    [InlineData("please look at https://paypal.com.secure-check.example/login")]
    [InlineData("http://203.0.113.7/parcel")]
    [InlineData("https://amazon.co.jp@parcel.example/x")]
    [InlineData("amazon-login.example now")]
    [InlineData("go to www.evil.example")]
    [InlineData("http://3232235777/")]
    [InlineData("http://3232235777")]
    [InlineData("https://login@0xC0A80101/x")]
    [InlineData("http://0300.0250.0.1/")]
    [InlineData("http://[::ffff:203.0.113.7]/")]
    [InlineData("HTTPS://[2001:DB8::1]:8443/a")]
    [InlineData("www。evil。example を")]
    [InlineData("www．evil．example")]
    [InlineData("www｡evil｡example")]
    [InlineData("ｈｔｔｐ：／／２０３．０．１１３．７／")]
    [InlineData("こちらです。http://203.0.113.7/")]
    [InlineData("amazon.co.jp。check.example")]
    public void Links_that_pretend_are_quarantined(string text)
    {
        var judged = Judge(text).ShouldNotBeNull();
        (judged.Effect, judged.Rules.Single()).ShouldBe((ContentEffect.Quarantine, ContentRules.Phishing));
    }

    [Theory]
    [InlineData("https://paypa1.com")]
    [InlineData("https://www.pаypal.com/")] // a Cyrillic а
    [InlineData("https://xn--pypal-4ve.com/")]
    [InlineData("rnercari.com")]
    [InlineData("https://arnazon.co.jp/gp")]
    [InlineData("http://threadkeep-sh0p.co.jp")]
    [InlineData("gооgle.com")]
    [InlineData("paypa1。com")]
    public void Domains_that_imitate_a_known_one_or_the_accounts_own_are_quarantined(string text)
    {
        var judged = Judge(text).ShouldNotBeNull(text);
        judged.Rules.ShouldBe([ContentRules.Lookalike]);
    }

    [Theory]
    [InlineData("https://www.amazon.co.jp/dp/B000000")]
    [InlineData("see www.paypal.com, google.de and docs.google.com.")]
    [InlineData("https://threadkeep-shop.co.jp/order/1")]
    [InlineData("mail me at yui@gmail.com")]
    [InlineData("version 1.2.3.4 of file.pdf, at 10.30 a.m.")]
    [InlineData("お店は渋谷です。https://example.jp/地図")]
    [InlineData("https://日本語.jp/ and https://müller.de")]
    [InlineData("PayPalで払いました。ありがとう。paypal.com。よろしく。")]
    [InlineData("番号は 3232235777 です。http://localhost/ と order://12345")]
    [InlineData("time 12://30, http://123abc and [::1]")]
    [InlineData("見てください。https://www.amazon.co.jp/dp/B000000。")]
    public void Honest_links_and_dots_are_left_alone(string text) => Judge(text).ShouldBeNull();

    [Theory]
    [InlineData("one apple two Banana APPLE three", "one ••••• two •••••• ••••• three")]
    [InlineData("look 🍆 here", "look •• here")]
    [InlineData("pin1234 and pin5678", "••••••• and •••••••")]
    public void Every_place_of_every_word_is_masked(string text, string expected)
    {
        var settings = new ContentSettings
        {
            Own =
            [
                new OwnRule("words", ["apple", "banana", "🍆"], null, ContentEffect.Mask),
                new OwnRule("pins", [], "pin[0-9]{4}", ContentEffect.Mask),
            ],
        };
        Judge(text, settings).ShouldNotBeNull().Masked(text).ShouldBe(expected);
    }

    [Fact]
    public void A_word_that_stands_somewhere_in_other_signs_hides_the_whole() =>
        Judge(
            "apple and ａｐｐｌｅ",
            new ContentSettings { Own = [new OwnRule("words", ["apple"], null, ContentEffect.Mask)] }
        )!
            .Effect.ShouldBe(ContentEffect.Quarantine);

    [Fact]
    public void What_stands_behind_a_long_text_is_found_too() =>
        Judge(string.Concat(Enumerable.Repeat("a ", 8_000)) + "4111 1111 1111 1111").ShouldNotBeNull();

    [Theory]
    [InlineData("d.exe\u200B")]
    [InlineData("f.exe\u3000")]
    [InlineData("n.ｅｘｅ")]
    [InlineData("x.exe.")]
    public void A_name_that_only_seems_to_end_otherwise_is_an_executables(string name) =>
        ContentRules.IsExecutable(name, null).ShouldBeTrue();

    [Fact]
    public void A_number_in_a_files_name_is_found() =>
        ContentRules
            .Default.Judge(new ContentFacts(null, "4111111111111111.txt", "text/plain", null))
            .ShouldNotBeNull()
            .Effect.ShouldBe(ContentEffect.Mask);

    [Theory]
    [InlineData("my card is 4111 1111 1111 1111 thanks", "my card is •••• •••• •••• 1111 thanks")]
    [InlineData("4111-1111-1111-1111 12/29 123", "••••-••••-••••-1111 12/29 123")]
    [InlineData("４１１１１１１１１１１１１１１１", "••••••••••••１１１１")]
    [InlineData("カード378282246310005です", "カード•••••••••••0005です")]
    public void Cards_are_masked_but_for_their_last_figures(string text, string masked)
    {
        var judged = Judge(text).ShouldNotBeNull(text);
        judged.Effect.ShouldBe(ContentEffect.Mask);
        judged.Masked(text).ShouldBe(masked);
    }

    [Theory]
    [InlineData("4111 1111 1111 1112")] // the check digit is wrong
    [InlineData("call +81 90 1234 5678 or 5511987654321")]
    [InlineData("order 0000000000000000")]
    [InlineData("tracking 4111111111111111ABC")]
    public void Other_numbers_are_no_cards(string text) => Judge(text, ContentSettings.Default).ShouldBeNull();

    [Theory]
    [InlineData("123456789018", ContentRules.JapaneseNumber)]
    [InlineData("1234-5678-9018", ContentRules.JapaneseNumber)]
    [InlineData("529.982.247-25", ContentRules.BrazilianPerson)]
    [InlineData("11.222.333/0001-81", ContentRules.BrazilianCompany)]
    [InlineData("12.ABC.345/01DE-35", ContentRules.BrazilianCompany)]
    public void Identity_numbers_are_known_by_their_check_digits_and_off_unless_wanted(string number, string rule)
    {
        Judge($"it is {number} ok").ShouldNotBeNull(number).Rules.ShouldBe([rule]);
        Judge($"it is {number} ok", ContentSettings.Default).ShouldBeNull();
        var wrong = number[..^1] + (char)('0' + (number[^1] - '0' + 1) % 10);
        Judge($"it is {wrong} ok").ShouldBeNull(wrong);
    }

    [Fact]
    public void A_masked_number_never_stands_in_the_text_whatever_is_around_it() =>
        Gen.Select(Gen.String[0, 30], Gen.String[0, 30], (before, after) => (before + " ", " " + after))
            .Sample(around =>
            {
                const string Card = "4111111111111111";
                var text = around.Item1 + Card + around.Item2;
                if (Judge(text) is { Effect: ContentEffect.Mask } judged)
                    judged.Masked(text).ShouldNotContain(Card);
            });

    [Fact]
    public void No_text_throws_or_takes_long()
    {
        Gen.String[0, 500].Sample(text => Judge(text));
        var long_ = string.Concat(Enumerable.Repeat("a.b-c@d.e/f 4111 ", 4_000));
        var begun = Stopwatch.GetTimestamp();
        Judge(long_);
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("invoice.pdf.exe", null)]
    [InlineData("setup.MSI", null)]
    [InlineData("book.xlsm", null)]
    [InlineData("app", "application/vnd.android.package-archive")]
    public void Files_that_run_are_known_by_name_and_type(string name, string? mime) =>
        ContentRules.IsExecutable(name, mime).ShouldBeTrue();

    [Theory]
    [InlineData("invoice.pdf", "application/pdf")]
    [InlineData("photo.jpg", "image/jpeg")]
    [InlineData("table.xlsx", null)]
    [InlineData(null, null)]
    public void Other_files_are_left_alone(string? name, string? mime) =>
        ContentRules.IsExecutable(name, mime).ShouldBeFalse();

    [Fact]
    public void Own_words_are_found_whatever_their_width_and_case_and_the_strongest_rule_decides()
    {
        var settings = ContentSettings.Default with
        {
            Own =
            [
                new OwnRule("Rivals", ["ライバル社"], null, ContentEffect.Mark),
                new OwnRule("Codes", [], @"\bsecret-\d{4}\b", ContentEffect.Mask),
                new OwnRule("Idle", ["hello"], null, ContentEffect.Off),
            ],
        };
        Judge("ﾗｲﾊﾞﾙ社の製品", settings).ShouldNotBeNull().Rules.ShouldBe(["own:Rivals"]);
        Judge("ライバル社 SECRET-1234!", settings)!
            .Masked("ライバル社 SECRET-1234!")
            .ShouldBe("ライバル社 ••••••-••••!");
        var both = Judge("ライバル社 http://203.0.113.7/", settings)!;
        (both.Effect, both.Rules.Single()).ShouldBe((ContentEffect.Quarantine, ContentRules.Phishing));
        Judge("hello", settings).ShouldBeNull();
        Should.Throw<ArgumentException>(() => new OwnRule("Bad", [], "(", ContentEffect.Mark).Expression());
        Should.Throw<NotSupportedException>(() => new OwnRule("Back", [], @"(a)\1", ContentEffect.Mark).Expression());
    }

    [Fact]
    public void A_code_of_Metas_is_trouble_only_where_the_account_says_so()
    {
        var facts = new ContentFacts("hello", null, null, 131051);
        ContentRules.Default.Judge(facts).ShouldBeNull();
        new ContentRules(ContentSettings.Default with { ErrorCodes = [131051] })
            .Judge(facts)
            .ShouldNotBeNull()
            .Rules.ShouldBe([ContentRules.MetaCode]);
    }

    [Fact]
    public void Settings_are_read_as_they_were_written()
    {
        var settings = Everything with
        {
            Own = [new OwnRule("One", ["a"], null, ContentEffect.Mark)],
            ErrorCodes = [1],
        };
        ContentSettings.Read(settings.ToJson()).ToJson().ShouldBe(settings.ToJson());
        ContentSettings.Read(null).ShouldBe(ContentSettings.Default);
    }
}
