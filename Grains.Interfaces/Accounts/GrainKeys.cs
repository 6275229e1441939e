using System.Globalization;

namespace Threadkeep.Accounts;

/// <summary>The only place where grain keys are written and read. A key leads with its account, so that every load is bound to it.</summary>
public static class GrainKeys
{
    /// <summary>How many activations of one number's router may run, one per partition; each Api host takes its own in turn.</summary>
    public const int PhoneNumberPartitions = 16;

    /// <summary>How many live feed grains share the accounts.</summary>
    public const int LiveFeedShards = 16;

    /// <summary>How many sweepers share the threads whose alarms may have been lost.</summary>
    public const int SweepShards = 4;

    public static string Thread(AccountId account, ThreadId thread) => $"{account}/{thread}";

    public static (AccountId Account, ThreadId Thread) ParseThread(string key) =>
        (new AccountId(Guid.ParseExact(key.AsSpan(0, 32), "N")), new ThreadId(Guid.ParseExact(key.AsSpan(33), "N")));

    public static string Channel(AccountId account, ChannelId channel) => $"{account}/{channel}";

    public static (AccountId Account, ChannelId Channel) ParseChannel(string key) =>
        (new AccountId(Guid.ParseExact(key.AsSpan(0, 32), "N")), new ChannelId(Guid.ParseExact(key.AsSpan(33), "N")));

    /// <param name="portfolio">Meta's id of the business.</param>
    public static string Portfolio(AccountId account, string portfolio) => $"{account}/{portfolio}";

    public static (AccountId Account, string Portfolio) ParsePortfolio(string key) =>
        (new AccountId(Guid.ParseExact(key.AsSpan(0, 32), "N")), key[33..]);

    public static string PhoneNumber(string phoneNumberId, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{phoneNumberId}/{partition}");

    public static string ParsePhoneNumber(string key) => key[..key.LastIndexOf('/')];

    public static int LiveFeedShard(AccountId account) => (int)((uint)account.Value.GetHashCode() % LiveFeedShards);
}
