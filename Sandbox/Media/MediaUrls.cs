using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;

namespace Threadkeep.Sandbox.Media;

/// <summary>Signed addresses of files, valid for five minutes, as Meta hands them out.</summary>
public sealed class MediaUrls(IOptions<SandboxOptions> options, IServer server, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public string Of(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var until = (time.GetUtcNow() + Life).ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{PublicUrl}/whatsapp_business/attachments/?mid={item.Id}&ext={until}&hash={Hash(item.Id, until)}"
        );
    }

    public bool IsValid(string mid, long ext, string hash) =>
        time.GetUtcNow().ToUnixTimeSeconds() < ext
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(hash),
            Encoding.ASCII.GetBytes(Hash(mid, ext))
        );

    /// <summary>Where the Sandbox is reached, without a slash at the end.</summary>
    public string PublicUrl =>
        (
            string.IsNullOrEmpty(options.Value.PublicUrl)
                ? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ""
                : options.Value.PublicUrl
        ).TrimEnd('/');

    private string Hash(string mid, long ext)
    {
        var key = Encoding.UTF8.GetBytes(options.Value.AppSecret);
        var text = string.Create(CultureInfo.InvariantCulture, $"{mid} {ext}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))[..32];
    }
}
