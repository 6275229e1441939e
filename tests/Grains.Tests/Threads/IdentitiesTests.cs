using CsCheck;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class IdentitiesTests
{
    private static readonly Gen<string?> WaId = Gen.OneOf<string?>(null, "1", "2");
    private static readonly Gen<string?> UserId = Gen.OneOf<string?>(null, "A", "B", "C");
    private static readonly Gen<CustomerIdentity> Customers = Gen.Select(
            WaId,
            UserId,
            (wa, user) => new CustomerIdentity(wa, user)
        )
        .Where(c => !c.IsEmpty);
    private static readonly Gen<DateTimeOffset> Times = Gen.Int[0, 10].Select(m => Sample.Start.AddMinutes(m));

    private static readonly Gen<IdentityOwner?> Owners = Gen.Select(
        Gen.Int[0, 3],
        UserId,
        Times,
        (thread, user, at) => thread == 0 ? null : new IdentityOwner(Thread(thread), user, at)
    );

    private static readonly Gen<(
        CustomerIdentity Customer,
        DateTimeOffset At,
        IdentityOwner? Wa,
        IdentityOwner? User,
        int Generation
    )> Cases = Gen.Select(
        Customers,
        Times,
        Owners,
        Owners,
        Gen.Int[0, 3],
        (c, at, wa, user, generation) => (c, at, c.WaId is null ? null : wa, c.UserId is null ? null : user, generation)
    );

    [Fact]
    public void A_message_never_goes_to_a_thread_that_is_known_by_another_id() =>
        Cases.Sample(c =>
        {
            var route = Route(c);
            if (
                route.ReleaseFrom is null
                && route.Thread == c.Wa?.Thread
                && c.Customer.UserId is { } told
                && c.Wa.UserId is { } known
            )
                (told == known || c.User?.Thread == c.Wa.Thread).ShouldBeTrue();
        });

    [Fact]
    public void The_number_is_let_go_only_by_its_owner_and_only_for_a_newer_message() =>
        Cases.Sample(c =>
        {
            if (Route(c).ReleaseFrom is not { } from)
                return;
            from.ShouldBe(c.Wa!.Thread);
            c.At.ShouldBeGreaterThanOrEqualTo(c.Wa.IdentityAt);
            c.Customer.UserId.ShouldNotBe(c.Wa.UserId);
        });

    [Fact]
    public void After_the_number_was_let_go_the_next_answer_is_final() =>
        Cases.Sample(c =>
        {
            if (Route(c).ReleaseFrom is null)
                return;
            var again = Route(c with { Wa = null, Generation = c.Generation + 1 });
            again.ReleaseFrom.ShouldBeNull();
            again.Thread.ShouldNotBe(c.Wa!.Thread);
        });

    [Fact]
    public void A_thread_is_never_asked_to_let_go_what_it_keeps() =>
        Cases.Sample(c =>
        {
            // A thread that owns the id that is told does not give up its number to itself.
            if (c.Wa is not null && c.User?.Thread == c.Wa.Thread)
                Route(c).ShouldBe(new IdentityRoute(c.Wa.Thread, 0));
        });

    [Fact]
    public void Only_two_different_owners_are_a_conflict() =>
        Cases.Sample(c =>
        {
            if (Route(c).ConflictsWith is not { } other)
                return;
            other.ShouldBe(c.User!.Thread);
            other.ShouldNotBe(c.Wa!.Thread);
        });

    [Fact]
    public void First_messages_that_arrive_side_by_side_meet_in_one_thread() =>
        Gen.Select(Customers, Gen.Int[0, 3])
            .Sample(
                (customer, generation) =>
                {
                    var withBoth = new CustomerIdentity(customer.WaId ?? "1", customer.UserId);
                    var numberOnly = withBoth with { UserId = null };
                    Route((withBoth, Sample.Start, null, null, generation))
                        .ShouldBe(Route((numberOnly, Sample.Start, null, null, generation)));
                }
            );

    [Fact]
    public void What_was_written_before_a_number_changed_hands_is_its_former_owners()
    {
        var (first, second, third) = (Thread(1), Thread(2), Thread(3));
        var history = new IdentityHistory(
            2,
            [new FormerOwner(second, Sample.Start.AddDays(2)), new FormerOwner(first, Sample.Start.AddDays(1))]
        );
        var owner = new IdentityOwner(third, null, Sample.Start.AddDays(3));

        foreach (var now in new[] { null, owner })
        {
            ThreadAt(TimeSpan.Zero, now).ShouldBe(new IdentityRoute(first, 0, IsFormer: true));
            ThreadAt(TimeSpan.FromDays(1), now).ShouldBe(new IdentityRoute(second, 0, IsFormer: true));
        }
        ThreadAt(TimeSpan.FromDays(2), owner).ShouldBe(new IdentityRoute(third, 0, Since: Sample.Start.AddDays(2)));
        // And the next owner's thread is nobody's before.
        var next = ThreadAt(TimeSpan.FromDays(2), null);
        (next.IsNew, next.Generation).ShouldBe((true, 2));

        IdentityRoute ThreadAt(TimeSpan after, IdentityOwner? now) =>
            Identities.Route(Sample.Channel, new("1", null), Sample.Start + after, now, null, _ => history);
    }

    [Fact]
    public void Who_is_named_by_an_id_as_well_gets_nothing_of_the_numbers_other_owners() =>
        Gen.Select(Cases, Gen.Int[0, 10])
            .Sample(
                (c, minutes) =>
                {
                    var history = new IdentityHistory(
                        1,
                        [new FormerOwner(Thread(9), Sample.Start.AddMinutes(minutes))]
                    );
                    var route = Identities.Route(
                        Sample.Channel,
                        c.Customer,
                        c.At,
                        c.Wa,
                        c.User,
                        identity =>
                            identity.StartsWith("wa:", StringComparison.Ordinal) ? history : IdentityHistory.None
                    );
                    var before = c.Customer.WaId is not null && c.At < history.Since;
                    if (!before)
                        route.ShouldBe(
                            Route(c) with
                            {
                                Generation = route.Generation,
                                Thread = route.Thread,
                                Since = route.Since,
                            }
                        );
                    else if (c.Customer.UserId is null)
                        route.ShouldBe(new IdentityRoute(Thread(9), 0, IsFormer: true));
                    else
                        (route.ByUserIdOnly, route.Thread == c.User?.Thread).ShouldBe((true, c.User is not null));
                }
            );

    [Fact]
    public void A_new_owner_of_a_number_gets_another_thread()
    {
        var ids = Enumerable.Range(0, 50).Select(g => Identities.ThreadOf(Sample.Channel, "wa:1", g)).ToArray();
        ids.ShouldBeUnique();
        Identities.ThreadOf(Sample.Channel, "wa:1", 0).ShouldBe(ids[0]);
        Identities.ThreadOf(new ChannelId(Guid.NewGuid()), "wa:1", 0).ShouldNotBe(ids[0]);
        Identities.ThreadOf(Sample.Channel, "user:1", 0).ShouldNotBe(ids[0]);
    }

    [Fact]
    public void Derived_ids_are_made_by_our_own_rule_and_stay_as_they_are()
    {
        // Stored rows depend on it: changing the rule would give every known customer a second thread.
        var id = Identities.ThreadOf(Sample.Channel, "wa:351910000002", 0).Value;
        id.Version.ShouldBe(8);
        id.ShouldBe(Guid.Parse("8c0b1277-5a0a-8351-86ad-862d762e32a5"));
    }

    private static ThreadId Thread(int n) => new(new Guid(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static IdentityRoute Route(
        (CustomerIdentity Customer, DateTimeOffset At, IdentityOwner? Wa, IdentityOwner? User, int Generation) c
    ) => Identities.Route(Sample.Channel, c.Customer, c.At, c.Wa, c.User, _ => new IdentityHistory(c.Generation, []));
}
