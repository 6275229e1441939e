using System.Text;
using CsCheck;
using Threadkeep.WhatsApp.Webhooks;

namespace Threadkeep.WhatsApp.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Plain = """{"object":"whatsapp_business_account"}""";
    private const string PlainSignature = "sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e";

    private static readonly byte[] Secret = "test-app-secret"u8.ToArray();

    [Theory]
    [InlineData(Plain, PlainSignature)]
    [InlineData(
        """{"object":"whatsapp_business_account","t":"ol\u00e1 \ud83d\ude00"}""",
        "sha256=827bc8d903695095a7ed54c8c034d75915533dbd9580877cf17b84f5a3286961"
    )]
    public void Metas_own_signature_is_recognised(string body, string signature) =>
        IsValid(body, signature).ShouldBeTrue();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e")]
    [InlineData("sha1=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e")]
    [InlineData("SHA256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e")]
    [InlineData("sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a07708920")]
    [InlineData("sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e00")]
    [InlineData("sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a07708920 e")]
    [InlineData("sha256=zz978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e")]
    [InlineData("sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a07708920８e")]
    public void Anything_that_is_not_a_signature_is_refused(string? header) => IsValid(Plain, header).ShouldBeFalse();

    [Fact]
    public void A_change_of_one_bit_anywhere_is_noticed() =>
        Gen.Select(Gen.Int[0, Plain.Length - 1], Gen.Int[0, 7])
            .Sample(
                (at, bit) =>
                {
                    var body = Encoding.ASCII.GetBytes(Plain);
                    body[at] ^= (byte)(1 << bit);
                    WebhookSignature.IsValid(Secret, body, PlainSignature).ShouldBeFalse();
                }
            );

    [Fact]
    public void A_signature_with_one_other_digit_is_refused() =>
        Gen.Select(Gen.Int[7, 70], Gen.Char["0123456789abcdef"])
            .Sample(
                (at, digit) =>
                {
                    var header = PlainSignature.ToCharArray();
                    header[at] = digit;
                    IsValid(Plain, new string(header)).ShouldBe(PlainSignature[at] == digit);
                }
            );

    [Fact]
    public void Another_secret_or_a_longer_body_is_refused()
    {
        WebhookSignature.IsValid("test-app-secre"u8, Encoding.ASCII.GetBytes(Plain), PlainSignature).ShouldBeFalse();
        WebhookSignature.IsValid([], Encoding.ASCII.GetBytes(Plain), PlainSignature).ShouldBeFalse();
        IsValid(Plain + " ", PlainSignature).ShouldBeFalse();
        IsValid("", PlainSignature).ShouldBeFalse();
    }

    private static bool IsValid(string body, string? header) =>
        WebhookSignature.IsValid(Secret, Encoding.UTF8.GetBytes(body), header);
}
