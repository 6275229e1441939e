using System.Collections.Concurrent;
using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>
/// Persons who do one thing after the other, chosen by the seed. Each is asked of the product again and again until it is done, as Meta
/// and every client should; so whatever happens to the product meanwhile, the model knows what must be true.
/// </summary>
internal sealed class Family
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Deployment deployment;
    private readonly System.Random random;
    private readonly ConcurrentDictionary<int, int> refusals;
    private readonly bool absent;
    private int keys;

    /// <param name="refusals">How often which answer was neither done nor refused for good.</param>
    public Family(Deployment deployment, int seed, ConcurrentDictionary<int, int> refusals)
    {
        this.deployment = deployment;
        this.refusals = refusals;
        random = new System.Random(seed);
        // Every third wrote days ago: only templates may be sent, and they count.
        absent = random.Next(3) == 0;
        var second = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        // Some hide their number behind a username, some are known by the number alone.
        var (number, id) = random.Next(6) switch
        {
            0 => (null, Person.NewUserId()),
            < 4 => (Meta.NewCustomer(), Person.NewUserId()),
            _ => (Meta.NewCustomer(), (string?)null),
        };
        Persons = [new Person(random, second - (absent ? TimeSpan.FromDays(3) : TimeSpan.FromHours(2)), number, id)];
    }

    private List<Person> Persons { get; }

    public Person[] Everybody()
    {
        lock (Persons)
            return [.. Persons];
    }

    /// <summary>Webhooks that were posted though they had been before.</summary>
    public int Repeats { get; private set; }

    public int IdentityChanges { get; private set; }

    public async Task LiveAsync(CancellationToken stopped)
    {
        await WriteAsync(Persons[0], 1);
        while (!stopped.IsCancellationRequested)
            await DoAsync(Persons[random.Next(Persons.Count)]);
    }

    private Task DoAsync(Person person) =>
        random.Next(22) switch
        {
            < 7 => WriteAsync(person, random.Next(1, 5)),
            < 9 => WriteApartAsync(person, random.Next(2, 4)),
            < 11 => RepeatAsync(person),
            < 12 => StormAsync(person),
            < 16 => SendAsync(person),
            < 18 => ReadAsync(person),
            < 20 => ChangeNumberAsync(person),
            < 21 => LoseNumberAsync(person),
            _ => ShowOrRenameAsync(person),
        };

    // Several messages in one body, in any order, some that were there before among them.
    private async Task WriteAsync(Person person, int count)
    {
        var written = Enumerable.Range(0, count).Select(_ => person.Write()).ToArray();
        var repeated = person.Messages.Count > 0 && random.Next(3) == 0 ? Pick(person.Messages, 2) : [];
        Repeats += repeated.Length;
        if (repeated.Length > 0)
            person.Story.Add($"with it again {string.Join(' ', repeated.Select(r => r.Wamid))}");
        Written[] body = [.. written, .. repeated];
        random.Shuffle(body);
        await PostAsync(body);
        await NoteAsync(person, written);
    }

    // One body each, all at once.
    private async Task WriteApartAsync(Person person, int count)
    {
        var written = Enumerable.Range(0, count).Select(_ => person.Write()).ToArray();
        await Task.WhenAll(written.Select(w => PostAsync(w)));
        await NoteAsync(person, written);
    }

    private async Task RepeatAsync(Person person)
    {
        var again = Pick(person.Messages, 3);
        Repeats += again.Length;
        person.Story.Add($"again {string.Join(' ', again.Select(r => r.Wamid))}");
        await Task.WhenAll(again.Select(w => PostAsync(w)));
    }

    private async Task StormAsync(Person person)
    {
        var written = person.Write();
        Repeats += 4;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync(written)));
        await NoteAsync(person, written);
    }

    // Now and then a double click.
    private async Task SendAsync(Person person)
    {
        var key = $"{person.Thread}-{keys++}";
        var ids = await Task.WhenAll(
            Enumerable.Range(0, random.Next(3) == 0 ? 2 : 1).Select(_ => AskToSendAsync(person, key))
        );
        ids.Distinct().ShouldHaveSingleItem("one key is one message");
        lock (person.Sends)
            person.Sends.Add(new Sent(ids[0], absent));
    }

    private async Task<string> AskToSendAsync(Person person, string key)
    {
        string? id = null;
        await UntilDoneAsync(
            $"send {key}",
            async () =>
            {
                var answer = absent
                    ? await deployment.Rest.SendTemplateAsync(person.Thread!, key)
                    : await deployment.Rest.SendTextAsync(person.Thread!, key, key);
                id = (string?)answer.Body?["id"];
                return answer.Status;
            }
        );
        return id!;
    }

    private async Task ReadAsync(Person person)
    {
        var newest = await deployment.LookUpAsync<int>(
            "select last_seq from threadkeep.threads where id = @thread::uuid",
            new { thread = person.Thread }
        );
        await UntilDoneAsync(
            "read",
            async () => (await deployment.Rest.MarkReadAsync(person.Thread!, $"{person.Thread}-{newest}")).Status
        );
        person.Unread = 0;
    }

    // The change, told twice or more, arrives beside what was written before it, and after that somebody else has the old number.
    private async Task ChangeNumberAsync(Person person)
    {
        if (person.WaId is not { } old)
            return;
        IdentityChanges++;
        var before = WriteUnposted(person);
        var said = person.ChangeNumber(Meta.NewCustomer());
        var late = random.Next(before.Length + 1);
        await Task.WhenAll(before[late..].Append(said).Append(said).Select(w => PostAsync(w)));
        Repeats++;
        var owner = random.Next(3) == 0 ? null : person.NextOwner(old, random.Next(2) == 0 ? Person.NewUserId() : null);
        if (owner is not null)
            await WriteAsync(owner, 1);
        await Task.WhenAll(before[..late].Append(said).Select(w => PostAsync(w)));
        await NoteAsync(person, [.. before, said]);
        if (owner is not null)
            Join(owner);
    }

    private async Task LoseNumberAsync(Person person)
    {
        // Only who is known by an id can be told from the next owner.
        if (person.WaId is null || person.UserId is null)
            return;
        IdentityChanges++;
        var late = WriteUnposted(person);
        var owner = person.LoseNumber();
        await WriteAsync(owner, 1);
        await Task.WhenAll(late.Select(w => PostAsync(w)));
        await NoteAsync(person, late);
        Join(owner);
    }

    private async Task ShowOrRenameAsync(Person person)
    {
        IdentityChanges++;
        if (person.WaId is null && random.Next(2) == 0)
            person.ShowNumber(Meta.NewCustomer());
        else if (person.UserId is not null)
            person.ChangeUsername();
        await WriteAsync(person, 1);
    }

    private Written[] WriteUnposted(Person person) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => person.Write())];

    private void Join(Person person)
    {
        lock (Persons)
            Persons.Add(person);
    }

    private async Task NoteAsync(Person person, params Written[] written)
    {
        if (written.Length == 0)
            return;
        person.Messages.AddRange(written);
        person.Unread += written.Count(w => w.IsText);
        person.Thread ??= await deployment.LookUpAsync<string>(
            "select replace(thread_id::text, '-', '') from threadkeep.messages where wamid = @wamid",
            new { written[0].Wamid }
        );
    }

    private Task PostAsync(params Written[] body) =>
        UntilDoneAsync(
            $"webhook {body[0].Wamid}",
            // What names its writer in the same way is one change; several are one body.
            () =>
                deployment.Meta.PostAsync([
                    .. body.GroupBy(w => w.Names)
                        .Select(g => new MetaChange
                        {
                            Contacts = [g.First().Contact],
                            Messages = [.. g.Select(w => w.Meta)],
                        }),
                ])
        );

    public async Task UntilDoneAsync(string what, Func<Task<int>> ask)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = await ask();
            if (status is >= 200 and < 300)
                return;
            refusals.AddOrUpdate(status, 1, (_, n) => n + 1);
            if (status is not (0 or 503))
                throw new InvalidOperationException($"{what} was answered {status}");
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"{what} is refused for {Patience}");
            await Task.Delay(50); // a killed Api refuses at once
        }
    }

    private Written[] Pick(List<Written> from, int most) =>
        [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => from[random.Next(from.Count)]).Distinct()];
}
