namespace Threadkeep.TestSilo;

/// <summary>Tells which silo it lives on.</summary>
[Alias("sample-place")]
public interface IPlaceGrain : IGrainWithIntegerKey
{
    [Alias("where")]
    Task<string> WhereAsync();
}

/// <summary>Keeps a number in grain storage and can hold a reminder.</summary>
[Alias("sample-counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> AddAsync(int number);

    [Alias("forget")]
    Task ForgetAsync();

    [Alias("remind")]
    Task RemindAsync(string name);

    [Alias("reminders")]
    Task<int> RemindersAsync();

    [Alias("unremind")]
    Task UnremindAsync(string name);

    [Alias("deactivate")]
    Task DeactivateAsync();
}

[GrainType("sample-place")]
internal sealed class PlaceGrain(ILocalSiloDetails silo) : Grain, IPlaceGrain
{
    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}

/// <summary>The state of <see cref="ICounterGrain"/>.</summary>
[GenerateSerializer, Alias("sample-counter-state")]
public sealed record CounterState
{
    [Id(0)]
    public int Sum { get; set; }
}

[GrainType("sample-counter")]
internal sealed class CounterGrain(
    [PersistentState("sample-counter", SampleSilo.Keeping)] IPersistentState<CounterState> state
) : Grain, ICounterGrain, IRemindable
{
    public async Task<int> AddAsync(int number)
    {
        state.State.Sum += number;
        await state.WriteStateAsync();
        return state.State.Sum;
    }

    public Task ForgetAsync() => state.ClearStateAsync();

    public Task RemindAsync(string name) =>
        this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

    public async Task<int> RemindersAsync() => (await this.GetReminders()).Count;

    public async Task UnremindAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
