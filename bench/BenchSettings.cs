namespace Threadkeep.Bench;

/// <summary>What bench/run hands on in the environment.</summary>
public static class BenchSettings
{
    /// <summary>How many customers write.</summary>
    public const int Customers = 1_000;

    /// <summary>The yardsticks' own accounts, so that nothing they write touches the product's rows.</summary>
    public static readonly Guid GroupAccount = Guid.Parse("be000000-0000-0000-0000-000000000001");

    public static readonly Guid NaiveAccount = Guid.Parse("be000000-0000-0000-0000-000000000002");

    public static string Database => Need("BENCH_DATABASE");

    public static byte[] Secret => System.Text.Encoding.ASCII.GetBytes(Need("BENCH_SECRET"));

    public static string PhoneNumberId => Need("BENCH_NUMBER");

    public static string WaIdOf(int customer) => $"3519{customer:00000000}";

    public static string Need(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}
