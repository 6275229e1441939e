using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Strangers;

/// <summary>What the attacker has, and whom it is after.</summary>
/// <param name="Secret">Its own app secret.</param>
/// <param name="Number">Its own number.</param>
/// <param name="ApiKey">Its own API key.</param>
/// <param name="ForeignThread">A thread of somebody else's account.</param>
/// <param name="ForeignMessage">A message that was sent from there.</param>
public sealed record Attacker(
    string Secret,
    string Number,
    string ApiKey,
    string OwnThread,
    string ForeignThread,
    string ForeignMessage,
    string ForeignWamid,
    string ForeignCustomer
);

/// <summary>Makes attacks, the same ones for the same seed: malformed, oversized, deep, wrongly signed, compressed, cut off, aimed at others.</summary>
public sealed class Fuzzer(int seed, Attacker attacker)
{
    private const string Hooks = "/webhooks/whatsapp";

    // Whatever the framing, it is refused as the caller's mistake or by closing.
    private static readonly int[] Refusals = [0, 400, 401, 404, 405, 408, 411, 413, 414, 415, 431, 501, 505];

    private readonly Random dice = new(seed);
    private readonly OddJson odd = new(new Random(seed + 1));
    private int counter;

    public Attack Next() =>
        dice.Next(100) switch
        {
            < 38 => Signed("malformed, signed", odd.Of(Body())),
            < 42 => Signed("deep, signed", odd.Deep()),
            < 50 => Signed("aimed at another's number", Encoding.UTF8.GetBytes(AimedAtNumber())),
            < 56 => Signed("aimed at another's message", Encoding.UTF8.GetBytes(AimedAtMessage())),
            < 66 => WronglySigned(),
            < 70 => Compressed(),
            < 73 => CutOff(),
            < 74 => Large(),
            < 84 => BadHttp(),
            _ => Rest(),
        };

    // Webhooks ------------------------------------------------------------------------------------------------

    // Whatever it holds, it is kept and answered 200: else Meta would repeat it for days.
    private Attack Signed(string kind, byte[] body) => new(kind, Post(Hooks, body, Sign(body)), [200]);

    private JsonNode Body()
    {
        var messages = new JsonArray();
        for (var n = dice.Next(1, 4); n > 0; n--)
            messages.Add(Message());
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = "8150",
                ["phone_number_id"] = dice.Next(8) == 0 ? $"{dice.Next()}" : attacker.Number,
            },
            ["contacts"] = new JsonArray(
                new JsonObject
                {
                    ["profile"] = new JsonObject { ["name"] = "Stranger" },
                    ["wa_id"] = "81500000001",
                    ["user_id"] = "JP.Stranger",
                }
            ),
            ["messages"] = messages,
            ["statuses"] = new JsonArray(Status($"wamid.none{counter}", null)),
        };
        return Envelope(value);
    }

    private JsonObject Message()
    {
        var type = dice.Next(7) switch
        {
            0 => "image",
            1 => "reaction",
            2 => "system",
            3 => "interactive",
            4 => "hologram",
            _ => "text",
        };
        return new JsonObject
        {
            ["from"] = $"8150{dice.Next(50):0000000}",
            ["id"] = $"wamid.stranger{seed}.{counter++}",
            ["timestamp"] = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - dice.Next(3_600)}",
            ["type"] = type,
            [type] = new JsonObject
            {
                ["body"] = "Hello",
                ["id"] = "99",
                ["mime_type"] = "image/jpeg",
                ["emoji"] = "x",
                ["new_wa_id"] = $"8150{dice.Next(50):0000000}",
                ["button_reply"] = new JsonObject { ["title"] = "Yes" },
            },
        };
    }

    private static JsonObject Status(string wamid, string? callback) =>
        new()
        {
            ["id"] = wamid,
            ["status"] = "failed",
            ["timestamp"] = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}",
            ["biz_opaque_callback_data"] = callback,
            ["errors"] = new JsonArray(new JsonObject { ["code"] = 131026, ["title"] = "Forged" }),
        };

    private static JsonObject Envelope(JsonObject value) =>
        new()
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "1",
                    ["changes"] = new JsonArray(new JsonObject { ["field"] = "messages", ["value"] = value }),
                }
            ),
        };

    // A well-formed message or status for a number of another account, signed with the attacker's own secret.
    private string AimedAtNumber()
    {
        var message = Message();
        if (dice.Next(2) == 0)
            message["from"] = attacker.ForeignCustomer;
        return Envelope(
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["phone_number_id"] = Meta.PhoneNumberId },
                    ["messages"] = new JsonArray(message),
                    ["statuses"] = new JsonArray(Status(attacker.ForeignWamid, attacker.ForeignMessage)),
                }
            )
            .ToJsonString();
    }

    // Through the attacker's own number: statuses that name another account's message.
    private string AimedAtMessage() =>
        Envelope(
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["phone_number_id"] = attacker.Number },
                    ["statuses"] = new JsonArray(
                        Status(attacker.ForeignWamid, attacker.ForeignMessage),
                        Status($"wamid.x{counter++}", attacker.ForeignMessage),
                        Status(attacker.ForeignWamid, null)
                    ),
                }
            )
            .ToJsonString();

    private Attack WronglySigned()
    {
        var body = Encoding.UTF8.GetBytes(Body().ToJsonString());
        var right = Sign(body);
        var signature = dice.Next(8) switch
        {
            0 => null,
            1 => "",
            2 => right[..^1],
            3 => right.Replace("sha256=", "sha1=", StringComparison.Ordinal),
            4 => right[..^1] + "g",
            5 => $"{right}, {right}",
            6 => Sign(body, "guessed"),
            _ => Sign(body[..^1]),
        };
        return new Attack("wrongly signed", Post(Hooks, body, signature), [401]);
    }

    private Attack Compressed()
    {
        using var packed = new MemoryStream();
        // A megabyte of blanks in a kilobyte, or an honest body.
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(dice.Next(2) == 0 ? new byte[1_048_576] : Encoding.UTF8.GetBytes(Body().ToJsonString()));
        var body = packed.ToArray();
        var encoding = dice.Next(3) switch
        {
            0 => "br",
            1 => "gzip, gzip",
            _ => "gzip",
        };
        return new Attack("compressed", Post(Hooks, body, Sign(body), $"Content-Encoding: {encoding}\r\n"), [415]);
    }

    private Attack CutOff()
    {
        var whole = Post(Hooks, Encoding.UTF8.GetBytes(Body().ToJsonString()), null);
        return new Attack("cut off", whole[..dice.Next(1, whole.Length)], [], HangsUp: true);
    }

    private Attack Large()
    {
        var signature = Sign([]);
        if (dice.Next(2) == 0)
            return new Attack(
                "oversized, promised",
                Head(Hooks, signature, $"Content-Length: {dice.NextInt64(4 * 1024 * 1024 + 1, long.MaxValue)}\r\n"),
                [413, 400]
            );
        var size = dice.Next(4_300_000, 5_000_000);
        var chunks = new List<byte>(Head(Hooks, signature, "Transfer-Encoding: chunked\r\n"));
        chunks.AddRange(Encoding.ASCII.GetBytes($"{size:x}\r\n"));
        chunks.AddRange(new byte[size]);
        chunks.AddRange("\r\n0\r\n\r\n"u8);
        return new Attack("oversized, chunked", [.. chunks], [413, 0]);
    }

    // HTTP ----------------------------------------------------------------------------------------------------

    private Attack BadHttp()
    {
        var body = Encoding.UTF8.GetBytes(Body().ToJsonString());
        var signature = Sign(body);
        var text = Encoding.UTF8.GetString(body);
        var request = dice.Next(16) switch
        {
            0 => "\r\n\r\n\r\n\r\nGET\r\n\r\n",
            1 => $"POST {Hooks} HTTP/9.9\r\nHost: x\r\n\r\n",
            2 => $"P\0ST {Hooks} HTTP/1.1\r\nHost: x\r\n\r\n",
            3 => $"POST {Hooks}/{new string('k', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            4 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nX: {new string('y', 40_000)}\r\n\r\n",
            5 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\n{Headers(150)}\r\n",
            6 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
            7 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
            8 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            9 => $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            10 =>
                $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{text}",
            11 =>
                $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature}\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            12 =>
                $"POST {Hooks} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature}\r\nTransfer-Encoding: gzip, gzip\r\n\r\n",
            13 => $"POST {Hooks}/%00%ff%2e%2e HTTP/1.1\r\nHost: \0\r\n\r\n",
            14 => $"PUT {Hooks} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}",
            _ =>
                $"GET {Hooks}?hub.mode=subscribe&hub.verify_token=%00%ed%a0%80&hub.challenge={new string('c', 100)} HTTP/1.1\r\nHost: x\r\n\r\n",
        };
        return new Attack("bad HTTP", Encoding.Latin1.GetBytes(request), [.. Refusals, 403], HangsUp: false);

        static string Headers(int count) =>
            string.Concat(
                Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"X-{n}: {n}\r\n"))
            );
    }

    // REST, with a key of the attacker's own ------------------------------------------------------------------

    private Attack Rest()
    {
        var id = dice.Next(5) switch
        {
            0 => attacker.OwnThread,
            1 => attacker.ForeignThread,
            2 => "%00",
            3 => new string('0', 32),
            _ => Odd(),
        };
        var message = dice.Next(3) switch
        {
            0 => attacker.ForeignMessage,
            1 => Odd(),
            _ => $"{attacker.OwnThread}-1",
        };
        var (method, path) = dice.Next(18) switch
        {
            0 => ("GET", $"threads?q={Odd()}&limit={dice.Next(-1, 300)}"),
            1 => ("GET", $"threads?cursor={Odd()}"),
            2 => ("GET", $"threads?filter={Odd()}&channelId={Odd()}"),
            3 => ("GET", $"threads/{id}"),
            4 => ("GET", $"threads/{id}/messages?before={Odd()}&order=desc&include={Odd()}"),
            5 => ("GET", $"threads/{id}/messages/{message}"),
            6 => ("POST", $"threads/{id}/read"),
            7 => ("POST", $"threads/{id}/messages"),
            8 => ("POST", $"threads/{id}/messages/{message}/send-again"),
            9 => ("POST", $"threads/{id}/messages/{message}/cancel"),
            10 => ("GET", $"media/{Odd()}"),
            11 => ("POST", "media"),
            12 => ("PUT", "quota/settings"),
            13 => ("GET", $"leftovers?cursor={Odd()}&limit=3"),
            14 => ("POST", $"leftovers/{Odd()}/replay"),
            15 => ("POST", "threads/versions"),
            16 => ("PATCH", "me"),
            _ => ("GET", $"templates?channelId={Odd()}&q={Odd()}"),
        };
        var body =
            method == "GET" ? []
            : dice.Next(4) == 0 ? odd.Deep()
            : odd.Of(RestBody());
        var type = dice.Next(16) switch
        {
            0 => "text/plain",
            1 => "multipart/form-data; boundary=x",
            2 => "application/json; charset=klingon",
            _ => "application/json",
        };
        var key = dice.Next(5) == 0 ? Odd() : $"k{seed}-{counter++}";
        var head =
            $"{method} /api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {attacker.ApiKey}\r\n"
            + $"Idempotency-Key: {key}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n";
        return new Attack("REST", [.. Encoding.Latin1.GetBytes(head), .. body], []);
    }

    private JsonObject RestBody() =>
        dice.Next(3) switch
        {
            0 => new JsonObject
            {
                ["type"] = "template",
                ["template"] = new JsonObject
                {
                    ["name"] = "x",
                    ["language"] = new JsonObject { ["code"] = "ja" },
                    ["components"] = new JsonArray(
                        new JsonObject { ["type"] = "body", ["parameters"] = new JsonArray() }
                    ),
                },
            },
            1 => new JsonObject
            {
                ["type"] = "image",
                ["image"] = new JsonObject { ["id"] = new string('a', 64) },
                ["upTo"] = attacker.ForeignMessage,
                ["ids"] = new JsonArray(attacker.ForeignThread, null, 7),
            },
            _ => new JsonObject
            {
                ["limit"] = dice.Next(),
                ["anniversaryDay"] = dice.Next(-5, 40),
                ["timeZone"] = "Mars/Olympus",
                ["language"] = "xx",
                ["upTo"] = "x",
                ["ids"] = new JsonArray("x"),
            },
        };

    private string Odd() =>
        dice.Next(12) switch
        {
            0 => "%00",
            1 => "%ed%a0%80",
            2 => "%ff%fe",
            3 => "'%3b--",
            4 => new string('9', dice.Next(1, 400)),
            5 => "%F0%9F%98%80%EF%BF%BF",
            6 => Convert.ToHexString(Bytes(16)),
            7 => Convert.ToBase64String(Bytes(dice.Next(1, 40))).Replace('+', '-').Replace('/', '_'),
            8 => "..%2f..%2fetc%2fpasswd",
            9 => "%25%5f%5c",
            10 => "-1",
            _ => $"{attacker.ForeignThread}-{dice.Next(5)}",
        };

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        dice.NextBytes(bytes);
        return bytes;
    }

    // The wire ------------------------------------------------------------------------------------------------

    private string Sign(byte[] body, string? secret = null) => SignWith(secret ?? attacker.Secret, body);

    /// <summary>Meta's signature over a body.</summary>
    public static string SignWith(string secret, byte[] body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    /// <summary>A POST as it goes over the wire.</summary>
    public static byte[] Post(string path, byte[] body, string? signature, string more = "") =>
        [.. Head(path, signature, $"Content-Length: {body.Length}\r\n{more}"), .. body];

    private static byte[] Head(string path, string? signature, string more) =>
        Encoding.Latin1.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + (signature is null ? "" : $"X-Hub-Signature-256: {signature}\r\n")
                + $"{more}\r\n"
        );
}
