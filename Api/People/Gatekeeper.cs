using Microsoft.Extensions.Options;
using Threadkeep.Hosting;
using Threadkeep.Operations;

namespace Threadkeep.People;

/// <summary>
/// The one place where it is checked who may do what. Each endpoint declares what it needs; one that declares nothing is shut for
/// everybody. What of the account a caller may see is not asked here: it is in every query (<see cref="Accounts.Scope"/>).
/// </summary>
public sealed class Gatekeeper(IOptions<OperatorOptions> operators)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return next(context);
        var caller = context.User.CallerOrNull();
        return endpoint.Metadata.GetMetadata<Need>()?.Permission switch
        {
            Permission.Anyone => next(context),
            null => Problems.NotAllowed().ExecuteAsync(context),
            _ when caller is null => Problems.NotSignedIn().ExecuteAsync(context),
            not Permission.Own when caller.SecondFactorMissing => Problems
                .Of(
                    403,
                    "second_factor_required",
                    "This account asks everybody for a second factor: set yours up first."
                )
                .ExecuteAsync(context),
            { } needed when Allows(caller, needed) => next(context),
            _ => Problems.NotAllowed().ExecuteAsync(context),
        };
    }

    private bool Allows(Caller caller, Permission needed) =>
        Roles.Allows(caller.Role, needed) && (needed != Permission.Operate || IsOperator(caller));

    // The deployment is the operator's: people, no keys, and where accounts are named, only theirs.
    private bool IsOperator(Caller caller) => caller.Agent is not null && operators.Value.Include(caller.Account);
}
