using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Diagnosis;

/// <summary>The programs: the agent's own command, git or what stands in for it, and npm for package sources.</summary>
internal sealed class ToolChecks(MarketEnvironment environment)
{
    internal async Task RunAsync(Findings findings, CancellationToken cancellation)
    {
        await CheckCodexAsync(findings, cancellation).ConfigureAwait(false);
        await CheckGitAsync(findings, cancellation).ConfigureAwait(false);
        CheckNpm(findings);
    }

    // A machine without the command has no row: it may be an application's, or not be here yet.
    private async Task CheckCodexAsync(Findings findings, CancellationToken cancellation)
    {
        if (GitProgram.TryFind(environment, "codex") is not { } program)
        {
            return;
        }

        var version = await ProgramVersion.AskAsync(environment, program, "codex", cancellation).ConfigureAwait(false);
        if (version is not null && InstalledCodex.Tested.Contains(version.Split(' ')[^1], StringComparer.Ordinal))
        {
            findings.Passed("Codex", $"{version}, which this version was tested with.", program);
        }
        else
        {
            findings.Inform("Codex", version is null ? (Message)$"The codex command exists but does not report its version."
                : $"{version}. This version was tested with {string.Join(" and ", InstalledCodex.Tested)}.",
                $"Nothing to do as long as both list the same plugins: compare {Operation.ListInstalled} with codex plugin list.", program);
        }
    }

    private async Task CheckGitAsync(Findings findings, CancellationToken cancellation)
    {
        var program = GitProgram.TryFind(environment, "git");
        var version = program is null ? null
            : await ProgramVersion.AskAsync(environment, program, "git version ", cancellation).ConfigureAwait(false);
        try
        {
            var engine = await GitEngines.ChooseAsync(environment, Path.GetDirectoryName(program) ?? environment.CodexHome,
                GitOptions.Default, cancellation).ConfigureAwait(false);
            if (engine is not GitCommandLine)
            {
                using (engine as IDisposable)
                {
                    CheckLibGit2(findings, version, program);
                }
            }
            else if (version is null)
            {
                // Throws where there is none.
                var named = GitProgram.Find(environment);
                findings.Fail("Git", $"The git command exists but does not report its version.",
                    $"Run '{named} --version' and fix the reported problem.", named);
            }
            else if (!GitEngines.IsSupported(version))
            {
                findings.Warn("Git", $"{version} is older than {GitEngines.Supported}, so that fetching may fail.",
                    $"Install a newer git, or use libgit2. {LibGit2Assembly.Check(environment)}", program);
            }
            else
            {
                findings.Passed("Git", $"{version}; the git command fetches.", program);
            }
        }
        catch (PluginMarketException failure) when (failure is { Code: MarketErrorCode.GitNotFound, Target: "libgit2" })
        {
            findings.Fail("Git", $"libgit2 is chosen and cannot be used. {failure}",
                $"Follow the message, or remove PLUGINMARKET_GIT_ENGINE.");
        }
        catch (PluginMarketException failure) when (failure.Code == MarketErrorCode.GitNotFound)
        {
            findings.Warn("Git",
                $"No git command was found in the absolute folders of PATH: git marketplaces and plugins cannot be fetched.", failure.Said);
        }
        catch (PluginMarketException failure)
        {
            findings.Fail("Git", failure.Said, $"Fix or remove the variable.");
        }
    }

    private static void CheckLibGit2(Findings findings, string? version, string? program)
    {
        if (version is not null && GitEngines.IsSupported(version))
        {
            findings.Passed("Git",
                $"libgit2 {LibGit2Assembly.Version} fetches, as PLUGINMARKET_GIT_ENGINE says; {version} is here too.", program);
        }
        else
        {
            findings.Inform("Git", $"libgit2 {LibGit2Assembly.Version} fetches, over http and from folders: "
                + $"git is missing or older than {GitEngines.Supported}.", $"Install git to fetch over ssh.", program);
        }
    }

    private void CheckNpm(Findings findings)
    {
        try
        {
            findings.Passed("Npm", $"npm found.", NpmProgram.Find(environment).FileName);
        }
        catch (PluginMarketException)
        {
            findings.Inform("Npm", $"No npm command was found. Only plugins that come as npm packages would need it.",
                $"Install Node.js with npm if a catalog names packages.");
        }
    }
}
