using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Threadkeep.Tickets;

/// <summary>A skill with a level: what somebody has, or what a ticket needs at least.</summary>
/// <param name="Level">1 to <see cref="Highest"/>.</param>
public readonly record struct SkillLevel(Guid Skill, int Level)
{
    public const int Highest = 5;

    /// <summary>Skills that one ticket may need.</summary>
    public const int MostNeeds = 10;

    /// <summary>As tickets keep it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Skill:N}:{Level}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SkillLevel read)
    {
        read = default;
        if (
            text is not { Length: 34 }
            || text[32] != ':'
            || text[33] is < '1' or > '5'
            || !Guid.TryParseExact(text.AsSpan(0, 32), "N", out var skill)
        )
            return false;
        read = new SkillLevel(skill, text[33] - '0');
        return true;
    }

    /// <summary>Reads what a ticket keeps; what is no skill is left out.</summary>
    public static IReadOnlyList<SkillLevel> ReadAll(IEnumerable<string> texts)
    {
        var read = new List<SkillLevel>();
        foreach (var text in texts)
        {
            if (TryParse(text, out var skill))
                read.Add(skill);
        }
        return read;
    }

    /// <summary>Needs with more needs: of a skill that is named twice the higher level counts.</summary>
    public static string[] Merge(IEnumerable<string> needs, IEnumerable<string> more) =>
        [
            .. ReadAll(needs.Concat(more))
                .GroupBy(n => n.Skill)
                .Select(n => new SkillLevel(n.Key, n.Max(x => x.Level)).ToString()),
        ];
}
