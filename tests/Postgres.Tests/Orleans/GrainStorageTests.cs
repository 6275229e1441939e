using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Threadkeep.TestSilo;

namespace Threadkeep.Postgres.Tests.Orleans;

/// <summary>The four storage queries, asked through the storage providers of a running silo.</summary>
public sealed class GrainStorageTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private IGrainStorage Storage(string name) => fixture.Silo.Services.GetRequiredKeyedService<IGrainStorage>(name);

    public static TheoryData<string, GrainId> KeysOfEveryForm() =>
        new()
        {
            { "string", GrainId.Create("sample", "text") },
            { "number", GrainId.Create(GrainType.Create("sample"), GrainIdKeyExtensions.CreateIntegerKey(42)) },
            {
                "number and text",
                GrainId.Create(GrainType.Create("sample"), GrainIdKeyExtensions.CreateIntegerKey(42, "text"))
            },
            {
                "guid",
                GrainId.Create(
                    GrainType.Create("sample"),
                    GrainIdKeyExtensions.CreateGuidKey(new Guid("f1f2f3f4-0000-0000-0000-000000000042"))
                )
            },
        };

    [Theory]
    [MemberData(nameof(KeysOfEveryForm))]
    public async Task What_was_written_is_read_whatever_the_form_of_the_key(string form, GrainId id)
    {
        var storage = Storage(SampleSilo.Keeping);
        var written = State(form.Length);
        await storage.WriteStateAsync("forms", id, written);
        written.State!.Sum++;
        await storage.WriteStateAsync("forms", id, written);

        var read = State();
        await storage.ReadStateAsync("forms", id, read);

        read.RecordExists.ShouldBeTrue();
        read.State!.Sum.ShouldBe(form.Length + 1);
        read.ETag.ShouldBe("2");
    }

    [Fact]
    public async Task What_was_never_written_is_read_as_new()
    {
        var read = State(7);

        await Storage(SampleSilo.Keeping).ReadStateAsync("never", GrainId.Create("sample", "never"), read);

        read.RecordExists.ShouldBeFalse();
        read.ETag.ShouldBeNull();
        read.State!.Sum.ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_first_writes_the_second_is_refused()
    {
        var storage = Storage(SampleSilo.Keeping);
        var id = GrainId.Create("sample", "race");
        await storage.WriteStateAsync("race", id, State(1));

        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync("race", id, State(2)));

        var read = State();
        await storage.ReadStateAsync("race", id, read);
        read.State!.Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_one_succeeds_and_one_row_is_left()
    {
        var storage = Storage(SampleSilo.Keeping);
        // A key without text: there the unique index must treat null as a value.
        var id = GrainId.Create(GrainType.Create("sample"), GrainIdKeyExtensions.CreateIntegerKey(77));

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async n =>
                {
                    try
                    {
                        await storage.WriteStateAsync("crowd", id, State(n));
                        return true;
                    }
                    catch (InconsistentStateException)
                    {
                        return false;
                    }
                })
        );

        results.Count(succeeded => succeeded).ShouldBe(1);
        (
            await fixture.Database.ScalarAsync<long>(
                "select count(*) from orleans.orleansstorage where graintypestring = 'crowd'"
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task A_write_with_an_old_version_is_refused()
    {
        var storage = Storage(SampleSilo.Keeping);
        var id = GrainId.Create("sample", "stale");
        var first = State(1);
        await storage.WriteStateAsync("stale", id, first);
        var second = State();
        await storage.ReadStateAsync("stale", id, second);
        await storage.WriteStateAsync("stale", id, second);

        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync("stale", id, first));
        await Should.ThrowAsync<InconsistentStateException>(() => storage.ClearStateAsync("stale", id, first));
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_its_version_goes_on()
    {
        var storage = Storage(SampleSilo.Keeping);
        var id = GrainId.Create("sample", "clear");
        var state = State(5);
        await storage.WriteStateAsync("clear", id, state);

        await storage.ClearStateAsync("clear", id, state);

        state.ETag.ShouldBe("2");
        var read = State(5);
        await storage.ReadStateAsync("clear", id, read);
        read.RecordExists.ShouldBeFalse();
        read.State!.Sum.ShouldBe(0);
        await storage.WriteStateAsync("clear", id, state);
        state.ETag.ShouldBe("3");
    }

    [Fact]
    public async Task With_DeleteStateOnClear_the_row_is_gone_and_a_new_one_begins()
    {
        var storage = Storage(SampleSilo.Deleting);
        var id = GrainId.Create("sample", "delete");
        var state = State(5);
        await storage.WriteStateAsync("delete", id, state);
        var stale = State();
        stale.ETag = "9";

        await Should.ThrowAsync<InconsistentStateException>(() => storage.ClearStateAsync("delete", id, stale));
        await storage.ClearStateAsync("delete", id, state);

        (
            await fixture.Database.ScalarAsync<long>(
                "select count(*) from orleans.orleansstorage where graintypestring = 'delete'"
            )
        ).ShouldBe(0);
        await storage.WriteStateAsync("delete", id, state);
        state.ETag.ShouldBe("1");
    }

    [Fact]
    public async Task A_grain_finds_its_state_again_after_it_was_deactivated()
    {
        var grain = fixture.Silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("counter");

        await grain.AddAsync(2);
        await grain.DeactivateAsync();
        (await grain.AddAsync(3)).ShouldBe(5);

        await grain.ForgetAsync();
        await grain.DeactivateAsync();
        (await grain.AddAsync(1)).ShouldBe(1);
    }

    private static GrainState<CounterState> State(int sum = 0) => new(new CounterState { Sum = sum });
}
