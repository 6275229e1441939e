namespace Threadkeep.Sandbox.Graph;

/// <summary>Route constraint <c>digits</c>: Graph's ids, so that the page's own paths never look like one.</summary>
public sealed class DigitsConstraint : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection
    ) =>
        values is not null
        && values.TryGetValue(routeKey, out var value)
        && value?.ToString() is { Length: > 0 and <= 32 } id
        && id.All(char.IsAsciiDigit);
}
