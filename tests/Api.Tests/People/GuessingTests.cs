using Threadkeep.Api.Tests.Support;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.People;

/// <summary>Guessing passwords gets slower and slower, and keeps nobody out for ever (SPEC.md PS1).</summary>
[Collection(nameof(MovedTime))]
public sealed class GuessingTests(MovedTime product)
{
    private readonly SetupAgent person = Browser.NewPerson("agent");

    [Fact]
    public async Task After_five_wrong_guesses_at_an_address_the_next_waits_longer_each_time()
    {
        var office = await product.OfficeAsync(agents: [person]);

        for (var n = 0; n < 5; n++)
            (await GuessAsync()).Code.ShouldBe("wrong_credentials");
        var refused = await GuessAsync(Browser.Password);
        refused.Status.ShouldBe(429);
        refused.Code.ShouldBe("too_many_attempts");
        ((int)refused.Body!["retryAfter"]!).ShouldBe(30);

        product.Clock.Advance(TimeSpan.FromSeconds(30));
        (await GuessAsync()).Code.ShouldBe("wrong_credentials");
        ((int)(await GuessAsync()).Body!["retryAfter"]!).ShouldBe(60);
        (await office.CountAsync("audit_log", "action = 'session.slowed' and actor_kind = 'nobody'")).ShouldBe(2);
        for (var n = 0; n < 8; n++)
        {
            product.Clock.Advance(TimeSpan.FromMinutes(15));
            (await GuessAsync()).Code.ShouldBe("wrong_credentials", "no wait is longer than a quarter of an hour");
        }

        product.Clock.Advance(TimeSpan.FromMinutes(15));
        (await GuessAsync(Browser.Password)).Status.ShouldBe(200);
        for (var n = 0; n < 5; n++)
            (await GuessAsync()).Code.ShouldBe("wrong_credentials", "whoever got in begins anew");
    }

    [Fact]
    public async Task A_stranger_who_guesses_does_not_keep_out_whoever_has_signed_in_here_before()
    {
        await product.OfficeAsync(agents: [person]);
        using var own = await Browser.OfAsync(product, person);
        (await own.PostAsync("sign-out")).Status.ShouldBe(204);

        for (var n = 0; n < 6; n++)
            await GuessAsync();
        (await GuessAsync(Browser.Password)).Code.ShouldBe("too_many_attempts");

        (await own.SignInAsync(person.Email, Browser.Password)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_counted_one_by_one_and_an_unknown_address_is_guarded_alike()
    {
        await product.OfficeAsync(agents: [person]);
        var stranger = $"nobody-{Guid.NewGuid():N}@example.com";
        foreach (var email in new[] { person.Email, stranger })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => GuessAsync(email: email)));

            answers.Count(a => a.Code == "wrong_credentials").ShouldBe(5, email);
            answers.Count(a => a.Code == "too_many_attempts").ShouldBe(7, email);
        }
    }

    [Fact]
    public async Task A_source_that_guesses_at_many_addresses_waits_and_others_do_not()
    {
        await product.OfficeAsync(agents: [person]);
        var source = Browser.NewSource();
        using var attacker = new Browser(product, source);
        for (var n = 0; n < 20; n++)
            (await attacker.SignInAsync($"victim-{n}-{Guid.NewGuid():N}@example.com", "guessed")).Code.ShouldBe(
                "wrong_credentials"
            );

        (await attacker.SignInAsync(person.Email, Browser.Password)).Code.ShouldBe("too_many_attempts");
        (await GuessAsync(Browser.Password)).Status.ShouldBe(200);
    }

    // Each from somewhere else.
    private async Task<Answer> GuessAsync(string password = "guessed", string? email = null)
    {
        using var browser = new Browser(product);
        return await browser.SignInAsync(email ?? person.Email, password);
    }
}
