using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PluginMarket.WindowsHost;

/// <summary>Runs a script in one runspace; what it gives, and what goes wrong, is written to standard output at once.</summary>
/// <remarks>In place of PowerShell's console host, which does not start under Wine.</remarks>
internal static class ScriptRun
{
    internal static int Run(string script, string[] arguments)
    {
        var state = InitialSessionState.CreateDefault();
        state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, added) => Write($"{output[added.Index]}");
        shell.Streams.Error.DataAdded += (_, added) =>
            Write($"error: {shell.Streams.Error[added.Index]}\n{shell.Streams.Error[added.Index].ScriptStackTrace}");
        shell.AddCommand(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        try
        {
            shell.Invoke(null, output);
            return 0;
        }
        catch (RuntimeException failure)
        {
            Write($"error: {failure.ErrorRecord}\n{failure.ErrorRecord.ScriptStackTrace}");
            return 1;
        }
    }

    private static void Write(string line)
    {
        Console.Out.Write(line + "\n");
        Console.Out.Flush();
    }
}
