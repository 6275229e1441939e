using Threadkeep.Sandbox;

await SandboxHost.Build(args).RunAsync();
