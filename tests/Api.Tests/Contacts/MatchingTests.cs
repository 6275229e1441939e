using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.Contacts;

/// <summary>A number that equals a contact's is that contact (SPEC.md RE3); and the merging that this and people do.</summary>
[Collection(nameof(RealTime))]
public sealed class MatchingTests(RealTime product)
{
    private static async Task<string> MadeAsync(Office office, string json)
    {
        var answer = await office.PostAsync("contacts", json);
        answer.Status.ShouldBe(201, answer.Body?.ToJsonString());
        return answer.Body!["id"]!.ToString();
    }

    private static async Task<JsonNode> OfThreadAsync(Office office, SeenThread thread) =>
        (await office.AskAsync($"threads/{thread.Id}/contact")).Body!;

    private static Task NamedAsync(Office office, SeenThread thread, string name) =>
        Eventually.IsTrueAsync(
            $"the thread is {name}'s",
            async () => (await office.AgainAsync(thread)).Contact.Name == name
        );

    [Fact]
    public async Task A_customer_who_writes_from_a_records_mobile_number_is_that_record()
    {
        var office = await product.OfficeAsync();
        var waId = "55119" + Office.NewCustomer()[^7..];
        // Written with the 9 that Meta leaves out.
        var record = await MadeAsync(
            office,
            $$"""{"familyName":"Silva","givenName":"Ana","mobilePhone":"+5511 9{{waId[4..]}}"}"""
        );
        var thread = await office.HearAsync(waId);
        await NamedAsync(office, thread, "Ana Silva");
        var told = await OfThreadAsync(office, thread);
        told["contact"]!["id"]!.ToString().ShouldBe(record);
        told["ownId"]!.ToString().ShouldNotBe(record);
        (await office.CountAsync("contact_merges")).ShouldBe(1);
        (await office.AskAsync($"contacts/{record}/threads")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await office.AskAsync("contacts")).Body!["items"]!.AsArray().Count.ShouldBe(1);

        // It was somebody else: taken back, and not found again.
        var merge = told["contact"]!["merges"]![0]!["id"]!.ToString();
        (await office.PostAsync($"merges/{merge}/undo")).Status.ShouldBe(200);
        (await office.AgainAsync(thread)).Contact.Name.ShouldBe("Yui");
        await office.HearAsync(waId, "Me again");
        (await OfThreadAsync(office, thread))["contact"]!["id"]!.ToString().ShouldBe(told["ownId"]!.ToString());
        (await office.PostAsync($"merges/{merge}/undo")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("+52 1 ", "52")]
    [InlineData("+521", "521")]
    [InlineData("+52 ", "521")]
    public async Task A_number_of_Mexico_is_a_number_with_its_old_1_too(string written, string told)
    {
        var office = await product.OfficeAsync();
        var national = "55" + Office.NewCustomer()[^8..];
        var made = await office.PostAsync(
            "contacts",
            $$"""{"familyName":"Frida","mobilePhone":"{{written}}{{national}}"}"""
        );
        made.Status.ShouldBe(201, made.Body?.ToJsonString());
        made.Body!["mobilePhone"]!.ToString().ShouldBe(written.Replace(" ", "", StringComparison.Ordinal) + national);
        await NamedAsync(office, await office.HearAsync(told + national), "Frida");
        foreach (var odd in new[] { "+5213", "+5225512345678", "+521551234567890" })
            (await office.PostAsync("contacts", $$"""{"familyName":"X","mobilePhone":"{{odd}}"}""")).Code.ShouldBe(
                "invalid_phone",
                odd
            );
    }

    [Fact]
    public async Task A_number_that_is_written_into_a_contact_later_finds_who_has_written_before()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var thread = await office.HearAsync(customer);
        var record = await MadeAsync(office, """{"familyName":"Tanaka"}""");
        var changed = await office.CallAsync(
            HttpMethod.Patch,
            $"contacts/{record}",
            $$"""{"phone":"0{{customer[2..]}}"}"""
        );
        changed.Body!["phone"]!.ToString().ShouldBe("+" + customer);
        await NamedAsync(office, thread, "Tanaka");
    }

    [Fact]
    public async Task Several_records_with_the_number_are_shown_and_never_guessed()
    {
        var office = await product.OfficeAsync();
        var customer = Office.NewCustomer();
        var first = await MadeAsync(office, $$"""{"familyName":"First","phone":"+{{customer}}"}""");
        var second = await MadeAsync(office, $$"""{"familyName":"Second","mobilePhone":"+{{customer}}"}""");
        var thread = await office.HearAsync(customer);
        await Eventually.IsTrueAsync(
            "the contact was looked at",
            async () => await office.CountAsync("contacts", "not is_record and sort_key is not null") == 1
        );
        (await office.AgainAsync(thread)).Contact.Name.ShouldBe("Yui");
        var told = await OfThreadAsync(office, thread);
        var own = told["ownId"]!.ToString();
        told["contact"]!["matches"]!.AsArray().Select(m => m!["id"]!.ToString()).ShouldBe([first, second]);

        // One is chosen; the other is kept apart and not shown again.
        (await office.PostAsync($"contacts/{own}/merge", $$"""{"intoId":"{{second}}"}""")).Status.ShouldBe(200);
        (await office.AgainAsync(thread)).Contact.Name.ShouldBe("Second");
        var chosen = (await OfThreadAsync(office, thread))["contact"]!;
        chosen["matches"]!.AsArray().Count.ShouldBe(1);
        (
            await office.CallAsync(HttpMethod.Put, $"contacts/{second}/apart", $$"""{"contactIds":["{{first}}"]}""")
        ).Status.ShouldBe(200);
        (await OfThreadAsync(office, thread))["contact"]!["matches"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_records_become_one_and_are_two_again_and_nothing_is_lost()
    {
        var office = await product.OfficeAsync();
        var (a, b) = (Office.NewCustomer(), Office.NewCustomer());
        var one = await MadeAsync(office, $$"""{"familyName":"One","phone":"+{{a}}","email":"one@example.com"}""");
        var two = await MadeAsync(office, $$"""{"familyName":"Two","phone":"+{{b}}","note":"Kept"}""");
        var (hers, his) = (await office.HearAsync(a), await office.HearAsync(b));
        await NamedAsync(office, hers, "One");
        await NamedAsync(office, his, "Two");

        var merged = await office.PostAsync($"contacts/{one}/merge", $$"""{"intoId":"{{two}}"}""");
        merged.Status.ShouldBe(200, merged.Body?.ToJsonString());
        merged.Body!["email"]!.ToString().ShouldBe("one@example.com");
        merged.Body["familyName"]!.ToString().ShouldBe("Two");
        (await office.AgainAsync(hers)).Contact.Name.ShouldBe("Two");
        (await office.AskAsync($"contacts/{one}")).Body!["id"]!.ToString().ShouldBe(two);
        (await office.AskAsync($"contacts/{two}/threads")).Body!["items"]!.AsArray().Count.ShouldBe(2);
        var late = await office.CallAsync(HttpMethod.Patch, $"contacts/{one}", """{"version":1,"note":"x"}""");
        (late.Status, late.Code).ShouldBe((409, "contact_changed"));

        var merge = merged.Body["merges"]!.AsArray().Single(m => m!["contactId"]!.ToString() == one)!["id"]!.ToString();
        (await office.PostAsync($"merges/{merge}/undo")).Status.ShouldBe(200);
        (await office.AgainAsync(hers)).Contact.Name.ShouldBe("One");
        (await office.AgainAsync(his)).Contact.Name.ShouldBe("Two");
        (await office.AskAsync($"contacts/{two}")).Body!["email"].ShouldBeNull();
        (await office.AskAsync($"contacts/{two}")).Body!["note"]!.ToString().ShouldBe("Kept");
        (await office.CountAsync("audit_log", "action in ('contact.merged', 'contact.unmerged')")).ShouldBe(2);
    }

    [Fact]
    public async Task A_number_written_while_its_customer_first_writes_is_matched_exactly_once()
    {
        var office = await product.OfficeAsync();
        var customers = Enumerable.Range(0, 12).Select(_ => Office.NewCustomer()).Distinct().ToArray();
        var threads = await Task.WhenAll(
            customers.Select(async customer =>
            {
                var made = MadeAsync(office, $$"""{"familyName":"N{{customer}}","phone":"+{{customer}}"}""");
                var thread = await office.HearAsync(customer);
                await made;
                return (customer, thread);
            })
        );
        foreach (var (customer, thread) in threads)
            await NamedAsync(office, thread, "N" + customer);
        (await office.CountAsync("contact_merges")).ShouldBe(customers.Length);
    }
}
