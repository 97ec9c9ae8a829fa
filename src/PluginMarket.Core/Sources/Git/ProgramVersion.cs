using System.ComponentModel;
using System.Text;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Asks a program for its version, with none of the user's variables that decide what it does.</summary>
internal static class ProgramVersion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What a program states with <c>--version</c>; null where it does not begin as it should.</summary>
    internal static async Task<string?> AskAsync(MarketEnvironment environment, string program, string beginning,
        CancellationToken cancellation)
    {
        environment = environment.ForPrograms();
        var variables = GitVariables.Make(environment, Path.Join(program, "none"));

        // Codex puts links into its home at every start, and does without where the home cannot be: below a file.
        variables["CODEX_HOME"] = Path.Join(program, "none");
        try
        {
            var request = new ProcessRequest(program, ["--version"], Path.GetDirectoryName(program)!, variables) { IdleLimit = Patience };
            var result = await new ProcessRunner(environment).RunAsync(request, cancellation).ConfigureAwait(false);
            var text = DisplayText.Escape(Encoding.UTF8.GetString(result.Output).Trim());
            return result.Succeeded && text.StartsWith(beginning, StringComparison.Ordinal) ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
