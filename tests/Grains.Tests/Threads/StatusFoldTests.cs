using CsCheck;
using Threadkeep.Channels;
using Threadkeep.Threads;

namespace Threadkeep.Grains.Tests.Threads;

public sealed class StatusFoldTests
{
    // Rows: where the message stands; columns: what is told, in the order of the enumeration.
    //                    queued sending unconf sent delivd read played failed cancelled
    private static readonly int[][] Table =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
        [1, 1, 2, 3, 4, 5, 6, 7, 8],
        [2, 2, 2, 3, 4, 5, 6, 7, 8],
        [3, 3, 3, 3, 4, 5, 6, 7, 8],
        [4, 4, 4, 4, 4, 5, 6, 4, 8],
        [5, 5, 5, 5, 5, 5, 6, 5, 8],
        [6, 6, 6, 6, 6, 6, 6, 6, 8],
        [7, 7, 7, 7, 4, 5, 6, 7, 7],
        [8, 8, 8, 8, 8, 8, 8, 8, 8],
    ];

    private static readonly Gen<StatusItem[]> Told = Gen.Select(
        Gen.OneOf(StatusStage.Sent, StatusStage.Delivered, StatusStage.Read, StatusStage.Played, StatusStage.Failed),
        Gen.Int[0, 100],
        (stage, minute) => Status(stage, minute)
    ).Array[1, 8];

    [Fact]
    public void Every_pair_moves_as_the_table_says()
    {
        for (var current = 0; current < 9; current++)
        {
            for (var told = 0; told < 9; told++)
                StatusFold
                    .Forward((MessageStatus)current, (MessageStatus)told)
                    .ShouldBe(
                        (MessageStatus)Table[current][told],
                        $"{(MessageStatus)current} told {(MessageStatus)told}"
                    );
        }
    }

    [Fact]
    public void Sent_delivered_and_read_end_at_the_highest_in_whatever_order_they_come()
    {
        StatusStage[] stages = [StatusStage.Sent, StatusStage.Delivered, StatusStage.Read];
        foreach (var order in Permutations(stages))
        {
            var status = order.Aggregate(
                MessageStatus.Sending,
                (current, told) => StatusFold.Forward(current, (MessageStatus)(int)told)
            );
            status.ShouldBe(MessageStatus.Read);
            StatusFold.Fold(order.Select(s => Status(s, 0))).Status.ShouldBe(MessageStatus.Read);
        }
    }

    [Fact]
    public void A_fold_does_not_depend_on_order_or_repetition() =>
        Gen.Select(Told, Gen.Int[0, int.MaxValue])
            .Sample(
                (told, seed) =>
                {
                    var other = told.Concat(told.Take(2)).ToArray();
#pragma warning disable CA5394 // the seed makes it repeatable
                    new Random(seed).Shuffle(other);
#pragma warning restore CA5394
                    StatusFold.Fold(other).ShouldBe(StatusFold.Fold(told));
                }
            );

    [Fact]
    public void Folding_first_or_one_by_one_comes_to_the_same() =>
        Gen.Select(Gen.Int[1, 6], Told)
            .Sample(
                (current, told) =>
                {
                    var apart = told.Aggregate(
                        (MessageStatus)current,
                        (status, item) => StatusFold.Forward(status, (MessageStatus)(int)item.Stage)
                    );
                    StatusFold.Forward((MessageStatus)current, StatusFold.Fold(told).Status).ShouldBe(apart);
                }
            );

    [Fact]
    public void Each_stage_keeps_its_first_time()
    {
        var folded = StatusFold.Fold([
            Status(StatusStage.Read, 9),
            Status(StatusStage.Sent, 2),
            Status(StatusStage.Sent, 1),
            Status(StatusStage.Delivered, 5),
        ]);
        folded.Status.ShouldBe(MessageStatus.Read);
        folded.SentAt.ShouldBe(Sample.Start.AddMinutes(1));
        folded.DeliveredAt.ShouldBe(Sample.Start.AddMinutes(5));
        folded.ReadAt.ShouldBe(Sample.Start.AddMinutes(9));
        folded.FailedAt.ShouldBeNull();
    }

    [Fact]
    public void A_failure_has_its_reason_unless_the_message_arrived_after_all()
    {
        var failed = Status(StatusStage.Failed, 3) with { ErrorCode = 131047, ErrorDetail = "24 hours" };
        StatusFold.Fold([failed]).ErrorCode.ShouldBe("session_closed");
        StatusFold.Fold([failed]).MetaErrorCode.ShouldBe(131047);
        var after = StatusFold.Fold([failed, Status(StatusStage.Delivered, 4)]);
        after.Status.ShouldBe(MessageStatus.Delivered);
        after.ErrorCode.ShouldBeNull();
        after.FailedAt.ShouldNotBeNull();
    }

    private static StatusItem Status(StatusStage stage, int minute) =>
        new()
        {
            Wamid = "wamid.1",
            Stage = stage,
            At = Sample.Start.AddMinutes(minute),
            Raw = [],
            ReceivedAt = Sample.Start,
        };

    private static IEnumerable<T[]> Permutations<T>(T[] items) =>
        items.Length < 2
            ? [items]
            : items.SelectMany(
                (item, n) => Permutations([.. items[..n], .. items[(n + 1)..]]).Select(rest => (T[])[item, .. rest])
            );
}
