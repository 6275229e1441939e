using System.Globalization;
using Threadkeep.Accounts;

namespace Threadkeep.Bench;

/// <summary>What bench/run hands on in the environment, and how long things take.</summary>
public static class BenchSettings
{
    /// <summary>The yardsticks' own accounts, so that nothing they write touches the product's rows.</summary>
    public static readonly Guid GroupAccount = Guid.Parse("be000000-0000-0000-0000-000000000001");

    public static readonly Guid NaiveAccount = Guid.Parse("be000000-0000-0000-0000-000000000002");

    /// <summary>A short form: figures vary more.</summary>
    public static bool Quick => Environment.GetEnvironmentVariable("BENCH_QUICK") == "1";

    public static TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 1 : 3);

    /// <summary>How long one point is measured.</summary>
    public static TimeSpan PointTime => TimeSpan.FromSeconds(Quick ? 2 : 8);

    /// <summary>Customers where there are many of them.</summary>
    public static int ManyCustomers => Quick ? 5_000 : 50_000;

    /// <summary>The template from which every scenario's database is cloned.</summary>
    public static string Database => Need("BENCH_DATABASE");

    public static byte[] Secret => System.Text.Encoding.ASCII.GetBytes(Need("BENCH_SECRET"));

    public static string PhoneNumberId => Need("BENCH_NUMBER");

    public static string ApiKey => Need("BENCH_API_KEY");

    /// <summary>Logs and files of this run.</summary>
    public static string Work => Need("BENCH_WORK");

    /// <summary>Our customers' numbers: as many digits for each, so that a request is written once.</summary>
    public static string WaIdOf(int customer) =>
        string.Create(CultureInfo.InvariantCulture, $"3519{customer:00000000}");

    public static string Need(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}

/// <summary>The account and channel that the run's <c>setup</c> made.</summary>
internal sealed record BenchChannel(AccountId Account, ChannelId Channel);
