namespace Threadkeep.WhatsApp.Tests.Messages;

/// <summary>What Meta says to a block (Cloud API, "Block users").</summary>
public sealed class GraphClientBlockTests
{
    [Theory]
    [InlineData(
        """
            {"messaging_product":"whatsapp","block_users":{"added_users":[],"failed_users":[{"input":"1","wa_id":"1",
            "errors":[{"message":"Re-engagement required","code":131047,"error_data":{"details":"too late"}}]}]},
            "error":{"message":"(#139100) Failed","code":139100}}
            """,
        131047,
        "too late"
    )]
    [InlineData("""{"error":{"message":"(#139102) being changed","code":139102}}""", 139102, "(#139102) being changed")]
    [InlineData(
        """{"block_users":{"failed_users":[{}]},"error":{"message":"(#139103) x","code":139103}}""",
        139103,
        "(#139103) x"
    )]
    [InlineData("<html>", null, null)]
    public async Task A_refusal_has_the_reason_that_stands_with_the_customer_else_that_of_the_whole(
        string body,
        int? code,
        string? detail
    )
    {
        await using var meta = new RawServer((_, to) => RawServer.SayAsync(to, 400, body));
        var refused = await Should.ThrowAsync<GraphException>(() => BlockAsync(meta, "1", "JP.a", block: true));
        refused.Failure.ShouldBe(new GraphFailure(400, code, detail));
    }

    [Theory]
    [InlineData("1", "JP.a", """[{"user":"1"}]""")]
    [InlineData(null, "JP.a", """[{"user_id":"JP.a"}]""")]
    public async Task A_customer_is_named_by_number_else_by_id(string? waId, string? userId, string users)
    {
        await using var meta = new RawServer(
            (_, to) => RawServer.SayAsync(to, 200, """{"block_users":{"added_users":[{"input":"1"}]}}""")
        );
        await BlockAsync(meta, waId, userId, block: true);
        meta.Posts.Single().ShouldBe($$"""{"messaging_product":"whatsapp","block_users":{{users}}}""");
    }

    private static Task BlockAsync(RawServer meta, string? waId, string? userId, bool block) =>
        new GraphClient(new HttpClient { BaseAddress = meta.Address }, TimeProvider.System).BlockAsync(
            "77",
            "token",
            waId,
            userId,
            block,
            CancellationToken.None
        );
}
