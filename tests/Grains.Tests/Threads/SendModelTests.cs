using CsCheck;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

/// <summary>Random sends, answers, time-outs, statuses and cancellations; <see cref="SendWorld"/> checks every step.</summary>
public sealed class SendModelTests
{
    private enum Act
    {
        CustomerWrites,
        AcceptText,
        AcceptImage,
        AcceptTemplate,
        Post,
        Answer,
        Status,
        Cancel,
        ShortWait,
        LongWait,
    }

    private static readonly Gen<(Act Act, int Pick, int Dice)[]> Histories = Gen.Select(
        Gen.Frequency(
            (1, Gen.Const(Act.CustomerWrites)),
            (3, Gen.Const(Act.AcceptText)),
            (1, Gen.Const(Act.AcceptImage)),
            (3, Gen.Const(Act.AcceptTemplate)),
            (8, Gen.Const(Act.Post)),
            (6, Gen.Const(Act.Answer)),
            (6, Gen.Const(Act.Status)),
            (1, Gen.Const(Act.Cancel)),
            (4, Gen.Const(Act.ShortWait)),
            (1, Gen.Const(Act.LongWait))
        ),
        Gen.Int[0, 1000],
        Gen.Int[0, 99]
    ).Array[5, 60];

    [Theory]
    [InlineData(3, false)]
    [InlineData(1000, false)]
    [InlineData(3, true)]
    public void Any_history_of_sends_keeps_order_window_and_quota(int limit, bool countsUserInitiated) =>
        Histories.Sample(
            history =>
            {
                var world = new SendWorld(limit, countsUserInitiated);
                foreach (var (act, pick, dice) in history)
                    Play(world, act, pick, dice);
                foreach (var post in world.Posts.Where(p => !p.IsSettled).ToArray())
                    world.Settle(post);
                world.Now += SendDecider.AttemptLifetime;
                while (world.TakeNext() is { } attempt)
                    world.Settle(new SendWorld.Post(attempt, true, new AttemptOutcome(AttemptResult.Accepted, "w")));
                world.Settled();
            },
            iter: 2_000,
            print: h => string.Join(" ", h.Select(s => $"{s.Act}({s.Pick},{s.Dice})"))
        );

    private static void Play(SendWorld world, Act act, int pick, int dice)
    {
        switch (act)
        {
            case Act.CustomerWrites:
                world.CustomerWrites();
                break;
            case Act.AcceptText:
                world.Accept("text");
                break;
            case Act.AcceptImage:
                world.Accept("image");
                break;
            case Act.AcceptTemplate:
                world.Accept("template");
                break;
            case Act.Post:
                if (world.TakeNext() is { } attempt)
                    world.Posts.Add(ToMeta(attempt, dice));
                break;
            case Act.Answer:
                if (Pick(world.Posts.Where(p => !p.IsSettled)) is { } post)
                    world.Settle(post);
                break;
            case Act.Status:
                StatusStage[] stages = [StatusStage.Sent, StatusStage.Delivered, StatusStage.Read, StatusStage.Failed];
                // Alone, two in one webhook, or two webhooks that pass each other. Now and then Meta has delivered what it refused.
                StatusStage[] told = dice < 30 ? [stages[dice % 4], stages[dice / 4 % 4]] : [stages[dice % 4]];
                StatusStage? meanwhile = dice > 70 ? stages[dice / 4 % 4] : null;
                if (Pick(world.Posts.Where(p => p.Accepted || dice % 5 == 0)) is { } about)
                    world.Told(about.Attempt.Seq, told, meanwhile);
                break;
            case Act.Cancel:
                if (world.Messages.Count > 0)
                    world.Cancel(world.Messages.Keys.ElementAt(pick % world.Messages.Count));
                break;
            case Act.ShortWait:
                world.Now = world.Now.AddSeconds(dice);
                break;
            default:
                world.Now = world.Now.AddMinutes(dice * 30);
                break;
        }

        SendWorld.Post? Pick(IEnumerable<SendWorld.Post> from) =>
            from.ToArray() is { Length: > 0 } posts ? posts[pick % posts.Length] : null;
    }

    private static SendWorld.Post ToMeta(SendAttempt attempt, int dice) =>
        dice switch
        {
            < 55 => new(attempt, true, new AttemptOutcome(AttemptResult.Accepted, "wamid.out")),
            < 65 => new(attempt, true, new AttemptOutcome(AttemptResult.Unknown)),
            < 72 => new(attempt, false, new AttemptOutcome(AttemptResult.Unknown)),
            < 82 => new(attempt, false, new AttemptOutcome(AttemptResult.Refused, Code: "policy")),
            _ => new(
                attempt,
                false,
                new AttemptOutcome(AttemptResult.RetryLater, Code: "rate_limited", RetryAfter: TimeSpan.FromSeconds(4))
            ),
        };
}
