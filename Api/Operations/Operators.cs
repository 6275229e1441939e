using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.People;

namespace Threadkeep.Operations;

/// <summary>Who looks after this deployment.</summary>
public sealed class OperatorOptions
{
    /// <summary>
    /// Ids of the business accounts whose admins may see the operators' pages, which tell of all accounts together. Empty: every
    /// account's, which is right where all accounts are the operator's own.
    /// </summary>
    public IReadOnlyList<string> Accounts { get; set; } = [];
}

/// <summary>Lets only operators pass: people who are signed in as admins, no API keys.</summary>
public sealed class OperatorsOnly(IOptions<OperatorOptions> options) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var caller = context.HttpContext.User.Caller();
        var allowed = options.Value.Accounts;
        return
            caller is { IsAdmin: true, Agent: not null }
            && (allowed.Count == 0 || allowed.Contains(caller.Account.ToString(), StringComparer.OrdinalIgnoreCase))
            ? await next(context)
            : Problems.Of(403, "not_allowed", "Only admins look after the deployment.");
    }
}
