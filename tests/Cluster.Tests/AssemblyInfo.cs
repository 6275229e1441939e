using System.Runtime.Versioning;
using Threadkeep.Cluster.Tests.Upgrade;
using Xunit.v3;

// Every class starts processes of its own. Three at once were tried: on two cores silos did not get ready within a minute.
[assembly: Parallelization(MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(EarlyBuild))]
// As for ./run and tools/postgres.
[assembly: UnsupportedOSPlatform("windows")]
