using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Chats;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Messages;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Customers;

/// <summary><c>/{phone_number_id}/block_users</c>: only who wrote within 24 hours can be blocked; mixed success is a 400 with both lists.</summary>
public static class BlockEndpoints
{
    private const int MostBlocked = 64_000;
    private const int DefaultPage = 50;
    private const int MaxPage = 500;
    private const int SomeFailed = 139100;
    private const int ListIsFull = 139101;

    public static void MapBlocks(this RouteGroupBuilder graph)
    {
        graph.MapPost("/{phoneNumberId:digits}/block_users", BlockAsync);
        graph.MapDelete("/{phoneNumberId:digits}/block_users", UnblockAsync);
        graph.MapGet("/{phoneNumberId:digits}/block_users", List);
    }

    private static async Task<IResult> BlockAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        CustomerBook customers,
        ChatBook chats,
        BlockBook blocks
    )
    {
        var (users, refused) = await ReadAsync(phoneNumberId, request, numbers);
        if (refused is not null)
            return refused.ToResult();
        var added = new JsonArray();
        var failed = new JsonArray();
        foreach (var user in users)
        {
            if (Find(user, customers) is not { } customer)
                failed.Add(Failed(user, user, 131009, "The user is not known."));
            else if (!chats.IsWindowOpen(phoneNumberId, customer.WaId))
                failed.Add(
                    Failed(
                        user,
                        customer.WaId,
                        StatusChain.WindowClosed,
                        "Only users who wrote within 24 hours can be blocked."
                    )
                );
            else if (!blocks.Has(phoneNumberId, customer.WaId) && blocks.Of(phoneNumberId).Length >= MostBlocked)
                return GraphError.Of(ListIsFull).ToResult();
            else
            {
                blocks.Add(phoneNumberId, customer.WaId);
                added.Add(Done(user, customer));
            }
        }
        return Answer("added_users", added, failed);
    }

    private static async Task<IResult> UnblockAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        CustomerBook customers,
        BlockBook blocks
    )
    {
        var (users, refused) = await ReadAsync(phoneNumberId, request, numbers);
        if (refused is not null)
            return refused.ToResult();
        var removed = new JsonArray();
        var failed = new JsonArray();
        foreach (var user in users)
        {
            if (Find(user, customers) is not { } customer)
            {
                failed.Add(Failed(user, user, 131009, "The user is not known."));
                continue;
            }
            blocks.Remove(phoneNumberId, customer.WaId);
            removed.Add(Done(user, customer));
        }
        return Answer("removed_users", removed, failed);
    }

    private static IResult List(string phoneNumberId, HttpRequest request, NumberBook numbers, BlockBook blocks)
    {
        if (numbers.Find(phoneNumberId) is null)
            return GraphError.NoSuchObject("GET", phoneNumberId).ToResult();
        var asked = int.TryParse(request.Query["limit"], out var count) ? Math.Clamp(count, 1, MaxPage) : DefaultPage;
        var from = int.TryParse(Decode(request.Query["after"].ToString()), out var place) ? Math.Max(0, place) : 0;
        var all = blocks.Of(phoneNumberId);
        var data = all.Skip(from)
            .Take(asked)
            .Select(JsonNode (b) => new JsonObject { ["messaging_product"] = "whatsapp", ["wa_id"] = b.WaId });
        return GraphResult.Json(
            new JsonObject
            {
                ["data"] = new JsonArray([.. data]),
                ["paging"] = new JsonObject
                {
                    ["cursors"] = new JsonObject { ["before"] = Encode(from), ["after"] = Encode(from + asked) },
                },
            }
        );
    }

    private static async Task<(string[] Users, GraphError? Refused)> ReadAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers
    )
    {
        if (numbers.Find(phoneNumberId) is null)
            return ([], GraphError.NoSuchObject(request.Method, phoneNumberId));
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return ([], bad);
        if (body.Text("messaging_product") != "whatsapp")
            return ([], GraphError.MissingProduct);
        string[] users =
        [
            .. (body.Array("block_users") ?? [])
                .OfType<JsonObject>()
                .Select(u => u.Text("user") ?? u.Text("user_id"))
                .OfType<string>(),
        ];
        return users.Length == 0 ? ([], GraphError.Of(131008, "block_users is required.")) : (users, null);
    }

    private static Customer? Find(string user, CustomerBook customers) =>
        user.Any(char.IsAsciiLetter)
            ? customers.FindByUserId(user)
            : customers.Find(string.Concat(user.Where(char.IsAsciiDigit)));

    private static JsonObject Done(string input, Customer customer) =>
        new() { ["input"] = input, ["wa_id"] = customer.WaId };

    private static JsonObject Failed(string input, string waId, int code, string details) =>
        new()
        {
            ["input"] = input,
            ["wa_id"] = waId,
            ["errors"] = new JsonArray(
                new JsonObject
                {
                    ["message"] = ErrorTable.Find(code).Title,
                    ["code"] = code,
                    ["error_data"] = new JsonObject { ["details"] = details },
                }
            ),
        };

    private static IResult Answer(string done, JsonArray users, JsonArray failed)
    {
        var lists = new JsonObject { [done] = users };
        var body = new JsonObject { ["messaging_product"] = "whatsapp", ["block_users"] = lists };
        if (failed.Count == 0)
            return GraphResult.Json(body);
        lists["failed_users"] = failed;
        var error = GraphError.Of(SomeFailed);
        body["error"] = error.ToBody()["error"]!.DeepClone();
        return GraphResult.Json(body, error.HttpStatus);
    }

    private static string Encode(int place) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(place.ToString(CultureInfo.InvariantCulture)));

    private static string Decode(string cursor)
    {
        Span<byte> bytes = stackalloc byte[32];
        return Convert.TryFromBase64String(cursor, bytes, out var count)
            ? Encoding.ASCII.GetString(bytes[..count])
            : "";
    }
}
