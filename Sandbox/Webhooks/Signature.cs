using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>The value of <c>X-Hub-Signature-256</c>.</summary>
public static class Signature
{
    public static string Of(string appSecret, ReadOnlySpan<byte> body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body));
}
