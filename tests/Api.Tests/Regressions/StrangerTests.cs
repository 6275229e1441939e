using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Regressions;

/// <summary>What odd bodies found, so that it stays mended.</summary>
[Collection(nameof(RealTime))]
public sealed class StrangerTests(RealTime product)
{
    /// <summary>Each was a statement of its own: the deadline passed every time, and Meta repeated it for days.</summary>
    [Fact]
    public async Task Thousands_of_statuses_that_no_message_has_are_kept_within_the_deadline()
    {
        var office = await product.OfficeAsync();
        var statuses = Enumerable
            .Range(0, 9_000)
            .Select(n => Hook.Status($"wamid.NOBODYS{n}", "read", product.Now))
            .ToArray();

        (await office.StatusesAsync(statuses)).ShouldBe(200);

        (await office.CountAsync("webhook_leftovers", "kind = 'status'")).ShouldBe(9_000);
    }

    [Fact]
    public async Task A_body_of_more_items_than_Meta_ever_sends_is_one_leftover()
    {
        var office = await product.OfficeAsync();
        var body = Encoding.UTF8.GetBytes(
            $$$"""
            {"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"{{{office.Number}}}"},"statuses":[
            """
                + string.Join(',', Enumerable.Repeat("{}", 10_001))
                + "]}}]}]}"
        );

        (await office.HookAsync(body)).ShouldBe(200);

        (await office.CountAsync("webhook_leftovers")).ShouldBe(0, "nothing of it belongs to the number");
        (
            await product.Database.ScalarAsync<long>(
                "select count(*) from threadkeep.webhook_leftovers where kind = 'unreadable' and detail like 'More than%'"
            )
        ).ShouldBe(1);
    }

    /// <summary>The reader quotes a wrong literal, the quotation could not be stored, and Meta would have repeated it for days.</summary>
    [Fact]
    public async Task What_is_not_JSON_and_holds_U_0000_is_kept()
    {
        var office = await product.OfficeAsync();
        var body = Encoding.UTF8.GetBytes($"{{\"object\":nu\0ll, \"of\":\"{office.Number}\"}}");

        (await office.HookAsync(body)).ShouldBe(200);

        (
            await product.Database.ScalarAsync<long>(
                $"select count(*) from threadkeep.webhook_leftovers where kind = 'unreadable' and position('{office.Number}' in encode(item, 'escape')) > 0"
            )
        ).ShouldBe(1);
    }

    /// <summary>Whoever held another secret could keep a leftover away by sending the same bytes before.</summary>
    [Fact]
    public async Task What_one_app_leaves_behind_does_not_stand_in_the_place_of_anothers()
    {
        var office = await product.OfficeAsync();
        var body = Hook.Body([Hook.Value(office.Number, [], [Hook.Status("wamid.LATER", "read", product.Now)])]);

        (await office.HookAsync(body, RunningProduct.SecretOf(RunningProduct.OtherApp))).ShouldBe(200);
        (await office.HookAsync(body)).ShouldBe(200);

        (await office.CountAsync("webhook_leftovers")).ShouldBe(1);
    }

    /// <summary>Each of them was an error in the log with its whole stack: a stranger could fill the disk.</summary>
    [Fact]
    public async Task A_body_that_is_not_framed_as_HTTP_is_refused_and_not_logged()
    {
        for (var n = 0; n < 3; n++)
        {
            using var stranger = new TcpClient();
            await stranger.ConnectAsync(product.ApiUrl.Host, product.ApiUrl.Port);
            await using var stream = stranger.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"""
                    POST /webhooks/whatsapp HTTP/1.1
                    Host: {product.ApiUrl.Authority}
                    X-Hub-Signature-256: sha256={new string('0', 64)}
                    Transfer-Encoding: chunked

                    FFFFFFFFFFFFFFFFF

                    """.ReplaceLineEndings("\r\n")
                )
            );
            using var reader = new StreamReader(stream, Encoding.ASCII);
            (await reader.ReadLineAsync()).ShouldStartWith("HTTP/1.1 400");
        }

        product
            .ApiLog.Entries.Where(e => e.Exception is BadHttpRequestException)
            .Select(e => e.Category)
            .ShouldBeEmpty();
    }

    /// <summary>500 once.</summary>
    [Theory]
    [InlineData("application/json; charset=klingon", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.Forbidden)]
    public async Task JSON_is_UTF_8(string type, HttpStatusCode answer)
    {
        var office = await product.OfficeAsync();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await office.Http.PatchAsync("me", content);

        response.StatusCode.ShouldBe(answer);
    }

    [Fact]
    public async Task A_compressed_webhook_is_refused_before_anybody_unpacks_it()
    {
        var office = await product.OfficeAsync();
        var body = Hook.Body([Hook.Value(office.Number, [Hook.Text(Office.NewCustomer(), "Hello", product.Now)])]);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product.ApiUrl, "/webhooks/whatsapp"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("X-Hub-Signature-256", Hook.Signature(body, office.AppSecret));

        using var response = await office.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await office.CountAsync("messages")).ShouldBe(0);
    }
}
