using System.Runtime.Versioning;
using Xunit.v3;

// Every class starts processes of its own; more than two at once only make each other wait.
[assembly: Parallelization(MaxThreads = 2)]
// As for ./run and tools/postgres.
[assembly: UnsupportedOSPlatform("windows")]
