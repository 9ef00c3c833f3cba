using NixGen.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
