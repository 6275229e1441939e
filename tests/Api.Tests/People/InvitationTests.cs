using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.People;

/// <summary>Joining an account: by mail and by a link to copy, once, in time (SPEC.md PS1).</summary>
[Collection(nameof(MovedTime))]
public sealed class InvitationTests(MovedTime product)
{
    private readonly SetupAgent admin = Browser.NewPerson("admin", "Boss");

    private static string NewAddress() => $"new-{Guid.NewGuid():N}@example.com";

    private static string TokenOf(Answer invited) => invited.Body!["link"]!.ToString().Split('#')[1];

    private async Task<(Office Office, Browser Boss)> BeginAsync()
    {
        var office = await product.OfficeAsync(agents: [admin]);
        return (office, await Browser.OfAsync(product, admin));
    }

    private static object Accepting(string token, string password = Browser.Password) =>
        new
        {
            token,
            name = "田中 結衣",
            language = "ja",
            password,
        };

    [Fact]
    public async Task Somebody_is_invited_by_mail_and_by_link_and_joins_once()
    {
        var (office, boss) = await BeginAsync();
        var address = NewAddress();
        var thread = await office.HearAsync(Office.NewCustomer());

        var invited = await boss.PostAsync(
            "invitations",
            new
            {
                email = address,
                role = "agent",
                language = "ja",
                allChannels = false,
                channelIds = new[] { thread.ChannelId },
            }
        );
        invited.Status.ShouldBe(201);
        var link = invited.Body!["link"]!.ToString();
        link.ShouldStartWith(RunningProduct.ConsoleAddress + "/invitation#");
        var mail = (await product.MailsAsync(address, 1)).ShouldHaveSingleItem();
        mail.Subject.ShouldContain("招待");
        mail.Text.ShouldContain(link);

        using var newcomer = new Browser(product);
        var opened = await newcomer.PostAsync("invitations/open", new { token = TokenOf(invited) });
        opened.Body!["email"]!.ToString().ShouldBe(address);
        (await newcomer.PostAsync("invitations/accept", Accepting(TokenOf(invited), "short"))).Code.ShouldBe(
            "password_too_short"
        );
        (
            await newcomer.PostAsync("invitations/accept", Accepting(TokenOf(invited), address.ToUpperInvariant()))
        ).Code.ShouldBe("password_is_address");
        var joined = await newcomer.PostAsync("invitations/accept", Accepting(TokenOf(invited)));

        joined.Status.ShouldBe(200);
        joined.Body!["agent"]!["role"]!.ToString().ShouldBe("agent");
        (await newcomer.GetAsync("threads")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await newcomer.PostAsync("invitations/accept", Accepting(TokenOf(invited)))).Code.ShouldBe("link_ended");
        (await boss.GetAsync("invitations")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await boss.PostAsync("invitations", new { email = address, role = "agent" })).Code.ShouldBe("already_member");
        using var again = new Browser(product);
        (await again.SignInAsync(address, Browser.Password)).Status.ShouldBe(200);
        (await office.CountAsync("audit_log", "action like 'invitation.%'")).ShouldBe(2);
        boss.Dispose();
    }

    [Fact]
    public async Task A_link_ends_when_it_is_renewed_revoked_or_old()
    {
        var (_, boss) = await BeginAsync();
        using var newcomer = new Browser(product);
        var first = await boss.PostAsync("invitations", new { email = NewAddress(), role = "viewer" });
        var id = first.Body!["invitation"]!["id"]!.ToString();

        var second = await boss.PostAsync($"invitations/{id}/renew");
        (await newcomer.PostAsync("invitations/open", new { token = TokenOf(first) })).Code.ShouldBe("link_ended");
        (await newcomer.PostAsync("invitations/open", new { token = TokenOf(second) })).Status.ShouldBe(200);
        (await boss.DeleteAsync($"invitations/{id}")).Status.ShouldBe(204);
        (await newcomer.PostAsync("invitations/open", new { token = TokenOf(second) })).Code.ShouldBe("link_ended");
        (await boss.PostAsync($"invitations/{id}/renew")).Status.ShouldBe(404);

        var late = await boss.PostAsync("invitations", new { email = NewAddress(), role = "viewer" });
        product.Clock.Advance(TimeSpan.FromDays(7));
        (await newcomer.PostAsync("invitations/accept", Accepting(TokenOf(late)))).Code.ShouldBe("link_ended");
        (await boss.GetAsync("invitations")).Body!["items"]![0]!["state"]!.ToString().ShouldBe("expired");
        boss.Dispose();
    }

    [Fact]
    public async Task Two_who_use_a_link_at_once_are_one_person_and_an_address_of_another_account_is_refused()
    {
        var (office, boss) = await BeginAsync();
        var invited = await boss.PostAsync("invitations", new { email = NewAddress(), role = "agent" });
        var browsers = Enumerable.Range(0, 4).Select(_ => new Browser(product)).ToArray();

        var answers = await Task.WhenAll(
            browsers.Select(b => b.PostAsync("invitations/accept", Accepting(TokenOf(invited))))
        );

        answers.Count(a => a.Status == 200).ShouldBe(1);
        (await office.CountAsync("agents")).ShouldBe(2);

        var elsewhere = Browser.NewPerson("agent");
        await product.OfficeAsync(agents: [elsewhere]);
        var other = await boss.PostAsync("invitations", new { email = elsewhere.Email, role = "agent" });
        other.Status.ShouldBe(201, "whoever invites is not told where else an address signs in");
        (await browsers[0].PostAsync("invitations/accept", Accepting(TokenOf(other)))).Code.ShouldBe("address_in_use");
        foreach (var browser in browsers)
            browser.Dispose();
        boss.Dispose();
    }

    [Theory]
    [InlineData("no-at-sign")]
    [InlineData("a@b@c")]
    [InlineData("a b@example.com")]
    [InlineData("x@")]
    public async Task What_is_no_address_is_not_invited(string email)
    {
        var (_, boss) = await BeginAsync();

        (await boss.PostAsync("invitations", new { email, role = "agent" })).Code.ShouldBe("invalid_address");
        boss.Dispose();
    }
}
