using Microsoft.Extensions.Options;
using Threadkeep.Sandbox.Configuration;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Numbers;

/// <summary>The business numbers and their accounts. Names come from the configuration, the rest from the journal.</summary>
public sealed class NumberBook
{
    private readonly Table<BusinessNumber> numbers;
    private readonly Table<Waba> wabas;

    public NumberBook(IOptions<SandboxOptions> options, Journal journal)
    {
        ArgumentNullException.ThrowIfNull(options);
        numbers = new Table<BusinessNumber>("numbers", n => n.PhoneNumberId, journal);
        wabas = new Table<Waba>("wabas", w => w.WabaId, journal);
        foreach (var given in options.Value.Numbers)
        {
            var kept = numbers.Find(given.PhoneNumberId);
            numbers.Put(
                new BusinessNumber(
                    given.PhoneNumberId,
                    given.WabaId,
                    given.DisplayPhoneNumber,
                    given.VerifiedName,
                    kept?.Registered ?? true,
                    kept?.Pin,
                    kept?.Profile ?? [],
                    CallbackUri: kept?.CallbackUri
                )
            );
            wabas.TryAdd(new Waba(given.WabaId, Subscribed: true));
        }
    }

    public BusinessNumber[] All() => numbers.All();

    public BusinessNumber? Find(string phoneNumberId) => numbers.Find(phoneNumberId);

    public Waba? FindWaba(string wabaId) => wabas.Find(wabaId);

    public BusinessNumber? Change(string phoneNumberId, Func<BusinessNumber, BusinessNumber> change) =>
        numbers.Change(phoneNumberId, change);

    /// <summary>What people would call the account.</summary>
    public string NameOf(Waba waba)
    {
        ArgumentNullException.ThrowIfNull(waba);
        return waba.Name ?? All().FirstOrDefault(n => n.WabaId == waba.WabaId)?.VerifiedName ?? waba.WabaId;
    }

    /// <summary>Where webhooks of a number go, and those of its account where there is none: a number's own address comes before the account's. Null: to the app's.</summary>
    public string? CallbackOf(string? phoneNumberId, string wabaId) =>
        (phoneNumberId is null ? null : Find(phoneNumberId)?.CallbackUri) ?? FindWaba(wabaId)?.CallbackUri;

    public Waba[] Wabas() => wabas.All();

    public void Add(Waba waba) => wabas.TryAdd(waba);

    public void Add(BusinessNumber number) => numbers.Put(number);

    /// <param name="callbackUri">Where its webhooks go; null: to the app's address.</param>
    public void Subscribe(string wabaId, bool subscribed, string? callbackUri = null) =>
        wabas.Change(wabaId, waba => waba with { Subscribed = subscribed, CallbackUri = callbackUri });
}
