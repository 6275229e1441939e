using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>
/// Customers who write and agents who answer, steadily, whatever happens to the product: what is refused for now is asked again,
/// with the same wamid or key, as Meta and every client should. It keeps what was promised, and can compare it with the database.
/// </summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private static int keys;

    private readonly Deployment deployment;
    private readonly LoadPlan plan;
    private readonly ConcurrentQueue<LoadAnswer> answers = [];
    private readonly ConcurrentBag<LoadCustomer> customers = [];
    private readonly ConcurrentBag<string> wrong = [];
    private readonly CancellationTokenSource stopped = new();
    private readonly List<Task> people = [];
    private readonly List<LoadCustomer> residents = [];

    private volatile TaskCompletionSource? paused;
    private int resting;

    private SteadyLoad(Deployment deployment, LoadPlan plan)
    {
        this.deployment = deployment;
        this.plan = plan;
        for (var n = 0; n < plan.Residents; n++)
        {
            residents.Add(Meet(new LoadCustomer(Meta.NewCustomer())));
            Begin(residents[^1], ResideAsync);
        }
        for (var n = 0; n < plan.Newcomers; n++)
            Begin(this, static load => load.ComeAndGoAsync());
        for (var n = 0; n < plan.Silent; n++)
            Begin(this, static load => load.GetTemplatesAsync());

        void Begin<T>(T of, Func<T, Task> live) => people.Add(Task.Run(() => live(of)));
    }

    /// <summary>Every answer so far, oldest first.</summary>
    public IReadOnlyCollection<LoadAnswer> Answers => answers;

    /// <summary>Everybody who has written.</summary>
    public IReadOnlyCollection<LoadCustomer> Customers => customers;

    /// <summary>Those who write as long as the load lasts.</summary>
    public IReadOnlyList<LoadCustomer> Residents => residents;

    /// <summary>Answers that no outage explains.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    public static SteadyLoad Start(Deployment deployment, LoadPlan? plan = null) => new(deployment, plan ?? new());

    /// <summary>Waits until every resident's webhook was answered 200, so many times each, from now on.</summary>
    public async Task GoesOnAsync(int times = 3, TimeSpan? within = null)
    {
        var from = TimeProvider.System.GetTimestamp();
        await Eventually.IsTrueAsync(
            $"{times} more webhooks of every resident are answered 200",
            () =>
            {
                ThrowWhatFailed();
                return Task.FromResult(Served() >= residents.Count);
            },
            within ?? TimeSpan.FromSeconds(60)
        );

        int Served() =>
            answers
                .Where(a => a is { Kind: LoadKind.Webhook, Status: 200 } && a.Begun > from)
                .GroupBy(a => a.WaId)
                .Count(g => g.Count() >= times && residents.Exists(r => r.WaId == g.Key));
    }

    /// <summary>Nobody begins anything new; returns when what was begun is done.</summary>
    public async Task PauseAsync()
    {
        paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Eventually.IsTrueAsync(
            "everybody has finished what was begun",
            () => Task.FromResult(Volatile.Read(ref resting) + people.Count(p => p.IsCompleted) == people.Count),
            TimeSpan.FromSeconds(60)
        );
        ThrowWhatFailed();
    }

    public void GoOn()
    {
        var ended = paused;
        paused = null;
        ended?.TrySetResult();
    }

    /// <summary>Ends the load; what was begun is done first.</summary>
    public async Task StopAsync()
    {
        await stopped.CancelAsync();
        GoOn();
        await Task.WhenAll(people).WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        GoOn();
        // A test that failed already must not wait for promises that the product cannot keep.
        await Task.WhenAny(Task.WhenAll(people), Task.Delay(TimeSpan.FromSeconds(10)));
    }

    /// <summary>Waits until every resident was answered by an agent, and so many new customers have written, all since that moment.</summary>
    public Task EverybodyIsServedSinceAsync(long since, int newcomers) =>
        Eventually.IsTrueAsync(
            $"agents' answers to all are accepted, and {newcomers} new customers are served",
            () =>
            {
                ThrowWhatFailed();
                return Task.FromResult(
                    residents.TrueForAll(r => Done(LoadKind.Reply, r.WaId, since).Any())
                        && NewcomersSince(since).Count(n => n.Served is not null) >= newcomers
                );
            },
            TimeSpan.FromSeconds(60)
        );

    /// <summary>How long after a moment a customer's webhook was answered 200 again, or an agent's answer accepted: one that was begun after it.</summary>
    public TimeSpan ServedAgainAfter(LoadKind kind, LoadCustomer customer, long since) =>
        Done(kind, customer.WaId, since).Min(a => TimeProvider.System.GetElapsedTime(since, a.Begun) + a.Took);

    /// <summary>Customers whose first text was begun after a moment, and how long it took, repeats included, until it was answered 200; null: not yet.</summary>
    public IReadOnlyList<(string WaId, TimeSpan? Served)> NewcomersSince(long since)
    {
        var known = residents.Select(r => r.WaId).ToHashSet();
        return
        [
            .. answers
                .Where(a => a.Kind == LoadKind.Webhook && !known.Contains(a.WaId))
                .GroupBy(a => a.WaId)
                .Where(g => g.First().Begun >= since)
                .Select(g => (g.Key, Served(g.First().Begun, g.FirstOrDefault(a => !a.IsRefusal)))),
        ];

        static TimeSpan? Served(long begun, LoadAnswer? first) =>
            first is null ? null : TimeProvider.System.GetElapsedTime(begun, first.Begun) + first.Took;
    }

    private IEnumerable<LoadAnswer> Done(LoadKind kind, string waId, long since) =>
        answers.Where(a => a.Kind == kind && !a.IsRefusal && a.WaId == waId && a.Begun >= since);

    /// <summary>How long which requests were refused, counted from a moment: for the test's output.</summary>
    public string Report(string what, long since)
    {
        var text = new StringBuilder(what);
        foreach (var kind in answers.Where(a => a.Begun >= since).GroupBy(a => a.Kind).OrderBy(g => g.Key))
        {
            var all = kind.ToList();
            var refused = all.Where(a => a.IsRefusal).ToList();
            var longest = all.Max(a => a.Took.TotalSeconds);
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n  {kind.Key}: {all.Count} asked, the longest {longest:f1} s, "
            );
            if (refused.Count == 0)
            {
                text.Append("none refused");
                continue;
            }
            var statuses = refused.GroupBy(a => a.Status).OrderBy(g => g.Key).Select(g => $"{g.Count()} x {g.Key}");
            text.Append(
                CultureInfo.InvariantCulture,
                $"{string.Join(" and ", statuses)} told between {refused.Min(After):f1} and {refused.Max(After):f1} s, "
                    + $"to {refused.Select(a => a.WaId).Distinct().Count()} of {all.Select(a => a.WaId).Distinct().Count()} customers"
            );
        }
        return text.ToString();

        double After(LoadAnswer a) => (TimeProvider.System.GetElapsedTime(since, a.Begun) + a.Took).TotalSeconds;
    }

    private LoadCustomer Meet(LoadCustomer customer)
    {
        customers.Add(customer);
        return customer;
    }

    private async Task ResideAsync(LoadCustomer customer)
    {
        await WriteByPhoneAsync(customer);
        while (await GoesOnAsync())
        {
            await WriteAsync(customer, TimeProvider.System.GetUtcNow());
            if (plan.AnswerEvery > 0 && customer.Acknowledged.Count % plan.AnswerEvery == 0)
            {
                await SendAsync(customer, LoadKind.Reply);
                await ReadAsync(customer);
            }
        }
    }

    private async Task ComeAndGoAsync()
    {
        var customer = Meet(new LoadCustomer(Meta.NewCustomer()));
        while (await GoesOnAsync())
        {
            if (customer.Acknowledged.Count == plan.TextsOfNewcomers)
                customer = Meet(new LoadCustomer(Meta.NewCustomer()));
            await WriteAsync(customer, TimeProvider.System.GetUtcNow());
        }
    }

    private async Task GetTemplatesAsync()
    {
        // Meta stamps whole seconds: so does the end of the session.
        var wrote = DateTimeOffset
            .FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2)
            .AddDays(-1);
        var customer = Meet(new LoadCustomer(Meta.NewCustomer()) { SessionEnds = wrote.AddDays(1) });
        await WriteAsync(customer, wrote);
        var closed = false;
        while (await GoesOnAsync())
        {
            if (TimeProvider.System.GetUtcNow() <= customer.SessionEnds)
                continue;
            if (!closed)
                await IsClosedAsync(customer);
            closed = true;
            await SendAsync(customer, LoadKind.Template);
        }
    }

    // Through the Sandbox, so that it too holds the customer's window for open, and takes what agents answer.
    private async Task WriteByPhoneAsync(LoadCustomer customer)
    {
        var wamid = await deployment.Sandbox.WriteAsync(customer.WaId, "1");
        await Eventually.IsTrueAsync(
            $"the first text of customer {customer.WaId} is there",
            async () =>
                await LookUpAsync(() =>
                    deployment.SingleAsync<long>(
                        "select count(*) from threadkeep.messages where wamid = @wamid",
                        new { wamid }
                    )
                ) > 0,
            TimeSpan.FromSeconds(60)
        );
        customer.Acknowledged.Add(wamid);
        customer.Unread++;
        customer.Thread = await LookUpAsync(() => deployment.ThreadOfAsync(customer.WaId));
    }

    // One text: again and again until it is answered 200.
    private async Task WriteAsync(LoadCustomer customer, DateTimeOffset at)
    {
        var message = Meta.NewMessage(customer.WaId, $"{customer.Acknowledged.Count + 1}") with { At = at };
        await AskAsync(LoadKind.Webhook, customer, async () => (await deployment.Meta.PostAsync(message), null));
        customer.Acknowledged.Add(message.Wamid);
        customer.Unread++;
        customer.Thread ??= await LookUpAsync(() => deployment.ThreadOfAsync(customer.WaId));
    }

    private async Task SendAsync(LoadCustomer customer, LoadKind kind)
    {
        var key = $"load-{Interlocked.Increment(ref keys)}";
        var body = await AskAsync(
            kind,
            customer,
            async () =>
            {
                var answer =
                    kind == LoadKind.Template
                        ? await deployment.Rest.SendTemplateAsync(customer.Thread!, key)
                        : await deployment.Rest.SendTextAsync(customer.Thread!, key, key);
                return (answer.Status, answer.Body);
            }
        );
        customer.Sends.Add(
            new LoadSend(
                customer.Thread!,
                (string)body!["id"]!,
                kind == LoadKind.Template,
                TimeProvider.System.GetUtcNow()
            )
        );
    }

    private async Task ReadAsync(LoadCustomer customer)
    {
        var newest = await LookUpAsync(() =>
            deployment.SingleAsync<int>(
                "select last_seq from threadkeep.threads where id = @thread::uuid",
                new { thread = customer.Thread }
            )
        );
        await AskAsync(
            LoadKind.Read,
            customer,
            async () =>
                ((await deployment.Rest.MarkReadAsync(customer.Thread!, $"{customer.Thread}-{newest}")).Status, null)
        );
        customer.Unread = 0;
    }

    // The window is over: a text must be refused, whatever else is going on.
    private async Task IsClosedAsync(LoadCustomer customer)
    {
        while (true)
        {
            var answer = await deployment.Rest.SendTextAsync(customer.Thread!, "Too late", $"late-{customer.WaId}");
            if (answer.Status is not (0 or 503))
            {
                if (answer.Code != "session_closed")
                    wrong.Add($"A text after the session's end was answered {answer.Status} {answer.Code}");
                return;
            }
            await Task.Delay(BetweenTries);
        }
    }

    private async Task<JsonNode?> AskAsync(
        LoadKind kind,
        LoadCustomer customer,
        Func<Task<(int Status, JsonNode? Body)>> ask
    )
    {
        while (true)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var (status, body) = await ask();
            var answer = new LoadAnswer(kind, customer.WaId, begun, TimeProvider.System.GetElapsedTime(begun), status);
            answers.Enqueue(answer);
            if (status is >= 200 and < 300)
                return body;
            if (status is not (0 or 503))
                wrong.Add($"{kind} was answered {status} {body?["code"]}");
            await Task.Delay(BetweenTries); // a killed Api refuses at once
        }
    }

    // What the load itself must know; PostgreSQL may be away just now.
    private static async Task<T> LookUpAsync<T>(Func<Task<T>> query)
    {
        while (true)
        {
            try
            {
                return await query();
            }
            catch (NpgsqlException)
            {
                await Task.Delay(BetweenTries);
            }
        }
    }

    private async Task<bool> GoesOnAsync()
    {
        await Task.Delay(plan.Pause);
        if (paused is { } pause)
        {
            Interlocked.Increment(ref resting);
            await pause.Task;
            Interlocked.Decrement(ref resting);
        }
        return !stopped.IsCancellationRequested;
    }

    private void ThrowWhatFailed()
    {
        if (people.Find(p => p.IsFaulted) is { } failed)
            failed.GetAwaiter().GetResult();
    }
}
