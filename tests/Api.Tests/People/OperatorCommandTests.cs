using System.Text.RegularExpressions;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.People;

/// <summary>What the operator does on the server: other accounts, and links where no mail is set up (SPEC.md PS1, PS2).</summary>
[Collection(nameof(RealTime))]
public sealed partial class OperatorCommandTests(RealTime product)
{
    private readonly SetupAgent admin = Browser.NewPerson("admin");

    [Fact]
    public async Task Another_account_is_made_with_a_link_for_its_first_admin()
    {
        var address = $"owner-{Guid.NewGuid():N}@example.com";

        var said = await RunAsync(
            0,
            "account",
            "--name",
            "青空商店",
            "--admin-email",
            address,
            "--language",
            "ja",
            "--limit",
            "300"
        );

        using var owner = new Browser(product);
        var joined = await owner.PostAsync(
            "invitations/accept",
            new
            {
                token = TokenIn(said),
                name = "店長",
                language = "ja",
                password = Browser.Password,
            }
        );
        joined.Status.ShouldBe(200);
        joined.Body!["agent"]!["role"]!.ToString().ShouldBe("admin");
        joined.Body!["account"]!["name"]!.ToString().ShouldBe("青空商店");
        (await owner.GetAsync("threads")).Body!["items"]!.AsArray().ShouldBeEmpty();
        ((int)(await owner.GetAsync("quota")).Body!["limit"]!).ShouldBe(300);
        (await owner.GetAsync("audit?action=invitation.created")).Body!["items"]![0]!["actor"]!["kind"]!
            .ToString()
            .ShouldBe("operator");
    }

    [Fact]
    public async Task The_operator_changes_an_accounts_monthly_conversations()
    {
        var office = await product.OfficeAsync(limit: 3);
        var account = office.Account.ToString("N");

        await RunAsync(0, "quota", "--account", account, "--limit", "500");
        (await office.QuotaAsync()).Limit.ShouldBe(500);
        await RunAsync(0, "quota", "--account", account, "--limit", "none");
        (await office.QuotaAsync()).Limit.ShouldBeNull();
        await RunAsync(1, "quota", "--account", account, "--limit", "-1");
        await RunAsync(1, "quota", "--account", Guid.NewGuid().ToString("N"), "--limit", "1");

        var noted = (await office.AskAsync("audit?action=quota.changed")).Body!["items"]!.AsArray();
        noted.Count.ShouldBe(2);
        noted[0]!["actor"]!["kind"]!.ToString().ShouldBe("operator");
    }

    [Fact]
    public async Task Where_no_mail_is_set_up_invitations_are_links_and_the_operator_makes_those_for_passwords()
    {
        await product.OfficeAsync(agents: [admin]);
        using var boss = await Browser.OfAsync(product, admin);
        ((bool)(await boss.GetAsync("sign-in/options")).Body!["mail"]!).ShouldBeFalse();
        var invited = await boss.PostAsync(
            "invitations",
            new { email = $"{Guid.NewGuid():N}@example.com", role = "agent" }
        );
        ((bool)invited.Body!["mailed"]!).ShouldBeFalse();
        invited.Body!["link"]!.ToString().ShouldStartWith(product.ApiUrl + "invitation#");
        (await boss.PostAsync("password/forgotten", new { email = admin.Email })).Code.ShouldBe("mail_not_configured");

        var said = await RunAsync(0, "password-link", "--email", admin.Email.ToUpperInvariant());

        using var browser = new Browser(product);
        (
            await browser.PostAsync(
                "password/reset",
                new { token = TokenIn(said), password = "a new one that is long" }
            )
        ).Status.ShouldBe(204);
        (await browser.SignInAsync(admin.Email, "a new one that is long")).Status.ShouldBe(200);
        (await boss.GetAsync("me")).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("account", "--name", "Nameless")]
    [InlineData("account", "--name", "x", "--admin-email", "a@example.com", "--time-zone", "Mars/Olympus")]
    [InlineData("account", "--name")]
    [InlineData("password-link", "--email", "nobody@example.com")]
    [InlineData("password-link")]
    public async Task What_cannot_be_done_is_said_and_nothing_is_written(params string[] args)
    {
        var before = await product.Database.ScalarAsync<long>("select count(*) from threadkeep.business_accounts");

        (await RunAsync(1, args)).ShouldNotBeEmpty();

        (await product.Database.ScalarAsync<long>("select count(*) from threadkeep.business_accounts")).ShouldBe(
            before
        );
    }

    [Theory]
    [InlineData("{}", "account")]
    [InlineData("null", "no document")]
    [InlineData("""{"account":{"name":"A","timeZone":"Asia/Tokyo"},"agents":[],"channels":[]}""", "lacks app.")]
    [InlineData(
        """{"account":{"name":"A","timeZone":"Asia/Tokyo"},"agents":[null],"app":{"appKey":"a"},"channels":[{}]}""",
        "agents[0].name"
    )]
    [InlineData(
        """{"account":{"name":"A","timeZone":"Mars"},"agents":[],"app":{"appKey":"a","appId":"1","appSecret":"s","verifyToken":"v"},"channels":[]}""",
        "Mars"
    )]
    public async Task A_document_that_lacks_something_is_refused_with_its_name(string document, string expected)
    {
        await using var output = new StringWriter();
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(document));
        (await SetupCommand.RunAsync(product.ApiServices, input, output)).ShouldBe(1);
        output.ToString().ShouldContain(expected);
    }

    [Fact]
    public async Task Setting_up_again_keeps_what_people_have_changed()
    {
        var office = await product.OfficeAsync(agents: [admin]);
        var account = office.Account;
        using var boss = await Browser.OfAsync(product, admin);
        (await boss.PatchAsync("account", new { name = $"Renamed {account:N}" })).Status.ShouldBe(200);
        (
            await boss.PostAsync("me/password", new { current = Browser.Password, @new = "a new one that is long" })
        ).Status.ShouldBe(204);

        await product.ConnectAsync(office);

        office.Account.ShouldBe(account);
        (await boss.SignInAsync(admin.Email, Browser.Password)).Code.ShouldBe("wrong_credentials");
        (await boss.SignInAsync(admin.Email, "a new one that is long")).Status.ShouldBe(200);
        (await boss.GetAsync("account")).Body!["name"]!.ToString().ShouldStartWith("Renamed");
    }

    private async Task<string> RunAsync(int expected, params string[] args)
    {
        await using var output = new StringWriter();
        (await OperatorCommands.RunAsync(product.ApiServices, args, output)).ShouldBe(expected, output.ToString());
        return output.ToString();
    }

    private static string TokenIn(string text) => Token().Match(text).Groups[1].Value;

    [GeneratedRegex("#([0-9a-f]{64})")]
    private static partial Regex Token();
}
