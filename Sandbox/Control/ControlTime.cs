using System.Globalization;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Control;

/// <summary>Times in control calls: RFC 3339, or unix seconds as a number or as digits.</summary>
public static class ControlTime
{
    public static DateTimeOffset? Parse(JsonNode? node)
    {
        var text = node?.ToString();
        if (string.IsNullOrEmpty(text))
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return at.ToUniversalTime();
        throw new BadControlCallException("at must be RFC 3339 or unix seconds.");
    }
}

/// <summary>A control call that makes no sense; answered with 400 and the message.</summary>
public sealed class BadControlCallException(string message) : Exception(message);
