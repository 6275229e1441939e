using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Threadkeep.TestSilo;

namespace Threadkeep.Postgres.Tests.Orleans;

/// <summary>The seven reminder queries, asked through the reminder table of a running silo.</summary>
public sealed class ReminderTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly DateTime Start = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    private IReminderTable Table => fixture.Silo.Services.GetRequiredService<IReminderTable>();

    [Fact]
    public async Task Upsert_inserts_then_updates_and_the_version_tells_which()
    {
        var entry = Entry("upsert");

        (await Table.UpsertRow(entry)).ShouldBe("0");
        entry.Period = TimeSpan.FromDays(40); // over an int of milliseconds
        entry.StartAt = Start.AddHours(1);
        (await Table.UpsertRow(entry)).ShouldBe("1");

        var row = (await Table.ReadRow(entry.GrainId, entry.ReminderName)).ShouldNotBeNull();
        row.Period.ShouldBe(TimeSpan.FromDays(40));
        row.StartAt.ShouldBe(Start.AddHours(1));
        row.ETag.ShouldBe("1");
        (await Table.ReadRow(entry.GrainId, "another")).ShouldBeNull();
    }

    [Fact]
    public async Task All_reminders_of_a_grain_are_read()
    {
        await Table.UpsertRow(Entry("several", "first"));
        await Table.UpsertRow(Entry("several", "second"));
        await Table.UpsertRow(Entry("somebody-else", "third"));

        var read = await Table.ReadRows(Entry("several").GrainId);

        read.Reminders.Select(r => r.ReminderName).Order().ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_range_excludes_its_begin_and_includes_its_end_and_may_pass_the_end_of_the_ring()
    {
        var entries = Enumerable.Range(0, 20).Select(n => Entry($"ring-{n}", "ring")).ToList();
        foreach (var entry in entries)
            await Table.UpsertRow(entry);
        // The ring is unsigned, the column signed: sort as the column does, so that both forms of the query are met.
        var hashes = entries.Select(e => e.GrainId.GetUniformHashCode()).OrderBy(h => (int)h).ToList();

        async Task<IEnumerable<uint>> ReadAsync(uint begin, uint end) =>
            (await Table.ReadRows(begin, end))
                .Reminders.Where(r => r.ReminderName == "ring")
                .Select(r => r.GrainId.GetUniformHashCode())
                .OrderBy(h => (int)h);

        (await ReadAsync(hashes[4], hashes[9])).ShouldBe(hashes[5..10], "form 1");
        (await ReadAsync(hashes[9], hashes[4])).ShouldBe(hashes[..5].Concat(hashes[10..]), "form 2, over the end");
        (await ReadAsync(hashes[7], hashes[7])).ShouldBe(hashes, "form 2, the whole ring");
        (await ReadAsync(0, 0)).ShouldBe(hashes, "form 2, the whole ring from zero");
    }

    [Fact]
    public async Task A_range_leaves_out_what_no_silo_would_keep_before_it_reads_again()
    {
        foreach (
            var (grain, minutes) in new[]
            {
                ("far-over", -90),
                ("far-soon", 14),
                ("far-later", 16),
                ("far-tomorrow", 1_440),
            }
        )
        {
            var entry = Entry(grain, "far");
            entry.StartAt = DateTime.UtcNow.AddMinutes(minutes);
            await Table.UpsertRow(entry);
        }
        var whole = await Table.ReadRows(0, 0); // form 2
        var signed = await Table.ReadRows(0x8000_0000, 0x7fff_ffff); // form 1: from the column's lowest to its highest

        foreach (var read in new[] { whole, signed })
            read.Reminders.Where(r => r.ReminderName == "far")
                .Select(r => r.GrainId.Key.ToString())
                .Order()
                .ShouldBe(["far-over", "far-soon"]);
        (await Table.ReadRow(Entry("far-tomorrow").GrainId, "far")).ShouldNotBeNull("asked for by name it is there");
        var options = fixture.Silo.Services.GetRequiredService<IOptions<ReminderOptions>>().Value;
        options.ReminderLoadingWindow.ShouldBeLessThanOrEqualTo(
            TimeSpan.FromMinutes(10),
            "the range must hold all that is kept"
        );
    }

    [Fact]
    public async Task A_reminder_is_deleted_only_at_the_version_that_was_read()
    {
        var entry = Entry("delete");
        await Table.UpsertRow(entry);
        var current = await Table.UpsertRow(entry);

        (await Table.RemoveRow(entry.GrainId, entry.ReminderName, "0")).ShouldBeFalse();
        (await Table.RemoveRow(entry.GrainId, entry.ReminderName, current!)).ShouldBeTrue();
        (await Table.RemoveRow(entry.GrainId, entry.ReminderName, current!)).ShouldBeFalse();
    }

    [Fact]
    public async Task All_reminders_of_a_service_are_deleted_and_no_others()
    {
        await using var own = new OneSilo();
        await own.InitializeAsync();
        var table = own.Silo.Services.GetRequiredService<IReminderTable>();
        await table.UpsertRow(Entry("clear"));
        await own.Database.ExecuteAsync(
            "insert into orleans.orleansreminderstable values ('other', 'g', 'r', now(), 1, 1)"
        );

        await table.TestOnlyClearTable();

        (
            await own.Database.ScalarAsync<string>(
                "select string_agg(serviceid, ',') from orleans.orleansreminderstable"
            )
        ).ShouldBe("other");
    }

    [Fact]
    public async Task A_grain_registers_finds_and_unregisters_its_reminders()
    {
        var grain = fixture.Silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("reminded");

        await grain.RemindAsync("one");
        await grain.RemindAsync("one");
        await grain.RemindAsync("two");
        (await grain.RemindersAsync()).ShouldBe(2);

        await grain.UnremindAsync("one");
        (await grain.RemindersAsync()).ShouldBe(1);
    }

    private static ReminderEntry Entry(string grain, string name = "name") =>
        new()
        {
            GrainId = GrainId.Create("sample-counter", grain),
            ReminderName = name,
            StartAt = Start,
            Period = TimeSpan.FromMinutes(5),
        };
}
