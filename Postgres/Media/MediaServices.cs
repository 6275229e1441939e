using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Threadkeep.Media;

/// <summary>Registers what silos and Api hosts need for files.</summary>
public static class MediaServices
{
    public static IServiceCollection AddThreadkeepMedia(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<MediaOptions>()
            .Bind(configuration.GetSection("Media"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services
            .AddOptions<ScannerOptions>()
            .Bind(configuration.GetSection("Scanner"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IMediaStore>(p =>
        {
            var options = p.GetRequiredService<IOptions<MediaOptions>>().Value;
            return options.S3.IsOn ? new S3MediaStore(options.S3) : new FileMediaStore(options.Directory);
        });
        services.AddSingleton<MediaIndex>();
        services.AddSingleton<VirusScanner>();
        services.AddSingleton<MediaIntake>();
        services.AddSingleton<MediaCollector>();
        return services;
    }
}
