using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Webhooks;

/// <summary>One thing to tell the business: one change of a notification.</summary>
/// <param name="WabaId">Id of the entry.</param>
/// <param name="Field">Meta's field, for example <c>messages</c>.</param>
/// <param name="Value">The change's value.</param>
/// <param name="Summary">What it is, for the log; holds no message text.</param>
/// <param name="Wamids">Customers' messages in it: they count as delivered once it is answered with 200.</param>
public sealed record WebhookUpdate(string WabaId, string Field, JsonObject Value, string Summary, string[] Wamids);
