using Microsoft.Extensions.Hosting;
using Threadkeep.TestSilo;

// dotnet Threadkeep.TestSilo.dll <connection string> <cluster id> <silo name>
await SampleSilo.Create(args[0], args[1], args[2]).RunAsync();
