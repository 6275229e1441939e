using OtpNet;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.People;

/// <summary>Codes of an authenticator app: asked for, used once, kept encrypted (SPEC.md PS1, PS3).</summary>
[Collection(nameof(MovedTime))]
public sealed class SecondFactorTests(MovedTime product)
{
    private readonly SetupAgent person = Browser.NewPerson("agent");
    private readonly SetupAgent admin = Browser.NewPerson("admin", "Boss");

    [Fact]
    public async Task Set_up_it_is_asked_for_and_each_code_works_once()
    {
        var office = await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        (await browser.PostAsync("me/second-factor/begin", new { password = "guessed" })).Code.ShouldBe(
            "wrong_password"
        );
        var begun = await browser.PostAsync("me/second-factor/begin", new { password = Browser.Password });
        var secret = begun.Body!["secret"]!.ToString();
        begun.Body!["uri"]!.ToString().ShouldStartWith("otpauth://totp/");
        (await browser.PostAsync("me/second-factor/confirm", new { code = "000000" })).Code.ShouldBe("wrong_code");
        (await browser.PostAsync("me/second-factor/confirm", new { code = Code(secret) })).Status.ShouldBe(200);

        using var other = new Browser(product);
        (await other.SignInAsync(person.Email, Browser.Password)).Code.ShouldBe("second_factor_needed");
        (await other.GetAsync("me")).Status.ShouldBe(401);
        (await other.SignInAsync(person.Email, Browser.Password, Code(secret))).Code.ShouldBe(
            "wrong_code",
            "it set the factor up"
        );
        product.Clock.Advance(TimeSpan.FromSeconds(30));
        (await other.SignInAsync(person.Email, "guessed", Code(secret))).Code.ShouldBe("wrong_credentials");
        (await other.SignInAsync(person.Email, Browser.Password, Code(secret))).Status.ShouldBe(200);
        (await other.SignInAsync(person.Email, Browser.Password, Code(secret))).Code.ShouldBe(
            "wrong_code",
            "it was used"
        );

        var hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(secret));
        (await office.CountAsync("agents", $"agents::text like '%{secret}%' or agents::text like '%{hex}%'")).ShouldBe(
            0
        );
        (await office.CountAsync("audit_log", "action = 'second_factor.enabled'")).ShouldBe(1);
    }

    [Fact]
    public async Task Recovery_codes_work_once_each_and_a_password_gives_the_factor_up()
    {
        var office = await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        var (_, codes) = await SetUpAsync(browser);
        codes.Length.ShouldBe(10);
        (await office.CountAsync("recovery_codes", $"recovery_codes::text like '%{codes[0]}%'")).ShouldBe(0);
        using var other = new Browser(product);

        (await other.SignInAsync(person.Email, Browser.Password, codes[0].ToUpperInvariant())).Status.ShouldBe(200);
        (await other.SignInAsync(person.Email, Browser.Password, codes[0])).Code.ShouldBe("wrong_code");
        ((int)(await browser.GetAsync("me/second-factor")).Body!["recoveryCodesLeft"]!).ShouldBe(9);
        (
            await browser.PostAsync("me/second-factor/recovery-codes", new { password = Browser.Password })
        ).Status.ShouldBe(200);
        (await other.SignInAsync(person.Email, Browser.Password, codes[1])).Code.ShouldBe(
            "wrong_code",
            "new ones end the old"
        );

        (await browser.PostAsync("me/second-factor/disable", new { password = "guessed" })).Code.ShouldBe(
            "wrong_password"
        );
        (await browser.PostAsync("me/second-factor/disable", new { password = Browser.Password })).Status.ShouldBe(204);
        (await other.SignInAsync(person.Email, Browser.Password)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Where_the_account_asks_for_it_nothing_else_is_allowed_before_it_is_set_up()
    {
        await product.OfficeAsync(agents: [person, admin]);
        using var boss = await Browser.OfAsync(product, admin);
        using var browser = await Browser.OfAsync(product, person);
        (await boss.PatchAsync("account", new { secondFactorRequired = true })).Status.ShouldBe(200);

        (await browser.GetAsync("threads")).Code.ShouldBe("second_factor_required");
        // What names customers or their words is no exception, and no browser is told of them.
        foreach (var door in new[] { "notices", "notices?all=true", "drafts" })
            (await browser.GetAsync(door)).Code.ShouldBe("second_factor_required", door);
        var push = new
        {
            endpoint = "https://push.example/1",
            p256dh = "x",
            auth = "x",
        };
        (await browser.PostAsync("me/push", push)).Code.ShouldBe("second_factor_required");
        ((bool)(await browser.GetAsync("me")).Body!["secondFactorMissing"]!).ShouldBeTrue();
        (await boss.GetAsync("people")).Code.ShouldBe("second_factor_required", "admins are people");
        await SetUpAsync(browser);

        (await browser.GetAsync("threads")).Status.ShouldBe(200);
        (await browser.PostAsync("me/second-factor/disable", new { password = Browser.Password })).Code.ShouldBe(
            "second_factor_required"
        );
    }

    [Fact]
    public async Task Guessing_codes_is_slowed_down_even_by_whoever_knows_the_password()
    {
        await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        await SetUpAsync(browser);
        using var thief = new Browser(product);

        for (var n = 0; n < 5; n++)
        {
            (await thief.SignInAsync(person.Email, Browser.Password)).Code.ShouldBe("second_factor_needed");
            (await thief.SignInAsync(person.Email, Browser.Password, "000000")).Code.ShouldBe("wrong_code");
        }

        (await thief.SignInAsync(person.Email, Browser.Password, "000000")).Code.ShouldBe("too_many_attempts");
    }

    [Fact]
    public async Task An_admin_takes_the_factor_from_somebody_who_has_lost_their_phone()
    {
        var office = await product.OfficeAsync(agents: [person, admin]);
        using var boss = await Browser.OfAsync(product, admin);
        using var browser = await Browser.OfAsync(product, person);
        await SetUpAsync(browser);
        var id = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();

        (await browser.DeleteAsync($"people/{id}/second-factor")).Code.ShouldBe("not_allowed");
        (await boss.DeleteAsync($"people/{id}/second-factor")).Status.ShouldBe(204);

        using var other = new Browser(product);
        (await other.SignInAsync(person.Email, Browser.Password)).Status.ShouldBe(200);
        (await office.CountAsync("audit_log", "action = 'second_factor.disabled' and actor_name = 'Boss'")).ShouldBe(1);
    }

    private async Task<(string Secret, string[] Codes)> SetUpAsync(Browser browser)
    {
        var begun = await browser.PostAsync("me/second-factor/begin", new { password = Browser.Password });
        var secret = begun.Body!["secret"]!.ToString();
        var confirmed = await browser.PostAsync("me/second-factor/confirm", new { code = Code(secret) });
        confirmed.Status.ShouldBe(200);
        return (secret, [.. confirmed.Body!["codes"]!.AsArray().Select(c => c!.ToString())]);
    }

    private string Code(string secret) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(product.Now.UtcDateTime);
}
