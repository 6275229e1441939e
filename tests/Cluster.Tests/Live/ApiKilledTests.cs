using Threadkeep.Cluster.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Cluster.Tests.Live;

/// <summary>An Api host dies under open live feeds (promise 5).</summary>
[Collection(nameof(SharedSilo))]
public sealed class ApiKilledTests(OneSilo deployment) : ClusterTest(deployment)
{
    [Fact]
    public async Task A_live_feed_whose_Api_was_killed_begins_anew_with_hello_and_goes_on()
    {
        using (var feed = await Rest.LiveAsync())
        {
            (await NextEventAsync(feed)).ShouldBe("hello");
            Deployment.KillApi();
            (await EndsAsync(feed)).ShouldBeTrue();
        }

        Deployment.StartApi();
        // As a browser's EventSource does: again and again until it is there.
        StreamReader? again = null;
        await Eventually.IsTrueAsync("the feed can be opened", async () => (again = await TryOpenAsync()) is not null);
        using (again)
        {
            (await NextEventAsync(again!)).ShouldBe("hello");
            await Sandbox.IsDeliveredAsync(await Sandbox.WriteAsync(Meta.NewCustomer(), "Hello"));
            string? heard;
            do heard = await NextEventAsync(again!);
            while (heard is "ping" or "resync");
            heard.ShouldBe("thread");
        }
    }

    private async Task<StreamReader?> TryOpenAsync()
    {
        try
        {
            return await Rest.LiveAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<string?> NextEventAsync(StreamReader feed)
    {
        while (await feed.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(40)) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                return line["event: ".Length..];
        }
        return null;
    }

    private static async Task<bool> EndsAsync(StreamReader feed)
    {
        try
        {
            while (await NextEventAsync(feed) is not null) { }
            return true;
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            return true;
        }
    }
}
