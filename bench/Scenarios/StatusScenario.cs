using Npgsql;
using Threadkeep.Bench.Load;
using Threadkeep.Bench.Population;
using Threadkeep.Bench.Probes;
using Threadkeep.Bench.Running;

namespace Threadkeep.Bench.Scenarios;

/// <summary>Statuses alone, three for each message sent (sent, delivered, read), one a webhook, each changing a row.</summary>
internal static class StatusScenario
{
    private const int SentEach = 6;

    public static async Task RunAsync(Report report)
    {
        report.Section("Statuses");
        report.Line(
            $"Three statuses for each message sent to {BenchSettings.ManyCustomers:#,0} customers, one a webhook, in order (a message's next one follows the answer to the one before). "
                + "The sent messages are made with COPY, as the product leaves them once Meta has taken them."
        );
        report.Line("");
        await using var database = await BenchDatabase.CreateAsync("bench_statuses");
        var plan = new CrowdPlan(
            BenchSettings.ManyCustomers,
            1 + SentEach,
            BenchSettings.ManyCustomers,
            Conversation: false
        );
        var crowd = new Crowd(database.Channel, plan, DateTimeOffset.UtcNow);
        await new CrowdCopy(database.Source, crowd).WriteAsync();
        await using var product = await Product.StartAsync(database);
        var points = new List<Point>();
        int[] counts = [1, 32, 128, 512];
        for (var n = 0; n < counts.Length; n++)
        {
            var (first, end) = (crowd.SentCount / counts.Length * n, crowd.SentCount / counts.Length * (n + 1));
            StatusWork[] lanes =
            [
                .. Enumerable
                    .Range(0, counts[n])
                    .Select(lane => new StatusWork(product.Webhooks, crowd, first + lane, counts[n], end)),
            ];
            points.Add(
                await Point.MeasureAsync(
                    "product",
                    $"{BenchSettings.ManyCustomers:#,0}",
                    product.Subject,
                    product.Webhooks.Port,
                    lanes,
                    () => CountAsync(database, crowd, lanes.SelectMany(l => l.Acknowledged))
                )
            );
        }
        report.Add(Point.ToTable(points, "status"));
        foreach (var point in points.Where(p => p.Connections == 128))
            report.Add(point.Top!, "Statements that took the most time at 128 connections (warm-up included):");
        var lost = points.Sum(p => p.Missing ?? 0);
        var leftovers = await database.Source.ScalarAsync<long>("select count(*) from threadkeep.webhook_leftovers");
        report.Target(
            "statuses acknowledged and not in their message, or left over",
            $"{lost + leftovers}",
            "0",
            lost + leftovers == 0
        );
    }

    /// <summary>Acknowledged statuses whose time is not in their message's row. Twice: there is one column for each, so never.</summary>
    public static async Task<(int Missing, int Twice)> CountAsync(
        BenchDatabase database,
        Crowd crowd,
        IEnumerable<(int Message, int Stage)> acknowledged
    )
    {
        var stored = new Dictionary<string, DateTimeOffset?[]>();
        await using (
            var command = database.Source.CreateCommand(
                """
                select wamid, sent_at, delivered_at, read_at from threadkeep.messages
                where account_id = $1 and channel_id = $2 and wamid >= 'wamid.S' and wamid < 'wamid.T'
                """
            )
        )
        {
            command.CommandTimeout = 120;
            command.Parameters.AddWithValue(database.Channel.Account.Value);
            command.Parameters.AddWithValue(database.Channel.Channel.Value);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                stored[reader.GetString(0)] = [Time(reader, 1), Time(reader, 2), Time(reader, 3)];
        }
        var missing = acknowledged.Count(a =>
        {
            var sent = crowd.Sent(a.Message);
            return stored[sent.Wamid][a.Stage] != Crowd.ToldAt(sent.At, a.Stage);
        });
        return (missing, 0);

        static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
            reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }
}
