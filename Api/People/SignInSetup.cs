using Threadkeep.Accounts;
using Threadkeep.Audit;
using Threadkeep.Mail;

namespace Threadkeep.People;

/// <summary>Registers what people, their sign-in and their mails need.</summary>
public static class SignInSetup
{
    public static void AddThreadkeepSignIn(this IServiceCollection services)
    {
        services.AddOptions<ConsoleOptions>().BindConfiguration("Console");
        services
            .AddOptions<MailOptions>()
            .BindConfiguration("Mail")
            .ValidateDataAnnotations()
            .Validate<Microsoft.Extensions.Options.IOptions<ConsoleOptions>>(
                (mail, console) => !mail.IsConfigured || Uri.TryCreate(console.Value.Address, UriKind.Absolute, out _),
                "Where Mail:Host is set, Console:Address must be the address that people reach the console under."
            )
            .ValidateOnStart();
        services.AddSingleton<InvitationStore>();
        services.AddSingleton<PasswordStore>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<SecondFactorStore>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<SignInSessions>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<Links>();
        services.AddSingleton<SignInServices>();
        services.AddSingleton<InviteServices>();
        services.AddSingleton<MailQueue>();
        services.AddOptions<ProviderOptions>().BindConfiguration("Oidc").ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(Provider.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<Provider>();
        services.AddSingleton<ProviderStore>();
        services.AddSingleton<ProviderServices>();
        services.AddHostedService<MailSender>();
    }
}
