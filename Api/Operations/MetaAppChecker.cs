using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Threadkeep.Channels;
using Threadkeep.Mail;
using Threadkeep.Storage;
using Threadkeep.WhatsApp;

namespace Threadkeep.Operations;

/// <summary>
/// Walks the way between Meta and this deployment, one step after the other, and writes down each as it ends (ADR 095). Whoever began it may
/// close the page; if this host ends meanwhile, the walk stands there as interrupted.
/// </summary>
public sealed partial class MetaAppChecker(
    MetaAppStore store,
    ChannelStore channels,
    SecretBox secrets,
    IServiceScopeFactory scopes,
    IOptions<ConsoleOptions> console,
    IOptions<GraphOptions> graphOptions,
    TimeProvider clock,
    ILogger<MetaAppChecker> logger
) : BackgroundService
{
    /// <summary>WhatsApp Business accounts that are asked for, the newest first: enough to find what is wrong with all.</summary>
    private const int MostAccounts = 20;

    /// <summary>The steps, in their order.</summary>
    public static readonly IReadOnlyList<MetaAppStep> Unwalked =
    [
        new("address", "waiting"),
        new("handshake", "waiting"),
        new("signature", "waiting"),
        new("app", "waiting"),
        new("permissions", "waiting"),
        new("verification", "waiting"),
    ];

    private readonly Channel<Guid> begun = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(10) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Walks one that was begun.</summary>
    public void Start(Guid check) => begun.Writer.TryWrite(check);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var check in begun.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await WalkAsync(check, stoppingToken);
            }
            // It stands as interrupted; whoever looks may begin another.
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(logger, failed);
            }
        }
    }

    private async Task WalkAsync(Guid check, CancellationToken cancellation)
    {
        var steps = Unwalked.ToArray();
        var app = await store.FindAsync();
        using var address = new PublicAddress(console.Value.Address, graphOptions.Value.IsMeta);
        using var scope = scopes.CreateScope();
        var graph = scope.ServiceProvider.GetRequiredService<GraphClient>();

        await StepAsync(0, () => address.AnswersAsync(cancellation));
        var reached = steps[0].Code is not ("address_missing" or "address_unreachable" or "certificate_invalid");
        var secret = app is null ? null : secrets.Reveal(app.AppSecret, SecretPurpose.AppSecret(app.AppKey));
        var verifyToken = app is null ? null : secrets.Reveal(app.VerifyToken, SecretPurpose.VerifyToken(app.AppKey));
        var without =
            app is null ? "app_missing"
            : !reached ? "address_first"
            : null;
        await StepAsync(
            1,
            () => without is null ? address.ShakesHandsAsync(verifyToken!, cancellation) : Skipped("handshake", without)
        );
        await StepAsync(
            2,
            () => without is null ? address.TakesSignedAsync(secret!, cancellation) : Skipped("signature", without)
        );
        await StepAsync(3, () => KnowsAppAsync(graph, app, secret, cancellation));
        if (steps[3].State == "failed")
        {
            await StepAsync(4, () => Skipped("permissions", "app_first"));
            await StepAsync(5, () => Skipped("verification", "app_first"), last: true);
            return;
        }
        var connected = (await channels.ConnectedAsync())
            .Where(c => c.AppKey == app!.AppKey)
            .OrderByDescending(c => c.FirstConnectedAt)
            .DistinctBy(c => c.WabaId)
            .Take(MostAccounts)
            .ToArray();
        await StepAsync(4, () => MayDoAsync(graph, app!, secret!, connected, cancellation));
        await StepAsync(5, () => IsVerifiedAsync(graph, connected, cancellation), last: true);

        async Task StepAsync(int n, Func<Task<MetaAppStep>> walk, bool last = false)
        {
            steps[n] = steps[n] with { State = "running" };
            await store.MoveCheckAsync(check, steps, finished: false, clock.GetUtcNow());
            steps[n] = await walk();
            await store.MoveCheckAsync(check, steps, last, clock.GetUtcNow());
        }
    }

    private static Task<MetaAppStep> Skipped(string step, string code) =>
        Task.FromResult(new MetaAppStep(step, "skipped", code));

    // The app's own token is its id and its secret: Meta takes it only where both are right.
    private static async Task<MetaAppStep> KnowsAppAsync(
        GraphClient graph,
        MetaApp? app,
        string? secret,
        CancellationToken cancellation
    )
    {
        const string Step = "app";
        if (app is null)
            return new MetaAppStep(Step, "failed", "app_missing");
        var token = $"{app.AppId}|{secret}";
        try
        {
            await graph.InspectTokenAsync(token, token, cancellation);
            return app.ConfigId is null
                ? new MetaAppStep(Step, "warning", "no_login_configuration", app.AppId)
                : new MetaAppStep(Step, "ok", "app_known", app.AppId);
        }
        catch (GraphException refused)
        {
            return refused.Failure is { HttpStatus: < 500 and > 0 } failure
                ? new MetaAppStep(Step, "failed", "app_secret_wrong", failure.Detail)
                : Unreachable(Step, refused);
        }
    }

    private async Task<MetaAppStep> MayDoAsync(
        GraphClient graph,
        MetaApp app,
        string secret,
        ChannelRecord[] connected,
        CancellationToken cancellation
    )
    {
        const string Step = "permissions";
        if (connected.Length == 0)
            return new MetaAppStep(Step, "skipped", "no_channels");
        var (invalid, lacking) = (new List<string>(), new List<string>());
        foreach (var channel in connected)
        {
            try
            {
                var facts = await graph.InspectTokenAsync(TokenOf(channel), $"{app.AppId}|{secret}", cancellation);
                if (!facts.IsValid)
                    invalid.Add(channel.WabaId);
                else if (
                    !facts.Scopes.Contains("whatsapp_business_management")
                    || !facts.Scopes.Contains("whatsapp_business_messaging")
                    || facts.Wabas.Count > 0 && !facts.Wabas.Contains(channel.WabaId)
                )
                    lacking.Add(channel.WabaId);
            }
            catch (GraphException refused)
            {
                if (refused.Failure is not { HttpStatus: < 500 and > 0 })
                    return Unreachable(Step, refused);
                invalid.Add(channel.WabaId);
            }
        }
        return invalid.Count > 0 ? new MetaAppStep(Step, "failed", "token_refused", Listed(invalid))
            : lacking.Count > 0 ? new MetaAppStep(Step, "failed", "permission_missing", Listed(lacking))
            : new MetaAppStep(Step, "ok", "permissions_hold", Listed(connected.Select(c => c.WabaId)));
    }

    private async Task<MetaAppStep> IsVerifiedAsync(
        GraphClient graph,
        ChannelRecord[] connected,
        CancellationToken cancellation
    )
    {
        const string Step = "verification";
        if (connected.Length == 0)
            return new MetaAppStep(Step, "skipped", "no_channels");
        var (not, unknown) = (new List<string>(), new List<string>());
        foreach (var channel in connected)
        {
            try
            {
                var waba = await graph.WabaAsync(channel.WabaId, TokenOf(channel), cancellation);
                if (!string.Equals(waba.Verification, "verified", StringComparison.OrdinalIgnoreCase))
                    not.Add($"{channel.WabaId} ({waba.Verification ?? "?"})");
            }
            catch (GraphException refused)
            {
                if (refused.Failure is not { HttpStatus: < 500 and > 0 } failure)
                    return Unreachable(Step, refused);
                unknown.Add($"{channel.WabaId} ({failure.Detail})");
            }
        }
        // Messages go out all the same, to fewer people.
        return not.Count > 0 ? new MetaAppStep(Step, "warning", "business_unverified", Listed(not))
            : unknown.Count > 0 ? new MetaAppStep(Step, "failed", "verification_unknown", Listed(unknown))
            : new MetaAppStep(Step, "ok", "business_verified", Listed(connected.Select(c => c.WabaId)));
    }

    private string TokenOf(ChannelRecord channel) =>
        secrets.Reveal(channel.AccessToken, SecretPurpose.AccessToken(channel.Id));

    private static string Listed(IEnumerable<string> accounts) => string.Join(", ", accounts);

    private static MetaAppStep Unreachable(string step, GraphException failed) =>
        new(step, "failed", "meta_unreachable", failed.GetBaseException().Message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A check of the Meta app was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception);
}
