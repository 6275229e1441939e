using System.Diagnostics.Metrics;
using Npgsql;
using Threadkeep.Api.Tests.Support;

namespace Threadkeep.Api.Tests.Webhooks;

/// <summary>The product with the smallest writers there may be.</summary>
public sealed class SmallWriters()
    : RunningProduct(new TestClock(new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero)))
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Writer:Capacity", "100"), new("Writer:Loops", "1"), new("Writer:MaxRows", "10")];
}

/// <summary>What waits for a writer is bounded; one more is refused at once, not kept waiting until its deadline.</summary>
public sealed class FullWriterTests(SmallWriters product) : IClassFixture<SmallWriters>
{
    [Fact]
    public async Task Where_the_writers_are_full_a_webhook_is_refused_and_a_repeat_stores_all_of_it_once()
    {
        var office = await product.OfficeAsync();
        // More than both silos' writers hold: their loops stand still, a hundred wait at each.
        var body = Hook.Body([
            Hook.Value(
                office.Number,
                [.. Enumerable.Range(0, 600).Select(n => Hook.Text($"8170{n:D8}", $"{n}", product.Now))]
            ),
        ]);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product.ApiUrl, "/webhooks/whatsapp"));
        request.Content = new ByteArrayContent(body);
        request.Headers.Add("X-Hub-Signature-256", Hook.Signature(body, office.AppSecret));

        // Not a statement that gave up waiting for its lock: the writer had no room.
        var turnedAway = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "threadkeep.writer.turned_away")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, more, _, _) => Interlocked.Add(ref turnedAway, more));
        listener.Start();

        await using (var blocker = await product.Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await blocker.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("lock table threadkeep.messages in exclusive mode", blocker))
                await hold.ExecuteNonQueryAsync();
            using var answer = await office.Http.SendAsync(request);
            ((int)answer.StatusCode).ShouldBe(503);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            Interlocked.Read(ref turnedAway).ShouldBeGreaterThan(0);
        }

        var repeated = 0;
        do repeated = await office.HookAsync(body);
        while (repeated == 503);
        repeated.ShouldBe(200);
        (await office.CountAsync("messages", "direction = 0")).ShouldBe(600);
        (await office.CountAsync("threads")).ShouldBe(600);
    }
}
