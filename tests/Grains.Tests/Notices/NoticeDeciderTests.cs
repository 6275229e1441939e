using System.Text.Json;
using CsCheck;
using Threadkeep.Accounts;
using Threadkeep.Notices;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Notices;

public sealed class NoticeDeciderTests
{
    private static readonly AccountId Account = new(Guid.Parse("ac000000-0000-0000-0000-000000000001"));
    private static readonly Guid Channel = Guid.Parse("c0000000-0000-0000-0000-000000000001");
    private static readonly Guid Hidden = Guid.Parse("c0000000-0000-0000-0000-000000000002");
    private static readonly Guid Team = Guid.Parse("7e000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Roles = ["admin", "supervisor", "agent", "viewer"];

    private static Guid Agent(int n) => new(n, 0, 0, new byte[8]);

    private static NoticePerson Person(
        int n,
        string role = "agent",
        bool inTeam = false,
        NoticeSettings? settings = null
    ) => new(Account, new AgentId(Agent(n)), role, null, inTeam ? [Team] : [], settings ?? NoticeSettings.Usual);

    private static ThreadItem Heard(int seq = 1, Guid? owner = null, Guid? team = null) =>
        new()
        {
            AccountId = Account.Value,
            ThreadId = Guid.Parse("0e000000-0000-0000-0000-000000000001"),
            ChannelId = Channel,
            Seq = seq,
            Direction = (short)MessageDirection.Inbound,
            Type = "text",
            At = Start.AddSeconds(seq),
            OwnerId = owner,
            TeamId = team,
        };

    private static ThreadItem Own(string type, object data, Guid? by = null) =>
        Heard() with
        {
            Direction = (short)MessageDirection.System,
            Type = type,
            AgentId = by,
            Data = JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
        };

    private static Guid[] Told(ThreadItem item, params NoticePerson[] people) =>
        [.. NoticeDecider.Decide([item], people).Select(n => n.Agent.Value)];

    private static readonly Gen<NoticePerson> People = Gen.Select(
        Gen.Int[1, 6],
        Gen.Int[0, 3].Select(n => Roles[n]),
        Gen.Bool,
        Gen.Bool,
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 7],
        (n, role, inTeam, sees, messages, everyone, ways) =>
            Person(n, role, inTeam) with
            {
                Channels = sees ? null : [Hidden],
                Settings = new NoticeSettings
                {
                    Messages = messages,
                    Unassigned = everyone ? NoticeSettings.OfEveryone : NoticeSettings.OfMyTeams,
                    Ways = NoticeEvents.All.ToDictionary(e => e, _ => (NoticeWays)ways),
                },
            }
    );

    private static readonly Gen<ThreadItem> Items = Gen.Select(
        Gen.Int[0, 5],
        Gen.Int[1, 4],
        Gen.Int[1, 30],
        Gen.Int[0, 6],
        Gen.Int[0, 6],
        Gen.Bool,
        Gen.Bool,
        (what, thread, seq, owner, by, ofTeam, snoozed) =>
            (
                what switch
                {
                    0 => Heard(),
                    1 => Heard() with { Type = "reaction" },
                    2 => Heard() with
                    {
                        Direction = (short)MessageDirection.Note,
                        Mentioned = [Agent(1), Agent(2), Agent(3)],
                    },
                    3 => Heard() with { Direction = (short)MessageDirection.Outbound },
                    4 => Own(
                        "ticket_changed",
                        new { changes = new { owner = new { to = Agent(owner).ToString("N") } } }
                    ),
                    _ => Own("sla_breached", new { kind = "resolution" }),
                }
            ) with
            {
                ThreadId = new Guid(thread, 1, 0, new byte[8]),
                Seq = seq,
                OwnerId = owner == 0 ? null : Agent(owner),
                AgentId = by == 0 || what < 2 ? null : Agent(by),
                TeamId = ofTeam ? Team : null,
                IsSnoozed = snoozed,
            }
    );

    [Fact]
    public void Nobody_is_told_of_what_they_did_may_not_see_or_do_not_want_and_a_thread_is_one_notice_of_messages()
    {
        Gen.Select(People.Array[0, 6], Items.Array[0, 12])
            .Sample(
                (drawn, happened) =>
                {
                    var people = drawn.DistinctBy(p => p.Agent).ToArray();
                    var items = happened.DistinctBy(i => (i.ThreadId, i.Seq)).ToArray();
                    var told = NoticeDecider.Decide(items, people);
                    foreach (var notice in told)
                    {
                        var person = people.Single(p => p.Agent == notice.Agent);
                        var item = items.Single(i => i.ThreadId == notice.Thread && i.Seq == notice.Seq);
                        person.Channels.ShouldBeNull();
                        notice.Ways.ShouldNotBe(NoticeWays.None);
                        if (notice.Kind is NoticeKinds.Assigned or NoticeKinds.Mention)
                            notice.By.ShouldNotBe(notice.Agent.Value);
                        if (notice.Kind == NoticeKinds.SendFailed)
                            item.AgentId.ShouldBe(notice.Agent.Value);
                        if (notice.Kind != NoticeKinds.Message)
                            continue;
                        person.Settings.Messages.ShouldBeTrue();
                        item.IsSnoozed.ShouldBeFalse();
                        if (item.OwnerId != notice.Agent.Value)
                            person.Role.ShouldNotBe("viewer");
                    }
                    var messages = told.Where(n => n.Kind == NoticeKinds.Message).ToArray();
                    messages.ShouldBeUnique();
                    messages.Select(n => (n.Agent, n.Thread)).ShouldBeUnique();
                    // What is found again is the same notice.
                    var again = NoticeDecider.Decide(items, people);
                    again
                        .Where(n => n.Kind != NoticeKinds.Message)
                        .Select(n => (n.Agent, n.Id))
                        .ShouldBe(told.Where(n => n.Kind != NoticeKinds.Message).Select(n => (n.Agent, n.Id)));
                },
                iter: 2_000
            );
    }

    [Fact]
    public void A_customers_message_is_its_owners_and_of_what_is_nobodys_the_teams_or_everybodys_who_wants_it()
    {
        var (owner, member, other, wants, reads) = (
            Person(1),
            Person(2, inTeam: true),
            Person(3),
            Person(4, settings: new NoticeSettings { Unassigned = NoticeSettings.OfEveryone }),
            Person(5, "viewer", inTeam: true)
        );
        NoticePerson[] all = [owner, member, other, wants, reads];
        Told(Heard(owner: Agent(1)), all).ShouldBe([Agent(1)]);
        Told(Heard(team: Team), all).ShouldBe([Agent(2), Agent(4)]);
        Told(Heard(), all).ShouldBe([Agent(1), Agent(2), Agent(3), Agent(4)]);
        // Whoever had it is gone: it is nobody's.
        Told(Heard(owner: Agent(9), team: Team), all).ShouldBe([Agent(2), Agent(4)]);
        Told(Heard() with { IsSnoozed = true }, all).ShouldBeEmpty();
        Told(Heard(), Person(1, settings: new NoticeSettings { Messages = false })).ShouldBeEmpty();
    }

    [Fact]
    public void Messages_of_a_thread_fold_and_the_last_is_where_it_opens()
    {
        var told = NoticeDecider.Decide([Heard(3), Heard(4), Heard(7)], [Person(1)]).ShouldHaveSingleItem();
        (told.Count, told.Seq, told.At).ShouldBe((3, 7, Start.AddSeconds(7)));
    }

    [Fact]
    public void A_promise_always_has_somebody_who_is_told_of_it()
    {
        var missed = Own("sla_breached", new { kind = "first_response" });
        var (agent, member, supervisor, admin) = (
            Person(1),
            Person(2, inTeam: true),
            Person(3, "supervisor"),
            Person(4, "admin")
        );
        NoticePerson[] all = [agent, member, supervisor, admin];
        Told(missed with { OwnerId = Agent(1) }, all).ShouldBe([Agent(1)]);
        Told(missed with { TeamId = Team }, all).ShouldBe([Agent(2)]);
        Told(missed, all).ShouldBe([Agent(3)]);
        Told(missed, agent, admin).ShouldBe([Agent(4)]);
    }

    [Fact]
    public void A_ticket_given_is_told_to_whoever_has_it_and_a_teams_to_its_members_while_it_is_nobodys()
    {
        var given = Own(
            "ticket_changed",
            new { changes = new { owner = new { to = Agent(1).ToString("N") } } },
            Agent(2)
        );
        Told(given with { OwnerId = Agent(1) }, Person(1), Person(2)).ShouldBe([Agent(1)]);
        Told(given with { OwnerId = Agent(1), AgentId = Agent(1) }, Person(1), Person(2)).ShouldBeEmpty();
        // It has gone on to somebody else before anybody was told.
        Told(given with { OwnerId = Agent(2) }, Person(1), Person(2)).ShouldBeEmpty();
        var toTeam = Own("ticket_changed", new { changes = new { team = new { to = Team.ToString("N") } } }, Agent(2));
        Told(toTeam with { TeamId = Team }, Person(1, inTeam: true), Person(2, inTeam: true), Person(3))
            .ShouldBe([Agent(1)]);
        Told(toTeam with { TeamId = Team, OwnerId = Agent(3) }, Person(1, inTeam: true)).ShouldBeEmpty();
        Told(Own("ticket_changed", new { changes = new { status = new { to = "closed" } } }), Person(1))
            .ShouldBeEmpty();
    }
}
