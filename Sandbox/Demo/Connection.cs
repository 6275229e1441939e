using System.Text.Json;

namespace Threadkeep.Sandbox.Demo;

/// <summary>What the demo needs of <c>connection.json</c>, which <c>./run</c> writes.</summary>
/// <param name="Api">The product's REST base, ending in <c>/api/v1/</c>.</param>
/// <param name="SandboxControl">The Sandbox's control base, ending in <c>/control/</c>.</param>
/// <param name="ApiKey">Bearer for the product.</param>
/// <param name="PhoneNumberId">The business number the customers write to.</param>
public sealed record Connection(Uri Api, Uri SandboxControl, string ApiKey, string PhoneNumberId)
{
    public static Connection Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var json = JsonDocument.Parse(file);
            return new Connection(
                BaseOf(Text(json, "api"), "/api/v1"),
                BaseOf(Text(json, "sandboxControl"), "/control"),
                Text(json, "apiKey"),
                Text(json, "phoneNumberId")
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DemoException($"{path} cannot be read: {failure.Message}");
        }
        catch (Exception failure) when (failure is JsonException or UriFormatException)
        {
            throw new DemoException($"{path} is not a connection file: {failure.Message}");
        }
    }

    private static string Text(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new DemoException($"The connection file has no \"{name}\".");

    // The file may name the host alone or the whole base.
    private static Uri BaseOf(string address, string suffix)
    {
        var bare = address.TrimEnd('/');
        return new Uri((bare.EndsWith(suffix, StringComparison.Ordinal) ? bare : bare + suffix) + "/");
    }
}

/// <summary>Why the demo could not go on, in one sentence.</summary>
public sealed class DemoException(string message) : Exception(message);
