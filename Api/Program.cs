using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Threadkeep.Hosting;
using Threadkeep.Migrations;
using Threadkeep.Operations;
using Threadkeep.Setup;
using Threadkeep.Storage;

// Settings are looked for, and watched, beside the program: the folder it was started in may hold a database that changes all day.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
var database = builder.Configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
var cluster = builder.Configuration.GetSection("Cluster").Get<ClusterNames>() ?? new ClusterNames();
builder
    .Services.AddOptions<DatabaseOptions>()
    .BindConfiguration("Database")
    .ValidateDataAnnotations()
    .ValidateOnStart();
builder.Logging.AddQuietLibraries();
builder.Services.AddSingleton(TimeProvider.System);
var plan = await ConnectionPlan.ReadAsync(database.ConnectionString, builder.Configuration);
builder.AddThreadkeepApi(ConnectionPlan.Pooled(database.ConnectionString, plan.Api));
builder.UseOrleansClient(client =>
{
    client.UseAdoNetClustering(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = ConnectionPlan.Pooled(database.OrleansConnectionString, ConnectionPlan.ApiOrleans);
    });
    client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
    client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(15));
    // A new silo, and a restarted one, is used within seconds.
    client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
    client.AddDashboard(o => o.HideTrace = true);
    if (Telemetry.IsTraced(builder.Configuration))
        client.AddActivityPropagation();
    client.UseConnectionRetryFilter(
        async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            return true;
        }
    );
});

var app = builder.Build();
await SchemaVersion.RequireAsync(app.Services.GetRequiredService<NpgsqlDataSource>());
if (args is ["setup", ..])
    return await SetupCommand.RunAsync(app.Services, Console.OpenStandardInput(), Console.Out);
if (OperatorCommands.Knows(args))
    return await OperatorCommands.RunAsync(app.Services, args, Console.Out);
app.MapThreadkeepApi();
app.MapDashboard();
await app.RunAsync();
return 0;
