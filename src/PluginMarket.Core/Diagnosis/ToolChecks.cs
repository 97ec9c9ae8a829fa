using System.ComponentModel;
using System.Text;

namespace PluginMarket;

/// <summary>The programs that fetch: git, and npm for package sources.</summary>
internal sealed class ToolChecks(MarketEnvironment environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal async Task RunAsync(Findings findings, CancellationToken cancellation)
    {
        try
        {
            var program = GitProgram.Find(environment);
            if (await VersionAsync(program, cancellation).ConfigureAwait(false) is { } version)
            {
                findings.Passed("Git", $"{version}; the git command fetches.", program);
            }
            else
            {
                findings.Fail("Git", "The git command is there but does not tell its version.", $"Run '{DisplayText.Escape(program)} --version' and mend what it reports.", program);
            }
        }
        catch (PluginMarketException failure)
        {
            findings.Warn("Git", "No git command was found in the absolute folders of PATH: git marketplaces and plugins cannot be fetched.", failure.Message);
        }

        string[] names = OperatingSystem.IsWindows() ? ["npm.cmd", "npm.exe"] : ["npm"];
        var npm = GitProgram.AbsoluteFolders(environment).SelectMany(folder => names.Select(name => Path.Join(folder, name))).FirstOrDefault(path => environment.Files.Kind(path) != FileKind.Missing);
        if (npm is not null)
        {
            findings.Passed("Npm", "An npm command is there.", npm);
        }
        else
        {
            findings.Inform("Npm", "No npm command was found. Only plugins that come as npm packages would need it.", "Install Node.js with npm if a catalog names packages.");
        }
    }

    private async Task<string?> VersionAsync(string program, CancellationToken cancellation)
    {
        try
        {
            var request = new ProcessRequest(program, ["--version"], Path.GetDirectoryName(program)!, environment.Variables) { TimeLimit = Patience };
            var result = await new ProcessRunner(environment.Time).RunAsync(request, cancellation).ConfigureAwait(false);
            var text = DisplayText.Escape(Encoding.UTF8.GetString(result.Output).Trim());
            return result.Succeeded && text.StartsWith("git version ", StringComparison.Ordinal) ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
