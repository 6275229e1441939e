using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Strangers;

/// <summary>
/// Somebody who has an account of this deployment's and means no good: everything malformed, oversized, deep, slow, compressed,
/// wrongly signed or aimed at another account. The other account's traffic does not notice and its data stays its own (PS4, PS6).
/// THREADKEEP_STRANGERS says how many attacks (default 3,000), THREADKEEP_SEED repeats a run.
/// </summary>
public sealed class StrangerTests(OneSilo deployment) : ClusterTest(deployment), IClassFixture<OneSilo>
{
    private const string Secret = "the-attackers-own-app-secret";
    private const string Number = "990099009900990";
    private const string Key = "tk_the_attackers_key";
    private const int Lanes = 8;
    private const int SlowOnes = 60;

    private static int Attacks => Wish.Number("THREADKEEP_STRANGERS", 3_000);

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [Fact]
    public async Task Whatever_a_stranger_says_there_is_no_500_no_leak_no_trace_elsewhere_and_others_are_served_as_ever()
    {
        var seed = Wish.Number("THREADKEEP_SEED", Random.Shared.Next(1_000_000));
        Say($"seed {seed}");
        var attacker = await ArrangeAsync();
        var answers = new ConcurrentDictionary<(string Kind, int Status), int>();
        var wrong = new ConcurrentQueue<(Attack Attack, int Status)>();

        await using var flow = MessageFlow.Start(Deployment, writers: 4);
        await AttackAsync(seed, attacker, Attacks / 4, answers, wrong);
        var before = await UseAsync();
        var slow = Enumerable.Range(0, SlowOnes).Select(DripAsync).ToArray();
        await AttackAsync(seed + 1_000, attacker, Attacks - Attacks / 4, answers, wrong);
        await Task.WhenAll(slow);
        await flow.GoesOnAsync(20);
        await flow.StopAsync();
        var after = await UseAsync();

        foreach (var answer in answers.OrderBy(a => a.Key))
            Say($"{answer.Value, 6} x {answer.Key.Kind}: {answer.Key.Status}");
        Say(
            $"used before {before}, after {after}; good messages meanwhile: {flow.Acknowledged}, the slowest in {flow.Slowest.TotalMilliseconds:f0} ms"
        );
        foreach (var (attack, status) in wrong.Take(10))
            Say(
                $"{status} to {attack.Kind}: {Encoding.Latin1.GetString(attack.Bytes.AsSpan(0, Math.Min(2_000, attack.Bytes.Length)))}"
            );
        wrong.Count.ShouldBe(0, $"answers that should not be (seed {seed})");
        flow.Refusals.ShouldBeEmpty("the good traffic is served");
        flow.Slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5), "the good traffic is served in time");
        await flow.EverythingAcknowledgedIsThereOnceAsync();
        await NothingIsWrittenIntoTheOtherAccountAsync(attacker, flow);
        after.Files.ShouldBeLessThan(before.Files + 40, "connections are let go");
        after.ApiMegabytes.ShouldBeLessThan(before.ApiMegabytes + 200);
        after.SiloMegabytes.ShouldBeLessThan(before.SiloMegabytes + 300);
    }

    /// <summary>Once answered 503, so that Meta, or a proxy that broke it, would have repeated it for days.</summary>
    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task A_body_that_is_not_framed_as_HTTP_says_is_the_callers_mistake(string rest)
    {
        using var connection = await RawConnection.OpenAsync(Deployment.ApiUrl);

        var status = await connection.AskAsync(
            Encoding.ASCII.GetBytes(
                $"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {Fuzzer.SignWith(Secret, [])}\r\n{rest}"
            )
        );

        status.ShouldBe(400);
    }

    // Attacks -------------------------------------------------------------------------------------------------

    private Task AttackAsync(
        int seed,
        Attacker attacker,
        int count,
        ConcurrentDictionary<(string, int), int> answers,
        ConcurrentQueue<(Attack, int)> wrong
    ) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Lanes)
                .Select(lane =>
                    Task.Run(async () =>
                    {
                        var fuzzer = new Fuzzer(seed + lane * 10, attacker);
                        RawConnection? connection = null;
                        for (var n = 0; n < count / Lanes; n++)
                        {
                            var attack = fuzzer.Next();
                            if (connection is not { IsOpen: true })
                            {
                                connection?.Dispose();
                                connection = await RawConnection.OpenAsync(Deployment.ApiUrl);
                            }
                            if (attack.HangsUp)
                            {
                                await connection.SayAsync(attack.Bytes);
                                connection.Dispose();
                                connection = null;
                                answers.AddOrUpdate((attack.Kind, 0), 1, (_, times) => times + 1);
                                continue;
                            }
                            var status = await connection.AskAsync(attack.Bytes);
                            answers.AddOrUpdate((attack.Kind, status), 1, (_, times) => times + 1);
                            if (!attack.Allows(status))
                                wrong.Enqueue((attack, status));
                            // What follows a request that was not understood is not one either.
                            if (attack.Kind is not ("malformed, signed" or "REST"))
                            {
                                connection.Dispose();
                                connection = null;
                            }
                        }
                        connection?.Dispose();
                    })
                )
        );

    // A header or a body that never ends, a byte at a time: it is given up while the others go on.
    private async Task DripAsync(int n)
    {
        using var connection = await RawConnection.OpenAsync(Deployment.ApiUrl);
        var body = new byte[4_000];
        var request =
            n % 2 == 0
                ? Encoding.ASCII.GetBytes("POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nX: ")
                : Fuzzer.Post("/webhooks/whatsapp", body, Fuzzer.SignWith(Secret, body))[..^3_000];
        await connection.SayAsync(request);
        using var dripping = new CancellationTokenSource();
        var drip = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            try
            {
                while (await timer.WaitForNextTickAsync(dripping.Token))
                    await connection.SayAsync("x"u8.ToArray());
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException) { }
        });
        await connection.IsClosedAsync(TimeSpan.FromSeconds(30));
        await dripping.CancelAsync();
        await drip;
    }

    // Before and after ----------------------------------------------------------------------------------------

    // A second account with an app, a number and a key of its own; and in the first one a message to be after.
    private async Task<Attacker> ArrangeAsync()
    {
        await Deployment.SetUpAsync(
            JsonSerializer.Serialize(
                new
                {
                    account = new
                    {
                        name = "Strangers",
                        timeZone = "Asia/Tokyo",
                        country = "JP",
                        startDate = "2026-01-01",
                    },
                    agents = Array.Empty<object>(),
                    apiKey = new { name = "stranger", value = Key },
                    app = new
                    {
                        appKey = "stranger",
                        appId = "1",
                        appSecret = Secret,
                        verifyToken = "stranger",
                    },
                    channels = new[]
                    {
                        new
                        {
                            name = "Strangers",
                            wabaId = "1",
                            phoneNumberId = Number,
                            displayPhoneNumber = "8150",
                            accessToken = "none",
                            firstConnectedAt = TimeProvider.System.GetUtcNow().AddDays(-30),
                        },
                    },
                }
            )
        );
        var customer = Meta.NewCustomer();
        await Sandbox.WriteAsync(customer, "Hello");
        await Eventually.IsTrueAsync("the customer has a thread", async () => await ThreadsOfAsync(customer) == 1);
        var thread = await Deployment.ThreadOfAsync(customer);
        var sent = await Rest.SendTextAsync(thread, "To be left alone", "stranger-1");
        var message = (string)sent.Body!["id"]!;
        await Rest.MessageBecomesAsync(thread, message, "delivered");
        var own = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["entry"] = new JsonArray(
                    new JsonObject
                    {
                        ["changes"] = new JsonArray(
                            new JsonObject
                            {
                                ["field"] = "messages",
                                ["value"] = new JsonObject
                                {
                                    ["metadata"] = new JsonObject { ["phone_number_id"] = Number },
                                    ["messages"] = new JsonArray(
                                        new JsonObject
                                        {
                                            ["from"] = "8159",
                                            ["id"] = "wamid.own",
                                            ["type"] = "text",
                                            ["text"] = new JsonObject { ["body"] = "mine" },
                                        }
                                    ),
                                },
                            }
                        ),
                    }
                ),
            }.ToJsonString()
        );
        await Eventually.IsTrueAsync(
            "the attacker's secret is known",
            async () =>
            {
                using var connection = await RawConnection.OpenAsync(Deployment.ApiUrl);
                return await connection.AskAsync(Fuzzer.Post("/webhooks/whatsapp", own, Fuzzer.SignWith(Secret, own)))
                    == 200;
            }
        );
        return new Attacker(
            Secret,
            Number,
            Key,
            await Deployment.ThreadOfAsync("8159"),
            thread,
            message,
            await Deployment.SingleAsync<string>(
                "select wamid from threadkeep.messages where direction = 1 and text = 'To be left alone'"
            ),
            customer
        );
    }

    private Task<long> ThreadsOfAsync(string waId) =>
        Deployment.SingleAsync<long>("select count(*) from threadkeep.threads where wa_id = @waId", new { waId });

    private async Task NothingIsWrittenIntoTheOtherAccountAsync(Attacker attacker, MessageFlow flow)
    {
        const string Other = "(select account_id from threadkeep.channels where app_key = 'sandbox')";
        var inbound = await Deployment.SingleAsync<long>(
            $"select count(*) from threadkeep.messages where direction = 0 and account_id = {Other}"
        );
        inbound.ShouldBe(flow.Acknowledged + 1, "messages in the other account: the flow's, and the one to be after");
        var (status, error) = await Deployment.SingleAsync<(short, string?)>(
            "select status, error_code from threadkeep.messages where wamid = @wamid",
            new { wamid = attacker.ForeignWamid }
        );
        error.ShouldBeNull();
        status.ShouldBeLessThan((short)7, "a forged failure changes nothing");
        foreach (var table in new[] { "webhook_leftovers", "channel_events", "identity_conflicts" })
            (
                await Deployment.SingleAsync<long>(
                    $"select count(*) from threadkeep.{table} where account_id = {Other}"
                )
            ).ShouldBe(0, table);
        (
            await Deployment.SingleAsync<long>(
                $"select count(*) from threadkeep.messages where direction = 1 and account_id = {Other}"
            )
        ).ShouldBe(1);
    }

    private async Task<Use> UseAsync()
    {
        var api = Deployment.Processes.Single(p => p.Name == "api");
        var silo = Deployment.Processes.Single(p => p.Name == "silo-0");
        var files = int.MaxValue;
        // Connections that were just closed take a moment to go.
        await Eventually.IsTrueAsync(
            "the Api's connections are let go",
            () =>
            {
                var now = api.OpenFiles;
                var steady = now >= files - 1;
                files = now;
                return Task.FromResult(steady);
            }
        );
        return new Use(files, api.Megabytes, silo.Megabytes);
    }

    private sealed record Use(int Files, long ApiMegabytes, long SiloMegabytes);
}
