using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Threadkeep.Messages;

/// <summary>The body of a send: the Cloud API's own, without the address. For the description of the API; bodies are read as they come.</summary>
/// <param name="Type">text, image or template.</param>
public sealed record CloudApiMessage(
    [property: Required] string Type,
    CloudApiText? Text = null,
    CloudApiImage? Image = null,
    CloudApiTemplate? Template = null
);

public sealed record CloudApiText(
    [property: Required] string Body,
    [property: JsonPropertyName("preview_url")] bool? PreviewUrl = null
);

/// <param name="Id">From POST /media.</param>
public sealed record CloudApiImage([property: Required] string Id, string? Caption = null);

public sealed record CloudApiTemplate(
    [property: Required] string Name,
    [property: Required] CloudApiLanguage Language,
    IReadOnlyList<CloudApiComponent>? Components = null
);

public sealed record CloudApiLanguage([property: Required] string Code);

public sealed record CloudApiComponent(
    [property: Required] string Type,
    IReadOnlyList<CloudApiParameter>? Parameters = null
);

public sealed record CloudApiParameter(
    [property: Required] string Type,
    string? Text = null,
    [property: JsonPropertyName("parameter_name")] string? ParameterName = null
);
