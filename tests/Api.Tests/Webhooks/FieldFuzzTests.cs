using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Webhooks;

/// <summary>
/// Every webhook field and every type of message with something wrong in it. Longer, and again: THREADKEEP_FUZZ_BODIES and
/// THREADKEEP_FUZZ_SEED (docs/operations.md, "Under fire").
/// </summary>
[Collection(nameof(RealTime))]
public sealed class FieldFuzzTests(RealTime product)
{
    private const int AtOnce = 4;

    [Fact]
    public async Task Whatever_is_wrong_in_a_webhook_its_neighbours_are_stored_and_threads_go_on()
    {
        var seed = Setting("THREADKEEP_FUZZ_SEED", Environment.TickCount & 0xFFFFFF);
        var bodies = Setting("THREADKEEP_FUZZ_BODIES", 80);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {bodies} bodies");
        var office = await product.OfficeAsync();
        var fuzzer = new FieldFuzzer(seed, office, product.Now.AddHours(-1));
        // They are there before anybody tells something wrong of them.
        foreach (var customer in fuzzer.Odd)
            (await office.HookAsync(fuzzer.Message(customer))).ShouldBe(200);

        for (var n = 0; n < bodies; n += AtOnce)
        {
            var some = Enumerable.Range(0, Math.Min(AtOnce, bodies - n)).Select(_ => fuzzer.Next()).ToArray();
            var answers = await Task.WhenAll(some.Select(b => office.HookAsync(b.Body)));
            for (var i = 0; i < some.Length; i++)
                answers[i]
                    .ShouldBe(
                        200,
                        $"seed {seed}, body {n + i}: {some[i].Kind} {Encoding.UTF8.GetString(some[i].Body)[..Math.Min(4_000, some[i].Body.Length)]}"
                    );
        }
        // Whatever was said of these, they can be written to and from.
        foreach (var customer in fuzzer.Odd)
            (await office.HookAsync(fuzzer.Message(customer))).ShouldBe(200);

        var stored = new Dictionary<string, string>();
        await using (
            var command = product.Database.DataSource.CreateCommand(
                $"select wamid, text from threadkeep.messages where account_id = '{office.Account}' and text like 'good {seed} %'"
            )
        )
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                stored.Add(reader.GetString(0), reader.GetString(1));
        }
        var lost = fuzzer.Good.Where(g => stored.GetValueOrDefault(g.Key) != g.Value.Text).Select(g => g.Value.Text);
        lost.ShouldBeEmpty($"seed {seed}");
        stored.Count.ShouldBe(fuzzer.Good.Count, $"seed {seed}");
        // Every thread can be read, whatever is in it.
        foreach (var thread in await office.ThreadsAsync())
            (await office.MessagesAsync(thread, events: true)).ShouldNotBeEmpty();
        foreach (var (field, told) in fuzzer.Told)
            (await office.CountAsync("channel_events", $"kind = '{field}'")).ShouldBe(
                told.Count,
                $"seed {seed}: {field}"
            );
    }

    // Found by reading what the fuzzer may say: what a commit answers of ids that are stored already is divided by line breaks.
    [Fact]
    public async Task An_id_that_is_made_of_what_a_field_says_and_holds_a_line_break_does_not_come_back_for_ever()
    {
        var office = await product.OfficeAsync();
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["phone_number_id"] = office.Number },
            ["user_id_update"] = new JsonArray(
                new JsonObject
                {
                    ["user_id"] = new JsonObject { ["previous"] = "JP.a\nb", ["current"] = "JP.c" },
                }
            ),
        };
        var body = Hook.Body([Hook.Value(office.Number, [])]);
        var odd = JsonNode.Parse(body)!;
        odd["entry"]![0]!["changes"]![0] = new JsonObject { ["field"] = "user_id_update", ["value"] = value };
        for (var n = 0; n < 2; n++)
            (await office.HookAsync(Encoding.UTF8.GetBytes(odd.ToJsonString()))).ShouldBe(200);
        (await office.LeftoversAsync()).ShouldHaveSingleItem();
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
