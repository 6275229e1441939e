using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Threadkeep.Hosting;

/// <summary>
/// What a proxy in front of us says about the caller counts only if it is one of those that are named (<c>Proxies:0</c>…: addresses, or
/// networks such as 10.0.0.0/8). Anybody else could call themselves whatever they like.
/// </summary>
public static class TrustedProxies
{
    private const string Section = "Proxies";

    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        var named = builder.Configuration.GetSection(Section).Get<string[]>() ?? [];
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var one in named)
            {
                if (one.Contains('/', StringComparison.Ordinal))
                    options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(one));
                else
                    options.KnownProxies.Add(IPAddress.Parse(one));
            }
        });
    }

    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Configuration.GetSection(Section).GetChildren().Any())
            app.UseForwardedHeaders();
    }
}
