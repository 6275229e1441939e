using System.Runtime.Versioning;
using Threadkeep.Cluster.Tests.Upgrade;
using Xunit.v3;

// Every class starts processes of its own, and most of its time waits for what must pass: a silo's death, an attempt's life.
[assembly: Parallelization(MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(EarlyBuild))]
// As for ./run and tools/postgres.
[assembly: UnsupportedOSPlatform("windows")]
