using System.Text;
using PluginMarket.Cli.Hosting;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C lets the running operation clean up; a second one ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

try
{
    return await CommandTree.RunAsync(args, Terminal.OfProcess(), interrupted.Token);
}
catch (Exception unwritable) when (unwritable is IOException or ObjectDisposedException)
{
    // Nobody can be told: the answer's own way out is full or closed.
    return ExitCode.Failed;
}
