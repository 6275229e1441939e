using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Threadkeep.Media;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Media;

public sealed class VirusScannerTests : IDisposable
{
    private readonly TestScanner clamd = new();

    public void Dispose() => clamd.Dispose();

    private VirusScanner Scanner(int timeoutSeconds = 20) =>
        new(
            Options.Create(
                new ScannerOptions
                {
                    Host = "localhost",
                    Port = clamd.Port,
                    TimeoutSeconds = timeoutSeconds,
                }
            ),
            NullLogger<VirusScanner>.Instance
        );

    private static MemoryStream File(string content, int size = 0) =>
        new(Encoding.ASCII.GetBytes(content.PadRight(size, '.')));

    [Theory]
    [InlineData("an invoice", FileScan.Clean)]
    [InlineData("", FileScan.Clean)]
    [InlineData(TestScanner.Virus, FileScan.Infected)]
    public async Task It_says_what_clamd_says(string content, FileScan verdict)
    {
        using var file = File(content);

        (await Scanner().ScanAsync(file, TestContext.Current.CancellationToken)).ShouldBe(verdict);
        file.Position.ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_many_chunks_is_read_from_its_beginning_to_its_end()
    {
        using var file = File("".PadRight(200_000, '.') + TestScanner.Virus);
        file.Position = file.Length;

        (await Scanner().ScanAsync(file, TestContext.Current.CancellationToken)).ShouldBe(FileScan.Infected);
    }

    [Fact]
    public async Task One_that_is_larger_than_clamd_takes_is_told_apart_from_an_outage()
    {
        clamd.MostBytes = 100_000;
        using var file = File("large", 8 * 1024 * 1024);

        (await Scanner().ScanAsync(file, TestContext.Current.CancellationToken)).ShouldBe(FileScan.TooLarge);
    }

    [Theory]
    [InlineData(true, ScannerMood.Answers)]
    [InlineData(false, ScannerMood.Silent)]
    [InlineData(false, ScannerMood.Troubled)]
    public async Task Out_of_reach_slow_and_in_trouble_are_no_verdict(bool gone, ScannerMood mood)
    {
        clamd.Mood = mood;
        if (gone)
            clamd.Leave();
        using var file = File("an invoice");

        (await Scanner(timeoutSeconds: 1).ScanAsync(file, TestContext.Current.CancellationToken)).ShouldBe(
            FileScan.Waiting
        );
    }

    [Theory]
    [InlineData("Scanner:Host", "not a host")]
    [InlineData("Scanner:Port", "0")]
    [InlineData("Scanner:Port", "65536")]
    [InlineData("Scanner:TimeoutSeconds", "0")]
    [InlineData("Scanner:TimeoutSeconds", "301")]
    public void Settings_out_of_range_are_named(string setting, string value)
    {
        using var services = new ServiceCollection()
            .AddThreadkeepMedia(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build())
            .BuildServiceProvider();

        Should
            .Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<ScannerOptions>>().Value)
            .Message.ShouldContain(setting.Split(':')[1]);
    }
}
