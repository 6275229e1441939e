using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Threadkeep.Bench.Load;

/// <summary>
/// A webhook's request, written once: only what differs from one to the next is put in anew, and the signature.
/// Not for two threads at once.
/// </summary>
internal sealed class Webhook
{
    /// <summary>As long as every wamid that is put in.</summary>
    public const string Wamid = "wamid.00000000000000000000";

    private const string Customer = "351900000000";
    private const string Signature = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string MessageId = "00000000000000000000000000000000-0";
    private const string Stamp = "1111111111";

    private readonly byte[] request;
    private readonly int body;
    private readonly int signature;
    private readonly byte[] secret = BenchSettings.Secret;
    private readonly int[] wamids;
    private readonly int[] customers;
    private readonly int[] messageIds;
    private readonly int[] stamps;

    private Webhook(Uri url, string value)
    {
        var json =
            $$$"""{"object":"whatsapp_business_account","entry":[{"id":"880011223344556","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"351210000001","phone_number_id":"{{{BenchSettings.PhoneNumberId}}}"},{{{value}}}}}]}]}""";
        var head =
            $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\n"
            + $"X-Hub-Signature-256: sha256={Signature}\r\nContent-Length: {json.Length}\r\n\r\n";
        request = Encoding.ASCII.GetBytes(head + json);
        body = head.Length;
        signature = head.IndexOf(Signature, StringComparison.Ordinal);
        wamids = Places(head + json, Wamid);
        customers = Places(head + json, Customer);
        messageIds = Places(head + json, MessageId);
        stamps = Places(head + json, Stamp);
    }

    /// <summary>A webhook with this many text messages, each of another customer.</summary>
    public static Webhook Messages(Uri url, int count)
    {
        var contacts = Enumerable.Repeat(
            $$$"""{"profile":{"name":"Rita Mar"},"wa_id":"{{{Customer}}}","user_id":"PT.{{{Customer}}}"}""",
            count
        );
        var messages = Enumerable.Repeat(
            $$$"""{"from":"{{{Customer}}}","from_user_id":"PT.{{{Customer}}}","id":"{{{Wamid}}}","timestamp":"{{{Stamp}}}","type":"text","text":{"body":"Is my order on its way? I have been waiting since Monday and the page says nothing new."}}""",
            count
        );
        return new Webhook(
            url,
            $"\"contacts\":[{string.Join(',', contacts)}],\"messages\":[{string.Join(',', messages)}]"
        );
    }

    /// <summary>A webhook with one status of one message.</summary>
    /// <param name="stage">sent, delivered or read.</param>
    public static Webhook Status(Uri url, string stage) =>
        new(
            url,
            $$$"""
            "statuses":[{"id":"{{{Wamid}}}","status":"{{{stage}}}","timestamp":"{{{Stamp}}}","recipient_id":"{{{Customer}}}","biz_opaque_callback_data":"{{{MessageId}}}","conversation":{"id":"c0ffee00c0ffee00c0ffee00","origin":{"type":"service"}},"pricing":{"billable":false,"pricing_model":"PMP","category":"service"}}]
            """.Trim()
        );

    /// <summary>Puts a message in. The contacts come first in the body, then the messages.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="count">How many messages the webhook has.</param>
    public void PutMessage(int index, int count, string wamid, int customer, long seconds)
    {
        Put(wamids[index], wamid);
        PutStamp(stamps[index], seconds);
        // Each contact and each message names its customer twice.
        PutCustomer(customers[index * 2], customer);
        PutCustomer(customers[index * 2 + 1], customer);
        PutCustomer(customers[(count + index) * 2], customer);
        PutCustomer(customers[(count + index) * 2 + 1], customer);
    }

    public void PutStatus(string wamid, int customer, string messageId, long seconds)
    {
        Put(wamids[0], wamid);
        PutCustomer(customers[0], customer);
        Put(messageIds[0], messageId);
        PutStamp(stamps[0], seconds);
    }

    /// <summary>The request as it stands, signed.</summary>
    public ReadOnlyMemory<byte> Sign()
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret, request.AsSpan(body), hash);
        Convert.TryToHexStringLower(hash, request.AsSpan(signature, 64), out _);
        return request;
    }

    private void Put(int place, string text) => Encoding.ASCII.GetBytes(text, request.AsSpan(place));

    private void PutStamp(int place, long seconds) =>
        Utf8Formatter.TryFormat(seconds, request.AsSpan(place, 10), out _);

    private void PutCustomer(int place, int customer) =>
        Utf8Formatter.TryFormat(customer, request.AsSpan(place + 4), out _, new System.Buffers.StandardFormat('D', 8));

    private static int[] Places(string text, string what)
    {
        var places = new List<int>();
        for (
            var at = text.IndexOf(what, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(what, at + 1, StringComparison.Ordinal)
        )
            places.Add(at);
        return [.. places];
    }
}
