using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Threadkeep.Accounts;

/// <summary>A customer of this deployment and the unit of separation: every row, key and event belongs to one.</summary>
[GenerateSerializer, Immutable, Alias("AccountId")]
public readonly record struct AccountId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>One business number connected in one account. Not Meta's <c>phone_number_id</c>: a number that moves to another account becomes another channel.</summary>
[GenerateSerializer, Immutable, Alias("ChannelId")]
public readonly record struct ChannelId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>One channel x one customer, for ever.</summary>
[GenerateSerializer, Immutable, Alias("ThreadId")]
public readonly record struct ThreadId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>The CRM record of a person.</summary>
[GenerateSerializer, Immutable, Alias("ContactId")]
public readonly record struct ContactId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>A person who answers customers.</summary>
[GenerateSerializer, Immutable, Alias("AgentId")]
public readonly record struct AgentId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>People of one account who share work and channels.</summary>
[GenerateSerializer, Immutable, Alias("TeamId")]
public readonly record struct TeamId([property: Id(0)] Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>
/// A message's place in its thread: the thread and the number that the thread gave it on arrival (1, 2, 3...).
/// It is also what a send carries to Meta in <c>biz_opaque_callback_data</c>, so that a status finds its row without another index.
/// </summary>
[GenerateSerializer, Immutable, Alias("MessageId")]
public readonly record struct MessageId([property: Id(0)] ThreadId Thread, [property: Id(1)] int Seq)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Thread}-{Seq}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        id = default;
        if (text is not { Length: > 33 and <= 43 } || text[32] != '-')
            return false;
        if (
            !Guid.TryParseExact(text.AsSpan(0, 32), "N", out var thread)
            || !int.TryParse(text.AsSpan(33), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
        )
            return false;
        id = new MessageId(new ThreadId(thread), seq);
        return true;
    }
}
