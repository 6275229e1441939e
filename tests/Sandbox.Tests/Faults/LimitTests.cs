using Threadkeep.Sandbox.Tests.Support;
using static Threadkeep.Sandbox.Tests.Support.RunningSandbox;

namespace Threadkeep.Sandbox.Tests.Faults;

/// <summary>Meta's limits, which are off until they are switched on (CLOUD_API.md 9.8).</summary>
public sealed class LimitTests
{
    private const string Text = """{"type":"text","text":{"body":"x"}}""";

    private static async Task<int?> CodeAsync(RunningSandbox sandbox, string to)
    {
        var (status, body) = await sandbox.SendAsync(to, Text);
        return status == 200 ? null : body["error"]!["code"]!.GetValue<int>();
    }

    [Fact]
    public async Task The_46th_message_at_once_to_one_customer_is_refused_and_another_customer_is_not_concerned()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"limits":{"pair":true}}""");

        for (var n = 0; n < 45; n++)
            (await CodeAsync(sandbox, Yui)).ShouldBeNull();

        (await CodeAsync(sandbox, Yui)).ShouldBe(131056);
        (await CodeAsync(sandbox, "447700900123")).ShouldBeNull();
        await sandbox.FaultsAsync("{}");
        (await CodeAsync(sandbox, Yui)).ShouldBeNull("it is off");
    }

    [Fact]
    public async Task More_than_so_many_a_second_are_refused()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"limits":{"perSecond":3}}""");

        var codes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => CodeAsync(sandbox, Yui)));

        codes.Count(c => c is null).ShouldBeGreaterThanOrEqualTo(3);
        codes.ShouldContain(130429);
    }

    [Fact]
    public async Task Calls_that_manage_are_counted_by_the_hour_and_messages_are_not()
    {
        await using var sandbox = await StartAsync();
        await sandbox.FaultsAsync("""{"limits":{"managementPerHour":2}}""");
        var path = $"{Waba}?fields=id";

        (await sandbox.GetAsync(path)).Status.ShouldBe(200);
        (await sandbox.GetAsync(path)).Status.ShouldBe(200);
        var (status, body) = await sandbox.GetAsync(path);

        (status, body["error"]!["code"]!.GetValue<int>()).ShouldBe((400, 80007));
        using var answer = await sandbox.Graph.GetAsync(path);
        answer.Headers.GetValues("X-Business-Use-Case-Usage").Single().ShouldContain("\"call_count\":100");
        (await CodeAsync(sandbox, Yui)).ShouldBeNull();
    }

    [Fact]
    public async Task A_number_and_its_business_say_what_limits_them()
    {
        await using var sandbox = await StartAsync();
        var number = $"{Number}?fields=whatsapp_business_manager_messaging_limit,throughput";
        var waba = $"{Waba}?fields=id,business_verification_status,owner_business_info";
        (await sandbox.GetAsync(number)).Body["whatsapp_business_manager_messaging_limit"]!
            .ToString()
            .ShouldBe("TIER_UNLIMITED");
        (await sandbox.GetAsync(waba)).Body["business_verification_status"]!.ToString().ShouldBe("verified");

        await sandbox.FaultsAsync("""{"limits":{"tier":"TIER_250","throughput":"HIGH","unverified":true}}""");

        var told = (await sandbox.GetAsync(number)).Body;
        told["whatsapp_business_manager_messaging_limit"]!.ToString().ShouldBe("TIER_250");
        told["throughput"]!["level"]!.ToString().ShouldBe("HIGH");
        (await sandbox.GetAsync(waba)).Body["business_verification_status"]!.ToString().ShouldBe("not_verified");
    }
}
