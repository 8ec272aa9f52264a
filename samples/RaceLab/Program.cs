using RaceLab.CommandLine;
using RaceLab.Engines;
using RaceLab.Racing;
using RaceLab.Web;

// The apps that race are in Contenders/SessionApp.cs: stock sessions, over one cache or the other.
using var stop = new StopSignal();
try
{
    var arguments = LabArguments.Parse(args);
    if (arguments.ShowHelp)
    {
        Console.WriteLine(Usage.Text);
        return ExitCode.Proven;
    }

    await using var lab = await Lab.StartAsync(KnownEngines.Create(arguments.Engine, arguments.Connection), stop.Token);
    return arguments.Once
        ? await TerminalRace.RunAsync(lab, arguments.Settings, stop.Token)
        : await LabPage.RunAsync(lab, arguments, stop.Token);
}
catch (UsageException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{Usage.Text}");
    return ExitCode.BadArguments;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    return ExitCode.Stopped;
}
