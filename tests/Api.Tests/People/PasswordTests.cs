using System.Text.RegularExpressions;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.People;

/// <summary>Forgotten and changed passwords, and where one is signed in (SPEC.md PS1).</summary>
[Collection(nameof(MovedTime))]
public sealed partial class PasswordTests(MovedTime product)
{
    private const string NewPassword = "a new one that is long";

    private readonly SetupAgent person = Browser.NewPerson("agent");

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_mailed_link_that_works_once()
    {
        var office = await product.OfficeAsync(agents: [person]);
        using var old = await Browser.OfAsync(product, person);
        using var browser = new Browser(product);

        (await browser.PostAsync("password/forgotten", new { email = person.Email })).Status.ShouldBe(202);
        var token = TokenIn((await product.MailsAsync(person.Email, 1))[0].Text);
        (await browser.PostAsync("password/open", new { token })).Body!["email"]!.ToString().ShouldBe(person.Email);
        (await browser.PostAsync("password/reset", new { token, password = person.Email })).Code.ShouldBe(
            "password_is_address"
        );
        (await browser.PostAsync("password/reset", new { token, password = NewPassword })).Status.ShouldBe(204);

        (await browser.PostAsync("password/reset", new { token, password = NewPassword })).Code.ShouldBe("link_ended");
        (await old.GetAsync("me")).Status.ShouldBe(401, "whoever was signed in with the old one is not any more");
        (await browser.SignInAsync(person.Email, Browser.Password)).Code.ShouldBe("wrong_credentials");
        (await browser.SignInAsync(person.Email, NewPassword)).Status.ShouldBe(200);
        (await office.CountAsync("audit_log", "action in ('password.link_created', 'password.reset')")).ShouldBe(2);
        await Eventually.IsTrueAsync("what has left does not wait", async () => await office.CountAsync("mails") == 0);
    }

    [Fact]
    public async Task An_unknown_address_gets_the_same_answer_and_few_mails_leave_for_a_known_one()
    {
        await product.OfficeAsync(agents: [person]);
        using var browser = new Browser(product);
        var stranger = $"nobody-{Guid.NewGuid():N}@example.com";

        foreach (var email in new[] { stranger, person.Email, person.Email, person.Email, person.Email, person.Email })
        {
            var answer = await browser.PostAsync("password/forgotten", new { email });
            answer.Status.ShouldBe(202);
            answer.Body.ShouldBeNull();
        }

        // The links before it have ended with the newest; three are let through before the first wait.
        var mails = await product.MailsAsync(person.Email, 3);
        mails.Length.ShouldBe(3);
        (await product.MailsAsync(stranger, 0)).ShouldBeEmpty();
        product.Clock.Advance(TimeSpan.FromHours(1));
        (await browser.PostAsync("password/open", new { token = TokenIn(mails[0].Text) })).Code.ShouldBe("link_ended");
    }

    [Fact]
    public async Task A_changed_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        await product.OfficeAsync(agents: [person]);
        using var here = await Browser.OfAsync(product, person);
        using var there = await Browser.OfAsync(product, person);

        (await here.PostAsync("me/password", new { current = "guessed", @new = NewPassword })).Code.ShouldBe(
            "wrong_password"
        );
        (await here.PostAsync("me/password", new { current = Browser.Password, @new = "short" })).Code.ShouldBe(
            "password_too_short"
        );
        (await here.PostAsync("me/password", new { current = Browser.Password, @new = NewPassword })).Status.ShouldBe(
            204
        );

        (await here.GetAsync("me")).Status.ShouldBe(200);
        (await there.GetAsync("me")).Status.ShouldBe(401);
        (await there.SignInAsync(person.Email, NewPassword)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Sessions_are_listed_with_device_and_address_and_ended_singly_or_all_others()
    {
        var other = Browser.NewPerson("agent", "Other");
        await product.OfficeAsync(agents: [person, other]);
        var source = Browser.NewSource();
        using var here = new Browser(product, source);
        here.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0");
        (await here.SignInAsync(person.Email, Browser.Password)).Status.ShouldBe(200);
        using var there = await Browser.OfAsync(product, person);
        using var third = await Browser.OfAsync(product, person);
        using var stranger = await Browser.OfAsync(product, other);
        product.Clock.Advance(TimeSpan.FromMinutes(10));
        (await here.GetAsync("me")).Status.ShouldBe(200);

        var sessions = (await here.GetAsync("me/sessions")).Body!["items"]!.AsArray();
        sessions.Count.ShouldBe(3);
        var own = sessions[0]!;
        ((bool)own["current"]!).ShouldBeTrue("the last seen comes first");
        own["address"]!.ToString().ShouldBe(source);
        own["device"]!.ToString().ShouldContain("Firefox");
        DateTimeOffset.Parse(own["lastSeenAt"]!.ToString(), null).ShouldBe(product.Now, TimeSpan.FromSeconds(1));
        var one = sessions[1]!["id"]!.ToString();

        (await stranger.DeleteAsync($"me/sessions/{one}")).Status.ShouldBe(404);
        (await here.DeleteAsync($"me/sessions/{one}")).Status.ShouldBe(204);
        (await here.GetAsync("me/sessions")).Body!["items"]!.AsArray().Count.ShouldBe(2);
        ((int)(await here.DeleteAsync("me/sessions")).Body!["ended"]!).ShouldBe(1);
        var left = new[] { await there.GetAsync("me"), await third.GetAsync("me") };
        left.ShouldAllBe(a => a.Status == 401);
        (await here.GetAsync("me")).Status.ShouldBe(200);
        (await stranger.GetAsync("me")).Status.ShouldBe(200);
    }

    private static string TokenIn(string text) => Link().Match(text).Groups[1].Value;

    [GeneratedRegex("/new-password#([0-9a-f]{64})")]
    private static partial Regex Link();
}
