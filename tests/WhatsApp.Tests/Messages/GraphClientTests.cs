using System.Net;
using System.Net.Sockets;

namespace Threadkeep.WhatsApp.Tests.Messages;

public sealed class GraphClientTests
{
    private const string Accepted = """
        {"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"messages":[{"id":"wamid.OUT1"}]}
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_accepted_message_has_an_id()
    {
        await using var meta = new RawServer((_, to) => RawServer.SayAsync(to, 200, Accepted));
        (await PostAsync(meta)).ShouldBe(new PostOutcome(PostResult.Accepted, "wamid.OUT1"));
        meta.Posts.ShouldBe(["{\"to\":\"1\"}"]);
    }

    [Fact]
    public async Task An_error_of_Metas_own_is_told_with_its_code_and_details()
    {
        await using var meta = new RawServer(
            (_, to) =>
                RawServer.SayAsync(
                    to,
                    400,
                    """{"error":{"message":"(#131056) pair","code":131056,"error_data":{"details":"too many"},"fbtrace_id":"A"}}"""
                )
        );
        (await PostAsync(meta)).ShouldBe(
            new PostOutcome(PostResult.GraphError, Failure: new GraphFailure(400, 131056, "too many"))
        );
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, "<html>busy</html>")]
    [InlineData(502, """{"error":"bad gateway"}""")]
    [InlineData(500, """{"error":{"message":"no code"}}""")]
    [InlineData(500, """{"error":{"message":"x","code":"131056"}}""")]
    [InlineData(500, """{"error":{"message":"x","code":99999999999}}""")]
    [InlineData(500, "[]")]
    [InlineData(401, "")]
    [InlineData(429, "slow down")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"messages":[]}""")]
    [InlineData(200, """{"messages":[{"id":17}]}""")]
    [InlineData(200, """{"messages":"wamid"}""")]
    public async Task An_answer_that_is_neither_an_id_nor_a_Graph_error_leaves_it_open(int status, string body)
    {
        await using var meta = new RawServer((_, to) => RawServer.SayAsync(to, status, body));
        (await PostAsync(meta)).Result.ShouldBe(PostResult.Unknown);
        meta.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_sent()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        free.Stop();
        using var http = new HttpClient { BaseAddress = address };
        (await PostAsync(http)).Result.ShouldBe(PostResult.NotSent);
    }

    [Fact]
    public async Task A_connection_cut_after_the_body_leaves_it_open()
    {
        await using var meta = new RawServer((_, _) => Task.FromResult(false));
        (await PostAsync(meta)).Result.ShouldBe(PostResult.Unknown);
        meta.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_of_the_answer_leaves_it_open()
    {
        await using var meta = new RawServer(
            async (_, to) =>
            {
                await to.WriteAsync(
                    "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"messages\":[{\"id\":\"w"u8.ToArray()
                );
                return false;
            }
        );
        (await PostAsync(meta)).Result.ShouldBe(PostResult.Unknown);
    }

    [Fact]
    public async Task No_answer_in_time_leaves_it_open()
    {
        var never = new TaskCompletionSource<bool>();
        await using var meta = new RawServer((_, _) => never.Task);
        using var http = new HttpClient { BaseAddress = meta.Address, Timeout = TimeSpan.FromMilliseconds(300) };
        (await PostAsync(http)).Result.ShouldBe(PostResult.Unknown);
        meta.Posts.Count.ShouldBe(1);
        never.SetResult(false);
    }

    [Fact]
    public async Task A_pooled_connection_that_dies_under_a_message_never_makes_a_second_post()
    {
        // The first post of each connection is answered; the second is taken and the connection closed without a word:
        // HttpClient would try again on a fresh one.
        await using var meta = new RawServer(
            (n, to) => n % 2 == 1 ? RawServer.SayAsync(to, 200, Accepted) : Task.FromResult(false)
        );
        using var http = new HttpClient { BaseAddress = meta.Address };
        for (var n = 1; n <= 10; n++)
        {
            var outcome = await PostAsync(http, $$"""{"n":{{n}}}""");
            outcome.Result.ShouldBe(n % 2 == 1 ? PostResult.Accepted : PostResult.Unknown);
        }
        meta.Posts.ShouldBe(Enumerable.Range(1, 10).Select(n => $$"""{"n":{{n}}}"""));
    }

    [Fact]
    public async Task A_pooled_connection_that_died_before_is_replaced_and_the_message_leaves_once()
    {
        await using var meta = new RawServer(
            async (_, to) =>
            {
                await RawServer.SayAsync(to, 200, Accepted);
                return false; // closed though it was to be kept
            }
        );
        using var http = new HttpClient { BaseAddress = meta.Address };
        var outcomes = new List<PostResult>();
        for (var n = 1; n <= 20; n++)
            outcomes.Add((await PostAsync(http, $$"""{"n":{{n}}}""")).Result);
        meta.Posts.ShouldBeUnique();
        // Whatever was said to have been accepted or perhaps accepted is all that arrived.
        outcomes.Count(r => r == PostResult.Accepted).ShouldBe(meta.Posts.Count);
        outcomes.ShouldNotContain(PostResult.GraphError);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_does_not_post_it_again(int status)
    {
        await using var elsewhere = new RawServer((_, to) => RawServer.SayAsync(to, 200, Accepted));
        await using var meta = new RawServer(
            async (_, to) =>
            {
                var text = $"HTTP/1.1 {status} X\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\n\r\n";
                await to.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
                return true;
            }
        );
        (await PostAsync(meta)).Result.ShouldBe(PostResult.Unknown);
        (meta.Posts.Count + elsewhere.Posts.Count).ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_has_expired_sends_no_byte_of_its_body()
    {
        await using var meta = new RawServer((_, to) => RawServer.SayAsync(to, 200, Accepted));
        using var http = new HttpClient { BaseAddress = meta.Address };
        var outcome = await new GraphClient(http, TimeProvider.System).PostMessageAsync(
            "551",
            "token",
            "{\"to\":\"1\"}",
            TimeProvider.System.GetUtcNow(),
            CancellationToken.None
        );
        outcome.Result.ShouldBe(PostResult.NotSent);
        meta.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_cancelled_before_it_left_was_not_sent()
    {
        await using var meta = new RawServer((_, to) => RawServer.SayAsync(to, 200, Accepted));
        using var http = new HttpClient { BaseAddress = meta.Address };
        var outcome = await new GraphClient(http, TimeProvider.System).PostMessageAsync(
            "551",
            "token",
            "{}",
            TimeProvider.System.GetUtcNow() + Soon,
            new CancellationToken(canceled: true)
        );
        outcome.Result.ShouldBe(PostResult.NotSent);
        meta.Posts.ShouldBeEmpty();
    }

    private static async Task<PostOutcome> PostAsync(RawServer meta)
    {
        using var http = new HttpClient { BaseAddress = meta.Address };
        return await PostAsync(http);
    }

    private static Task<PostOutcome> PostAsync(HttpClient http, string body = "{\"to\":\"1\"}") =>
        new GraphClient(http, TimeProvider.System).PostMessageAsync(
            "551",
            "token",
            body,
            TimeProvider.System.GetUtcNow() + Soon,
            CancellationToken.None
        );
}
