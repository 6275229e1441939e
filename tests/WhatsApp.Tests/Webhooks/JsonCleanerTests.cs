using System.Text;
using System.Text.Json;
using CsCheck;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.WhatsApp.Tests.Webhooks;

public sealed class JsonCleanerTests
{
    [Theory]
    [InlineData("""{"t":"plain"}""", """{"t":"plain"}""")]
    [InlineData("""{"t":"a\u0000b"}""", """{"t":"a\ufffdb"}""")]
    [InlineData("""{"t":"\ud83d"}""", """{"t":"\ufffd"}""")]
    [InlineData("""{"t":"\ude00"}""", """{"t":"\ufffd"}""")]
    [InlineData("""{"t":"\ude00\ud83d"}""", """{"t":"\ufffd\ufffd"}""")]
    [InlineData("""{"t":"\ud83d\ud83d\ude00"}""", """{"t":"\ufffd\ud83d\ude00"}""")]
    [InlineData("""{"t":"\ud83d\u0000"}""", """{"t":"\ufffd\ufffd"}""")]
    [InlineData("""{"t":"\ud83d\n"}""", """{"t":"\ufffd\n"}""")]
    [InlineData("""{"t":"\uD83D\uDE00 \u00e1 \u0001"}""", """{"t":"\uD83D\uDE00 \u00e1 \u0001"}""")]
    [InlineData("""{"t":"\\u0000"}""", """{"t":"\\u0000"}""")] // an escaped backslash, then letters
    [InlineData("""{"t":"\\\u0000"}""", """{"t":"\\\ufffd"}""")]
    [InlineData("""{"t":"\\ud83d \"\u0000\""}""", """{"t":"\\ud83d \"\ufffd\""}""")]
    [InlineData("""{"\u0000":"name"}""", """{"\ufffd":"name"}""")]
    [InlineData("""{"t":"😀日本"}""", """{"t":"😀日本"}""")]
    [InlineData("\\", "\\")]
    [InlineData("\\u00", "\\u00")]
    [InlineData("\"\\ud83d\\u", "\"\\ufffd\\u")]
    [InlineData("", "")]
    public void What_cannot_be_stored_becomes_U_FFFD_and_nothing_else_changes(string body, string expected) =>
        Clean(Encoding.UTF8.GetBytes(body)).ShouldBe(expected);

    [Fact]
    public void Bytes_that_are_not_UTF8_become_U_FFFD()
    {
        Clean([.. "{\"t\":\"a"u8, 0xFF, .. "\"}"u8]).ShouldBe("{\"t\":\"a\uFFFD\"}");
        Clean([.. "{\"t\":\""u8, 0xED, 0xA0, 0xBD, .. "\"}"u8]).ShouldNotContain('\uD83D'); // a surrogate as bytes
        Clean([.. "{\"t\":\"\\u0000"u8, 0xC3, .. "\"}"u8]).ShouldBe("{\"t\":\"\\ufffd\uFFFD\"}");
    }

    [Fact]
    public void A_clean_body_reads_as_before_but_for_the_units_that_were_replaced() =>
        Gen.Frequency(
                (4, Gen.Char),
                (2, Gen.Char['\uD800', '\uDFFF']),
                (2, Gen.Char["\0\\\"u0/ a"]),
                (1, Gen.Const('\uFFFD'))
            )
            .Array[0, 40]
            .Sample(
                units =>
                {
                    var body = Encoding.UTF8.GetBytes($"{{\"t\":\"{Escape(units)}\"}}");
                    var length = body.Length;
                    var cleaned = JsonCleaner.Clean(body);
                    cleaned.Length.ShouldBe(length);
                    using var parsed = JsonDocument.Parse(cleaned);
                    parsed.RootElement.GetProperty("t").GetString().ShouldBe(Replaced(units));
                },
                print: units => Escape(units)
            );

    [Fact]
    public void Any_bytes_at_all_can_be_cleaned_and_are_clean_afterwards() =>
        Gen.Frequency((3, Gen.Byte), (2, Gen.OneOf("\\u0dD8cC"u8.ToArray())))
            .Array[0, 60]
            .Sample(bytes =>
            {
                var once = JsonCleaner.Clean(bytes.ToArray());
                Encoding.UTF8.GetString(once.Span).ShouldNotContain("\\u0000\\u0000\\u0000");
                System.Text.Unicode.Utf8.IsValid(once.Span).ShouldBeTrue();
                JsonCleaner.Clean(once.ToArray()).ToArray().ShouldBe(once.ToArray());
            });

    private static string Clean(byte[] body) => Encoding.UTF8.GetString(JsonCleaner.Clean(body).Span);

    // Every unit as an escape, so that lone surrogates can be written at all.
    private static string Escape(char[] units) => string.Concat(units.Select(u => $"\\u{(int)u:x4}"));

    private static string Replaced(char[] units)
    {
        var text = new StringBuilder();
        for (var n = 0; n < units.Length; n++)
        {
            if (char.IsHighSurrogate(units[n]) && n + 1 < units.Length && char.IsLowSurrogate(units[n + 1]))
                text.Append(units[n]).Append(units[++n]);
            else
                text.Append(units[n] == '\0' || char.IsSurrogate(units[n]) ? '\uFFFD' : units[n]);
        }
        return text.ToString();
    }
}
