using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.People;

[Collection(nameof(RealTime))]
public sealed class SignInTests(RealTime product)
{
    private const string Password = "correct horse battery staple";

    private static SetupAgent NewAgent() =>
        new("Aiko", $"aiko-{Guid.NewGuid():N}@example.com", Password, "ja", "agent");

    private HttpClient NewBrowser() =>
        new(new HttpClientHandler { UseCookies = true, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(product.ApiUrl, "/api/v1/"),
        };

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email, string password)
    {
        browser.DefaultRequestHeaders.Remove("X-Threadkeep");
        browser.DefaultRequestHeaders.Add("X-Threadkeep", "console");
        return browser.PostAsJsonAsync("sign-in", new { email, password });
    }

    private static string SessionCookie(HttpResponseMessage answer) =>
        answer
            .Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("threadkeep_session", StringComparison.Ordinal));

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var agent = NewAgent();
        await product.OfficeAsync(agents: [agent]);
        using var browser = NewBrowser();

        using var wrong = await SignInAsync(browser, agent.Email, "guessed");
        using var unknown = await SignInAsync(browser, "nobody@example.com", Password);

        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var answer = JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!;
        answer["code"]!.ToString().ShouldBe("wrong_credentials");
        JsonNode.Parse(await unknown.Content.ReadAsStringAsync())!["title"]!
            .ToString()
            .ShouldBe(answer["title"]!.ToString());
        using var me = await browser.GetAsync("me");
        me.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use_and_signing_out_ends_it()
    {
        var agent = NewAgent();
        var office = await product.OfficeAsync(agents: [agent]);
        using var browser = NewBrowser();

        using var signedIn = await SignInAsync(browser, agent.Email.ToUpperInvariant(), Password);
        signedIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = SessionCookie(signedIn).ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        JsonNode.Parse(await signedIn.Content.ReadAsStringAsync())!["agent"]!["email"]!
            .ToString()
            .ShouldBe(agent.Email);
        using (var me = await browser.GetAsync("me"))
            me.StatusCode.ShouldBe(HttpStatusCode.OK);

        // The cookie itself, kept by somebody, is worth nothing after signing out.
        var token = cookie.Split(';')[0];
        using var signedOut = await browser.PostAsync("sign-out", null);
        signedOut.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var thief = new HttpClient { BaseAddress = browser.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "me");
        request.Headers.Add("Cookie", token.Split('=')[0] + "=" + token.Split('=')[1].ToUpperInvariant());
        using var after = await thief.SendAsync(request);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await office.CountAsync("sign_in_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task A_change_by_cookie_needs_the_consoles_header()
    {
        var agent = NewAgent();
        var office = await product.OfficeAsync(agents: [agent]);
        var thread = await office.HearAsync(Office.NewCustomer());
        var upTo = new { upTo = (await office.MessagesAsync(thread))[0].Id };
        using var browser = NewBrowser();
        (await SignInAsync(browser, agent.Email, Password)).Dispose();

        browser.DefaultRequestHeaders.Remove("X-Threadkeep");
        using var forged = await browser.PostAsJsonAsync($"threads/{thread.Id}/read", upTo);
        forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        JsonNode.Parse(await forged.Content.ReadAsStringAsync())!["code"]!.ToString().ShouldBe("csrf");
        (await office.AgainAsync(thread)).Unread.ShouldBe(1);

        browser.DefaultRequestHeaders.Add("X-Threadkeep", "console");
        using var own = await browser.PostAsJsonAsync($"threads/{thread.Id}/read", upTo);
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Secrets_are_not_in_the_database_as_they_are()
    {
        var agent = NewAgent();
        var office = await product.OfficeAsync(agents: [agent]);
        using var browser = NewBrowser();
        using var signedIn = await SignInAsync(browser, agent.Email, Password);
        var token = SessionCookie(signedIn).Split(';')[0].Split('=')[1];

        foreach (var secret in new[] { office.ApiKey, office.AppSecret, RunningProduct.AccessToken, token, Password })
        {
            var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
            foreach (
                var table in new[]
                {
                    "api_keys",
                    "meta_apps",
                    "channels",
                    "sign_in_sessions",
                    "agents",
                    "business_accounts",
                }
            )
            {
                (
                    await product.Database.ScalarAsync<long>(
                        // Every column of the row as text, byte columns as hex.
                        $"select count(*) from threadkeep.{table} t where t::text like '%{secret}%' or t::text like '%{hex}%'"
                    )
                ).ShouldBe(0, $"{table} holds a secret");
            }
        }
        (await office.CountAsync("sign_in_sessions")).ShouldBe(1, "the look was worth it");
    }

    [Fact]
    public async Task Without_a_known_key_nothing_is_answered()
    {
        await product.OfficeAsync();
        using var stranger = NewBrowser();
        stranger.DefaultRequestHeaders.Add("Authorization", "Bearer guessed");

        using var answer = await stranger.GetAsync("threads");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.ToString().ShouldBe("not_signed_in");
    }
}
