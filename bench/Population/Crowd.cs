using System.Globalization;
using System.Text;
using System.Text.Json;
using Threadkeep.Accounts;
using Threadkeep.Threads;

namespace Threadkeep.Bench.Population;

/// <summary>How a crowd's threads look.</summary>
/// <param name="Threads">Customers 0 to this, one thread each.</param>
/// <param name="Visible">Messages that people see in each thread; the first is the customer's.</param>
/// <param name="Open">The first so many have an open session with its alarm set; the others' ended days ago.</param>
/// <param name="Conversation">Customer and agent take turns and everything is read; else all but the first are the agent's, and no status has come for them.</param>
/// <param name="AlarmAt">When the session of a thread must ring; null: as its last message has it.</param>
internal sealed record CrowdPlan(
    int Threads,
    int Visible,
    int Open,
    bool Conversation,
    Func<int, DateTimeOffset>? AlarmAt = null
);

/// <summary>One message that the crowd's agents sent.</summary>
internal readonly record struct SentMessage(string Wamid, int Customer, MessageId Id, DateTimeOffset At);

/// <summary>
/// Customers with their threads as the product would have left them, made without it: everything follows from a customer's
/// number, so every table can be written by itself (<see cref="CrowdCopy"/>).
/// </summary>
internal sealed class Crowd
{
    private readonly ThreadId[] threads;

    public Crowd(BenchChannel channel, CrowdPlan plan, DateTimeOffset now)
    {
        (Channel, Plan) = (channel, plan);
        Now = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        threads = new ThreadId[plan.Threads];
        Parallel.For(0, threads.Length, n => threads[n] = Identities.ThreadOf(channel.Channel, IdentityOf(n), 0));
    }

    public BenchChannel Channel { get; }

    public CrowdPlan Plan { get; }

    /// <summary>When the crowd was made; whole seconds.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Messages that a status can come for, in all threads; one thread's lie far apart.</summary>
    public int SentCount => Plan.Conversation ? 0 : Plan.Threads * (Plan.Visible - 1);

    /// <summary>Its ticket was closed: every second one whose session is long over, where customer and agent talk.</summary>
    public bool IsClosed(int customer) => Plan.Conversation && customer >= Plan.Open && customer % 2 == 0;

    public ThreadId ThreadOf(int customer) => threads[customer];

    public ContactId ContactOf(int customer) => Identities.ContactOf(Channel.Account, IdentityOf(customer), 0);

    public static Guid TicketOf(DateTimeOffset at, ThreadId thread)
    {
        var bytes = thread.Value.ToByteArray(bigEndian: true);
        var stamp = at.ToUnixTimeMilliseconds();
        for (var n = 0; n < 6; n++)
            bytes[n] = (byte)(stamp >> (40 - 8 * n));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        return new Guid(bytes, bigEndian: true);
    }

    public bool IsOpen(int customer) => customer < Plan.Open;

    /// <summary>When the thread's first message was written.</summary>
    public DateTimeOffset BeganAt(int customer) =>
        IsOpen(customer)
            ? Plan.AlarmAt is { } alarm
                ? alarm(customer) - ThreadTimes.Session - TimeSpan.FromMinutes(2 * LastInbound)
                : Now - TimeSpan.FromHours(6) + TimeSpan.FromSeconds(customer % 3_600)
            : Now - TimeSpan.FromDays(2 + customer % 60) - TimeSpan.FromSeconds(customer % 70_000);

    public DateTimeOffset At(int customer, int visible) => BeganAt(customer) + TimeSpan.FromMinutes(2 * visible);

    public bool IsInbound(int visible) => visible == 0 || Plan.Conversation && visible % 2 == 0;

    /// <summary>The place of the customer's last message among the visible ones.</summary>
    public int LastInbound => Plan.Conversation ? (Plan.Visible - 1) / 2 * 2 : 0;

    /// <summary>The thread's own items come first: ticket opened, session opened.</summary>
    public static int SeqOf(int visible) => 3 + visible;

    public static string WamidOf(int customer, int visible, bool inbound) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"wamid.{(inbound ? 'I' : 'S')}{customer:0000000000}{visible:000000000}"
        );

    /// <param name="message">0 to <see cref="SentCount"/>.</param>
    public SentMessage Sent(int message)
    {
        var (visible, customer) = (1 + message / Plan.Threads, message % Plan.Threads);
        return new SentMessage(
            WamidOf(customer, visible, inbound: false),
            customer,
            new MessageId(threads[customer], SeqOf(visible)),
            At(customer, visible)
        );
    }

    /// <summary>
    /// When Meta says a stage happened. Sent lies before what we noted when Meta took the message, as it does in life: Meta's
    /// stamps are whole seconds. So each of the three statuses changes a row.
    /// </summary>
    /// <param name="stage">0 sent, 1 delivered, 2 read.</param>
    public static DateTimeOffset ToldAt(DateTimeOffset sent, int stage) => sent + TimeSpan.FromSeconds(stage * 5);

    /// <summary>When we noted that Meta took a message.</summary>
    public static DateTimeOffset SettledAt(DateTimeOffset sent) => sent + TimeSpan.FromMilliseconds(300);

    public static string TextOf(int customer, int visible, bool inbound)
    {
        var seed = (uint)customer * 2_654_435_761 + (uint)visible * 40_503;
        return inbound ? Texts.Inbound(seed >> 3) : Texts.Outbound(seed >> 3);
    }

    /// <summary>The event as Meta would have sent it.</summary>
    public static byte[] RawOf(int customer, int visible, DateTimeOffset at)
    {
        var text = JsonEncodedText.Encode(
            TextOf(customer, visible, inbound: true),
            System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        );
        var waId = BenchSettings.WaIdOf(customer);
        return Encoding.UTF8.GetBytes(
            $$$"""{"from":"{{{waId}}}","from_user_id":"PT.{{{waId}}}","id":"{{{WamidOf(customer, visible, true)}}}","timestamp":"{{{at.ToUnixTimeSeconds()}}}","type":"text","text":{"body":"{{{text}}}"}}"""
        );
    }

    private static string IdentityOf(int customer) => Identities.OfWaId(BenchSettings.WaIdOf(customer));
}
