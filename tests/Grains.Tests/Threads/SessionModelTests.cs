using System.Globalization;
using CsCheck;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

/// <summary>Random messages (late, doubled, out of order, wrongly stamped) and ticks, against <see cref="SessionModel"/>.</summary>
public sealed class SessionModelTests
{
    /// <param name="Wait">Minutes since the step before.</param>
    /// <param name="Messages">None: a look at the alarm, after an agent's answer where <paramref name="Answer"/> says so.</param>
    private sealed record Step(int Wait, Incoming[] Messages, bool Answer)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"+{Wait} min: ")
            + (
                Messages.Length == 0
                    ? Answer
                        ? "answer, tick"
                        : "tick"
                    : string.Join<Incoming>(", ", Messages)
            );
    }

    /// <param name="Id">The same number is the same message again.</param>
    /// <param name="Delay">Minutes between writing and arrival; negative: stamped in the future; null: no stamp.</param>
    private sealed record Incoming(int Id, string Type, int? Delay)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Type} {Id} ({Delay})");
    }

    private static readonly Gen<int?> Delays = Gen.Frequency(
        (6, Gen.Int[0, 3].Select(m => (int?)m)),
        (3, Gen.Int[4, 30 * 60].Select(m => (int?)m)),
        (2, Gen.Int[20 * 60, 80 * 60].Select(m => (int?)m)),
        (1, Gen.Int[-20, -1].Select(m => (int?)m)),
        (1, Gen.Const((int?)null))
    );

    private static readonly Gen<string> Types = Gen.Frequency(
        (6, Gen.Const("text")),
        (3, Gen.OneOf("image", "order", "interactive", "request_welcome", "invented_tomorrow")),
        (2, Gen.OneOf("reaction", "edit", "revoke", "system"))
    );

    private static readonly Gen<Incoming> Messages = Gen.Select(
        Gen.Int[0, 60],
        Types,
        Delays,
        (id, type, delay) => new Incoming(id, type, delay)
    );

    private static readonly Gen<Step[]> Histories = Gen.Select(
        Gen.Frequency((3, Gen.Int[0, 90]), (2, Gen.Int[90, 26 * 60]), (1, Gen.Const(24 * 60))),
        Gen.Frequency((3, Messages.Array[1, 3]), (2, Gen.Const(Array.Empty<Incoming>()))),
        Gen.Bool,
        (wait, messages, answer) => new Step(wait, messages, answer)
    ).Array[1, 25];

    [Fact]
    public void Any_history_gives_what_the_model_gives() =>
        Histories.Sample(
            steps =>
            {
                var thread = new Driver();
                foreach (var step in steps)
                {
                    thread.Now = thread.Now.AddMinutes(step.Wait);
                    if (step.Messages.Length > 0)
                        thread.Receive(step.Messages);
                    else
                        thread.AnswerAndTick(step.Answer);
                    thread.Events.ShouldBe(thread.Model.Events);
                }
            },
            iter: 3_000,
            print: steps => string.Join("\n", steps.AsEnumerable())
        );

    [Fact]
    public void Each_session_is_closed_once_however_often_it_is_reopened() =>
        Histories.Sample(
            steps =>
            {
                var thread = new Driver();
                foreach (var step in steps)
                {
                    thread.Now = thread.Now.AddMinutes(step.Wait);
                    thread.Receive(step.Messages);
                    thread.Tick();
                    thread.Tick();
                }
                thread.Now = thread.Now.AddDays(10);
                thread.Tick();
                thread.Tick();
                var begun = thread.Events.Count(e => e.Type is "session_opened" or "session_reopened");
                thread.Events.Count(e => e.Type == "session_closed").ShouldBe(begun);
                thread.State.Row.AlarmAt.ShouldBeNull();
            },
            iter: 1_000
        );

    /// <summary>The model goes by the clock alone: every warning and close must come at its very moment, in any order of messages.</summary>
    [Fact]
    public void An_alarm_that_rings_only_when_it_is_due_warns_and_closes_on_the_minute() =>
        Histories.Sample(
            steps =>
            {
                var thread = new Driver();
                foreach (var step in steps)
                {
                    RingUntil(thread, thread.Now.AddMinutes(step.Wait));
                    if (step.Messages.Length > 0)
                        thread.Receive(step.Messages);
                    else if (step.Answer)
                        thread.Answer();
                    thread.Events.ShouldBe(thread.Model.Events);
                }
                RingUntil(thread, thread.Now.AddDays(10));
                thread.Events.ShouldBe(thread.Model.Events);
                thread.Model.IsRunning.ShouldBeFalse();

                static void RingUntil(Driver thread, DateTimeOffset until)
                {
                    var rings = 0;
                    while (thread.State.Row.AlarmAt is { } due && due <= until)
                    {
                        thread.Now = due > thread.Now ? due : thread.Now;
                        thread.Ring();
                        (++rings).ShouldBeLessThan(200);
                    }
                    thread.Now = until;
                    thread.Model.PassTo(until);
                }
            },
            iter: 3_000,
            print: steps => string.Join("\n", steps.AsEnumerable())
        );

    [Fact]
    public void The_last_inbound_time_does_not_depend_on_the_order_of_arrival() =>
        Gen.Select(Messages.Array[2, 8], Gen.Int[0, int.MaxValue])
            .Sample(
                (messages, seed) =>
                {
                    var items = messages.Select((m, n) => m with { Id = n }).ToArray();
                    var shuffled = items.ToArray();
#pragma warning disable CA5394 // the seed makes it repeatable
                    new Random(seed).Shuffle(shuffled);
#pragma warning restore CA5394
                    var (one, other, apart) = (new Driver(), new Driver(), new Driver());
                    one.Receive(items);
                    other.Receive(shuffled);
                    foreach (var item in shuffled)
                        apart.Receive([item]);
                    other.State.Row.LastInboundAt.ShouldBe(one.State.Row.LastInboundAt);
                    apart.State.Row.LastInboundAt.ShouldBe(one.State.Row.LastInboundAt);
                    other.State.Row.Unread.ShouldBe(one.State.Row.Unread);
                    apart.State.Row.Unread.ShouldBe(one.State.Row.Unread);
                }
            );

    /// <summary>A thread and its model side by side; what holds always is checked after every step.</summary>
    private sealed class Driver
    {
        private readonly HashSet<string> stored = [];
        private int tickets;

        public DateTimeOffset Now { get; set; } = Sample.Start;

        public ThreadState State { get; private set; } = Sample.NewThread;

        public SessionModel Model { get; } = new();

        public List<(string Type, DateTimeOffset At)> Events { get; } = [];

        public void Receive(Incoming[] messages)
        {
            if (messages.Length == 0)
                return;
            var items = messages
                .Select(m =>
                    Sample.Message($"wamid.{m.Id}", Now, type: m.Type) with
                    {
                        Timestamp = m.Delay is { } d ? Now.AddMinutes(-d).ToUnixTimeSeconds() : null,
                    }
                )
                .ToArray();
            var known = stored.ToArray();
            foreach (var item in items)
            {
                if (stored.Add(item.Wamid))
                    Model.Receive(item, Now);
            }
            // A delivery that brings nothing new writes nothing.
            if (stored.Count > known.Length)
                Model.WarnIfDue(Now);
            Take(ReceiveDecider.Decide(State, Sample.Receive(items), Sample.At(Now, stored: known)));
        }

        public void Tick()
        {
            if (!State.Exists)
                return;
            Model.Tick(Now);
            Take(AlarmDecider.Decide(State, Now));
        }

        /// <summary>The alarm rings; the model knows the time by itself.</summary>
        public void Ring()
        {
            Model.PassTo(Now);
            Take(AlarmDecider.Decide(State, Now));
        }

        public void Answer()
        {
            Model.AnswerOwed = false;
            State = State with { Row = State.Row with { AnswerOwed = false } };
        }

        public void AnswerAndTick(bool answer)
        {
            if (answer)
                Answer();
            Tick();
        }

        private void Take(Decision decision)
        {
            var before = State;
            State = decision.After;
            var (row, was) = (State.Row, before.Row);
            var written = decision.Commit?.Messages ?? [];
            tickets += decision.Commit?.Tickets.Count ?? 0;
            foreach (var item in written.Where(m => m.Type.StartsWith("session_", StringComparison.Ordinal)))
                Events.Add((item.Type, item.At));

            row.LastInboundAt.ShouldBe(Model.LastInboundAt);
            State.SessionIsOpen(Now).ShouldBe(Model.IsOpen(Now));
            row.Unread.ShouldBe(Model.Unread);
            row.AnswerOwed.ShouldBe(Model.AnswerOwed);
            tickets.ShouldBe(Model.HasTicket ? 1 : 0);
            (row.SessionSeq is not null && !row.SessionClosed).ShouldBe(Model.IsRunning);
            // An alarm is set while a session runs, and never for later than its end.
            (row.AlarmAt is not null).ShouldBe(Model.IsRunning);
            if (row.AlarmAt is { } alarm)
                alarm.ShouldBeLessThanOrEqualTo(row.LastInboundAt!.Value + SessionWindow.Length);

            // Numbers are given once, in order, and a session is named by the message that opened it.
            written.Select(m => m.Seq).Order().ShouldBe(Enumerable.Range(was.LastSeq + 1, written.Count));
            var opened = written.Count(m => m.Type == "session_opened");
            if (opened == 0 && row.SessionSeq is not null)
                row.SessionSeq.ShouldBe(was.SessionSeq);
            else if (opened > 0 && row.SessionSeq is { } id)
                written.Single(m => m.Seq == id).Direction.ShouldBe(MessageDirection.Inbound);
        }
    }
}
