using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class AgentNameTests
{
    private static readonly AcceptMessage Text = Sample.Send("text", "Hello") with
    {
        Body = """{"type":"text","text":{"body":"Hello","preview_url":true}}""",
        Agent = new AgentId(Guid.NewGuid()),
        AgentName = "田中 *Yui*",
    };

    private static MessageRow Sent(AcceptMessage message, bool wanted = true)
    {
        var state = (Sample.NewThread with { Rules = new TicketRules { AgentNameFirst = wanted } }).After(
            Sample.Start,
            Sample.Message("a", Sample.Start)
        );
        return SendDecider
            .Accept(state, message, null, null, Sample.Start)
            .Commit!.Messages.Single(m => m.Body is not null);
    }

    [Fact]
    public void A_text_begins_with_the_agents_name_where_the_account_wants_it()
    {
        var sent = Sent(Text);
        sent.Text.ShouldBe("*田中 Yui*\nHello");
        var body = JsonNode.Parse(sent.Body!)!["text"]!;
        body["body"]!.ToString().ShouldBe(sent.Text);
        body["preview_url"]!.GetValue<bool>().ShouldBeTrue();
        Sent(Text, wanted: false).Text.ShouldBe("Hello");
    }

    [Fact]
    public void Programs_repeats_other_types_and_what_would_be_too_long_stay_as_they_are()
    {
        Sent(Text with { Agent = null }).Text.ShouldBe("Hello");
        Sent(Text with { RepeatsSeq = 1 }).Text.ShouldBe("Hello");
        Sent(Text with { Type = "image" }).Text.ShouldBe("Hello");
        Sent(Text with { AgentName = "***" }).Text.ShouldBe("Hello");
        var longest = new string('x', 4_090);
        Sent(Text with { Text = longest }).Text.ShouldBe(longest);
    }
}
