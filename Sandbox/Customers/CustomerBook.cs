using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Customers;

/// <summary>All people the Sandbox plays. Whoever is written to, or writes, is added.</summary>
public sealed class CustomerBook
{
    private readonly Table<Customer> customers;
    private readonly LiveEvents live;
    private readonly TimeProvider time;

    public CustomerBook(Journal journal, LiveEvents live, TimeProvider time)
    {
        customers = new Table<Customer>("customers", c => c.WaId, journal);
        this.live = live;
        this.time = time;
        if (customers.All().Length == 0)
            foreach (var (waId, name) in FirstPeople)
                Meet(waId, name);
    }

    public Customer[] All() => customers.All();

    public Customer? Find(string waId) => customers.Find(waId);

    public Customer? FindByUserId(string userId) => customers.All().FirstOrDefault(c => c.UserId == userId);

    /// <summary>The person of this number, added if unknown; what is given replaces what was known.</summary>
    public Customer Meet(
        string waId,
        string? name = null,
        string? userId = null,
        bool? hidesNumber = null,
        string? username = null
    )
    {
        var known = customers.Find(waId);
        var next = new Customer(
            waId,
            name ?? known?.Name ?? "+" + waId,
            userId ?? known?.UserId ?? GraphIds.UserIdOf(waId),
            hidesNumber ?? known?.HidesNumber ?? false,
            known?.AddedAt ?? time.GetUtcNow(),
            username ?? known?.Username,
            known?.StoppedMarketing ?? false
        );
        if (next == known)
            return known;
        customers.Put(next);
        live.Tell(new LiveEvent("customers"));
        return next;
    }

    /// <summary>The person wants marketing, or no more.</summary>
    public Customer Prefer(Customer customer, bool stopped)
    {
        ArgumentNullException.ThrowIfNull(customer);
        return customers.Put(customer with { StoppedMarketing = stopped });
    }

    /// <summary>The person has a new number, and with it a new user id. The old number has no owner then.</summary>
    public Customer Renumber(Customer customer, string to)
    {
        ArgumentNullException.ThrowIfNull(customer);
        customers.Remove(customer.WaId);
        var next = customers.Put(customer with { WaId = to, UserId = GraphIds.UserIdOf(to) });
        live.Tell(new LiveEvent("customers"));
        return next;
    }

    private static readonly (string WaId, string Name)[] FirstPeople =
    [
        ("819012345678", "田中 結衣"),
        ("818023456789", "佐藤 健一"),
        ("817034567890", "鈴木 春奈"),
        ("351912345678", "Bruno Esteves"),
        ("971501234567", "Amina Khalil"),
        ("34612345678", "Lucía Marín"),
        ("14155550132", "Grace Miller"),
    ];
}
