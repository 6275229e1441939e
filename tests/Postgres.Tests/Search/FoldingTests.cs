using CsCheck;
using Threadkeep.Search;

namespace Threadkeep.Postgres.Tests.Search;

public sealed class FoldingTests
{
    // What folding treats in its own way, and the neighbours that such things meet.
    private static readonly string[] Pieces =
    [
        .. Strings("aZsßẞ〜～~ İıſΣς09%_\\'\"ÅéñøЁй"),
        .. Strings("あかがぱゃっゔゝーアカガパャッヴヷヽｱｶﾊﾞﾟｰ゛゜々日本㍿㌔Ａ１％　"),
        .. Strings(
            "가각ㄱㅏㄳᄀ\u1161\u11A8ﾡￂ\u0301\u3099\u309A\u0327\u200B\u200D\u200E\u202E\u2066\uFE0F\uFEFF\uFFFE\u0000\u0001\t\r\n\u0085\u00A0\u00A8"
        ),
        .. Strings("שׁםّشﷺกำनि"),
        .. Strings("\uD800\uDC00"),
        "👍🏽",
        "👨‍👩‍👧",
        "🇯🇵",
        "𝔘",
        "𠮷",
        "\U000E0100",
        "\U0001FFFE",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1]
        .Array[0, 12]
        .Select(p => string.Concat(p.Select(n => Pieces[n])));

    private static IEnumerable<string> Strings(string characters) => characters.Select(c => c.ToString());

    [Theory]
    [InlineData("ＡＢＣ　ｄｅｆ", "abc def")]
    [InlineData("コーヒーメーカー", "こーひーめーかー")]
    [InlineData("ｺｰﾋｰ ｶﾞﾊﾟ", "こーひー がぱ")]
    [InlineData("か\u3099", "が")]
    [InlineData("か゛は゜", "がぱ")]
    [InlineData("ヴァイオリン", "ゔぁいおりん")]
    [InlineData("人々ヽ", "人々ヽ")]
    [InlineData("Crème Brûlée ÅNGSTRÖM", "creme brulee angstrom")]
    [InlineData("ΟΔΥΣΣΕΥΣ οδυσσεύς", "οδυσσευσ οδυσσευσ")]
    [InlineData("STRASSE Straße GROẞ", "strasse strasse gross")]
    [InlineData("10〜12時 10～12時 10~12時", "10~12時 10~12時 10~12時")]
    [InlineData("  a \t\r\n b　 ", "a b")]
    [InlineData("㍿山田", "株式会社山田")]
    [InlineData("i\u200Dn\u200Ev\u202Eo\uFE0Fice", "invoice")]
    [InlineData("한국어 \u1112\u1161\u11AB", "한국어 한")]
    [InlineData("👍🏽", "👍🏽")]
    [InlineData("นำ้", "นํา้")]
    [InlineData("\u0000\u0301\u200B", "")]
    public void What_is_the_same_to_people_is_folded_to_the_same(string text, string folded) =>
        Folding.Fold(text).ShouldBe(folded);

    [Fact]
    public void The_marks_that_make_another_sound_stay() => Folding.Fold("ハバパ").ShouldBe("はばぱ");

    [Fact]
    public void What_is_folded_stays_as_it_is() =>
        Texts.Sample(t => Folding.Fold(Folding.Fold(t)) == Folding.Fold(t), iter: 20_000, print: Codes);

    [Fact]
    public void Whole_words_found_in_the_original_are_found_in_the_folded_text() =>
        Gen.Select(Texts, Texts, Texts)
            .Sample(
                t =>
                {
                    // A word ends where the next begins with a character of its own.
                    var (before, word, after) = t;
                    return Folding
                        .Fold($"{before}.{word}.{after}")
                        .Contains(Folding.Fold($".{word}."), StringComparison.Ordinal);
                },
                iter: 20_000
            );

    [Fact]
    public void Places_in_the_original_hold_what_was_found_and_never_half_a_character() =>
        Gen.Select(Texts, Texts)
            .Sample(
                t =>
                {
                    var term = Folding.Fold(t.Item2).Replace(" ", "", StringComparison.Ordinal);
                    if (term.Length == 0)
                        return true;
                    var text = $"{t.Item1}.{t.Item2}";
                    var last = -1;
                    foreach (var (start, length) in FoldedText.Of(text).Find([term], 10))
                    {
                        if (start <= last || start + length > text.Length || length <= 0)
                            return false;
                        if (!Folding.Fold(text.Substring(start, length)).Contains(term, StringComparison.Ordinal))
                            return false;
                        last = start + length;
                    }
                    return true;
                },
                iter: 20_000
            );

    [Fact]
    public void Highlights_are_places_of_the_original()
    {
        const string text = "👍 ｶﾞｰﾄﾞのご注文、ガード２枚";
        var found = FoldedText.Of(text).Find([Folding.Fold("ガード"), Folding.Fold("注文")], 10);
        found.Select(f => text.Substring(f.Start, f.Length)).ShouldBe(["ｶﾞｰﾄﾞ", "注文", "ガード"]);
    }

    // One character that is found by half of what it folds to is marked as a whole.
    [Theory]
    [InlineData("große Straße", "STRASSE", "Straße")]
    [InlineData("große", "s", "ß")]
    [InlineData("渋谷〜新宿", "谷～新", "谷〜新")]
    [InlineData("👨‍👩‍👧‍👦 family", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦")]
    [InlineData("the 👨‍👩‍👧‍👦family", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦")]
    public void What_is_highlighted_is_what_was_found(string text, string word, string marked)
    {
        var (start, length) = FoldedText.Of(text).Find([Folding.Fold(word)], 10).ShouldHaveSingleItem();
        text.Substring(start, length).ShouldBe(marked);
    }

    // The index is folded anew by these two (ADR 096): it would go on for ever over a text that still has them.
    [Fact]
    public void What_an_earlier_version_left_as_it_was_is_in_nothing_that_is_folded() =>
        Texts.Sample(t => !Folding.Fold(t).AsSpan().ContainsAny('〜', 'ß'), iter: 20_000, print: Codes);

    [Fact]
    public void Pairs_stay_inside_words_and_a_later_time_has_no_earlier_week()
    {
        Grams.PairsIn("ab c").Count.ShouldBe(1);
        Grams.PairsIn("東京").Count.ShouldBe(1);
        Grams.PairsIn("👍👍").Count.ShouldBe(1);
        Gen.Select(Gen.DateTimeOffset, Gen.DateTimeOffset)
            .Sample((a, b) => a <= b == false || Grams.WeekOf(a) <= Grams.WeekOf(b));
    }

    private static string Codes(string text) => string.Join(' ', text.Select(c => ((int)c).ToString("X4", null)));
}
