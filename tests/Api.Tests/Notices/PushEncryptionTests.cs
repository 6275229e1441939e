using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Threadkeep.Notices.Push;

namespace Threadkeep.Api.Tests.Notices;

public sealed class PushEncryptionTests
{
    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    [Fact]
    public void The_example_of_RFC_8291_comes_out_to_the_byte()
    {
        // RFC 8291, section 5 and appendix A.
        using var server = ECDiffieHellman.Create(
            PushEncryption.ParametersOf(
                Bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
                Bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
            )
        );
        var body = PushEncryption.Encrypt(
            "When I grow up, I want to be a watermelon"u8,
            Bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            Bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            server,
            Bytes("DGv6ra1nlYgDCS1FRnbzlw")
        );
        Base64Url
            .EncodeToString(body)
            .ShouldBe(
                "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
            );
    }

    [Fact]
    public void What_is_encrypted_is_read_by_the_browser_it_is_for_and_no_other()
    {
        for (var length = 0; length < 300; length += 13)
        {
            using var browser = new PushBrowser();
            using var other = new PushBrowser();
            var sent = RandomNumberGenerator.GetBytes(length);
            var body = PushEncryption.Encrypt(sent, browser.PublicKey, browser.Auth);
            browser.Read(body).ShouldBe(sent);
            Should.Throw<CryptographicException>(() => other.Read(body));
        }
    }

    [Fact]
    public void What_is_too_long_for_a_push_service_is_not_encrypted_and_what_fits_is_4096_bytes_at_most()
    {
        using var browser = new PushBrowser();
        PushEncryption
            .Encrypt(new byte[PushEncryption.LongestText], browser.PublicKey, browser.Auth)
            .Length.ShouldBe(4_096);
        Should.Throw<ArgumentException>(() =>
            PushEncryption.Encrypt(new byte[PushEncryption.LongestText + 1], browser.PublicKey, browser.Auth)
        );
        Should.Throw<CryptographicException>(() => PushEncryption.Encrypt([], new byte[65], browser.Auth));
    }

    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc", true)]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/abc", true)]
    [InlineData("http://fcm.googleapis.com/fcm/send/abc", false)]
    [InlineData("https://user@fcm.googleapis.com/", false)]
    [InlineData("https://fcm.googleapis.com:8443/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://intranet/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://", false)]
    public void An_endpoint_is_https_and_in_the_public_internet(string endpoint, bool allowed) =>
        (PushAddresses.Read(endpoint, new PushOptions()) is not null).ShouldBe(allowed);

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:192.168.1.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void Addresses_of_this_machine_and_of_networks_are_not_public(string address, bool isPublic) =>
        PushAddresses.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public async Task A_name_that_means_this_machine_is_not_connected_to()
    {
        // Looked at at each connection: what a name means may change after the subscription was taken.
        using var http = new HttpClient(PushAddresses.NewHandler(new PushOptions()));
        var refused = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync("http://localhost:9/"));
        refused.ToString().ShouldContain("no public address");
    }
}
