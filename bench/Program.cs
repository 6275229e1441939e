using Threadkeep.Bench.Scenarios;
using Threadkeep.Bench.Yardsticks;

// bench/run starts everything; by hand:
//   Threadkeep.Bench.dll yardstick signature|group|naive|hops PORT   serves one yardstick
//   Threadkeep.Bench.dll yardstick-silo PORT GATEWAY                 hops' silo
//   Threadkeep.Bench.dll measure FILE SCENARIO...                     measures and writes FILE
// Settings come from the environment: see BenchSettings.
System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
return args switch
{
    ["yardstick", var kind, var port] => await Yardstick.ServeAsync(kind, int.Parse(port, null)),
    ["yardstick-silo", var silo, var gateway] => await Hops.ServeSiloAsync(
        int.Parse(silo, null),
        int.Parse(gateway, null)
    ),
    ["measure", var file, .. var scenarios] => await Run.AllAsync(file, scenarios),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Use bench/run.");
    return 2;
}
