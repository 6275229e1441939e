using System.Text.Json;
using System.Text.Json.Serialization;

namespace Threadkeep.Sandbox.Faults;

/// <summary>How often a fault still happens: a number, or <c>"all"</c> in JSON.</summary>
/// <param name="Left">Turns left; -1 is without end.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct FaultCount(int Left)
{
    public static FaultCount None { get; }
    public static FaultCount All { get; } = new(-1);

    public bool Any => Left != 0;

    public FaultCount Next => Left > 0 ? new FaultCount(Left - 1) : this;

    private sealed class Converter : JsonConverter<FaultCount>
    {
        public override FaultCount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number when reader.TryGetInt32(out var n) && n >= 0 => new FaultCount(n),
                JsonTokenType.String when reader.ValueTextEquals("all") => All,
                _ => throw new JsonException("A count is a number from 0 on, or \"all\"."),
            };

        public override void Write(Utf8JsonWriter writer, FaultCount value, JsonSerializerOptions options)
        {
            if (value == All)
                writer.WriteStringValue("all");
            else
                writer.WriteNumberValue(value.Left);
        }
    }
}
