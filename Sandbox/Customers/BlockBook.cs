using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Customers;

/// <summary>A person whom a number has blocked.</summary>
public sealed record Block(string PhoneNumberId, string WaId)
{
    public string Id => PhoneNumberId + "/" + WaId;
}

/// <summary>Whom which number has blocked.</summary>
public sealed class BlockBook(Journal journal)
{
    private readonly Table<Block> blocks = new("blocks", b => b.Id, journal);

    public bool Has(string phoneNumberId, string waId) => blocks.Find(new Block(phoneNumberId, waId).Id) is not null;

    public Block[] Of(string phoneNumberId) => [.. blocks.All().Where(b => b.PhoneNumberId == phoneNumberId)];

    public void Add(string phoneNumberId, string waId) => blocks.Put(new Block(phoneNumberId, waId));

    public void Remove(string phoneNumberId, string waId) => blocks.Remove(new Block(phoneNumberId, waId).Id);
}
