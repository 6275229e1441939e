using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Webhooks;

namespace Threadkeep.Sandbox.Tests.Webhooks;

public sealed class SignatureTests
{
    [Theory]
    [InlineData(
        """{"object":"whatsapp_business_account"}""",
        "sha256=b6978b21c4467654c466607663db9b43fae44b71083568df403e0a077089208e"
    )]
    [InlineData(
        """{"object":"whatsapp_business_account","t":"ol\u00e1 \ud83d\ude00"}""",
        "sha256=827bc8d903695095a7ed54c8c034d75915533dbd9580877cf17b84f5a3286961"
    )]
    public void The_signature_is_made_over_the_bytes(string body, string expected) =>
        Signature.Of("test-app-secret", Encoding.ASCII.GetBytes(body)).ShouldBe(expected);

    [Fact]
    public void What_is_not_ascii_is_escaped_in_lower_case_and_slashes_are_not()
    {
        var body = new JsonObject { ["t"] = "äöå/<&>@+'\" 日本 😀\u007f\u0001\\u00E4" };
        Encoding
            .ASCII.GetString(MetaJson.ToBytes(body))
            .ShouldBe("""{"t":"\u00e4\u00f6\u00e5/<&>@+'\" \u65e5\u672c \ud83d\ude00\u007f\u0001\\u00E4"}""");
    }

    [Fact]
    public void The_escaped_bytes_of_the_second_vector_are_what_the_sandbox_writes() =>
        Signature
            .Of(
                "test-app-secret",
                MetaJson.ToBytes(new JsonObject { ["object"] = "whatsapp_business_account", ["t"] = "olá 😀" })
            )
            .ShouldBe("sha256=827bc8d903695095a7ed54c8c034d75915533dbd9580877cf17b84f5a3286961");
}
