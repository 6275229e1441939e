using Threadkeep.Sandbox;
using Threadkeep.Sandbox.Demo;

if (args is [DemoCommand.Name, ..])
    return await DemoCommand.RunAsync(args, Console.Out, Console.Error);
await SandboxHost.Build(args).RunAsync();
return 0;
