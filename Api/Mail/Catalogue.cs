using System.Globalization;
using System.Text.Json;

namespace Threadkeep.Mail;

/// <summary>
/// Texts in every language, from the console's own catalogues: one file a language, for screens and mails alike. The console's tests hold
/// the files together.
/// </summary>
public static class Catalogue
{
    private static readonly Dictionary<string, JsonElement> Languages = new[] { "en", "ja" }.ToDictionary(l => l, Read);

    /// <summary>A text with its placeholders filled in.</summary>
    /// <param name="key">Its path, e.g. <c>mail.invitation.subject</c>.</param>
    /// <exception cref="KeyNotFoundException">No catalogue has it.</exception>
    public static string Text(string language, string key, params (string Name, string Value)[] values)
    {
        var element = Languages.GetValueOrDefault(language, Languages["en"]);
        foreach (var part in key.Split('.'))
            element = element.GetProperty(part);
        var text = element.GetString()!;
        foreach (var (name, value) in values)
            text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary>A moment as people of a place write it.</summary>
    public static string Moment(string language, DateTimeOffset at, string timeZone)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        var culture = CultureInfo.GetCultureInfo(language == "ja" ? "ja-JP" : "en-GB");
        return local.ToString(language == "ja" ? "yyyy年M月d日 HH:mm" : "d MMMM yyyy, HH:mm", culture)
            + $" ({timeZone})";
    }

    private static JsonElement Read(string language)
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream($"i18n/{language}.json")!;
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }
}
