using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Threadkeep.Hosting;

/// <summary>What the API's description (<c>/openapi/v1.json</c>) must say beyond what the framework reads off the endpoints.</summary>
internal static class ApiDescription
{
    public static void AddThreadkeepDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddSchemaTransformer(
                    (schema, context, _) =>
                    {
                        // A converter of ours writes times; the description cannot look inside it.
                        if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
                            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
                        else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
                            (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(DescribeAsync);
            }
        );

    private static async Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemView), null, cancellation);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Refused: problem details (RFC 9457) with a stable code.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = problem },
            },
        };
        if (operation.OperationId == "uploadMedia")
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/octet-stream"] = new OpenApiMediaType { Schema = Bytes() },
                    ["image/jpeg"] = new OpenApiMediaType { Schema = Bytes() },
                    ["image/png"] = new OpenApiMediaType { Schema = Bytes() },
                },
            };

        static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
    }
}

/// <summary>A refusal (RFC 9457); particulars of a code stand beside it.</summary>
/// <param name="Code">Stable; docs/api.md lists them.</param>
internal sealed record ProblemView(string? Type, string Title, int Status, string? Detail, string Code);
