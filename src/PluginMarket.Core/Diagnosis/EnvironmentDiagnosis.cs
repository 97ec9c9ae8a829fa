using System.Runtime.InteropServices;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Diagnosis;

/// <summary>Checks everything that commands rely on; changes nothing.</summary>
internal sealed class EnvironmentDiagnosis
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the diagnosis of one home; nothing is touched.</summary>
    public EnvironmentDiagnosis(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Checks versions, git, npm, the home, its configuration, locks, marketplaces, stored
    /// secrets, local plugins and leftovers.</summary>
    /// <param name="testConnection">Whether the servers of git marketplaces are asked, each for at most 15 seconds.</param>
    /// <param name="host">What this runs in, with its version, as <c>PowerShell 7.6.5</c>; null where nothing is to be said of it.</param>
    /// <param name="cancellation">Stops git and waits for its end.</param>
    /// <returns>In this order; a part that cannot be checked is its own failed check.</returns>
    public async Task<IReadOnlyList<EnvironmentCheck>> RunAsync(bool testConnection = false, string? host = null,
        CancellationToken cancellation = default)
    {
        var findings = new Findings(_environment);
        findings.Passed("Version", $"PluginMarket {Origin.ToolVersion}{(host is null ? "" : $" in {host}")}, "
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.");
        await LookAsync(findings, "Git", () => new ToolChecks(_environment).RunAsync(findings, cancellation)).ConfigureAwait(false);
        Look(findings, "Home", () => new HomeChecks(_environment).Run(findings));
        if (!AgentHome.IsUsable(_environment, out _))
        {
            return findings.All;
        }

        ConfigurationLayers? layers = null;
        Look(findings, "Configuration", () => layers = new ConfigurationChecks(_environment).Run(findings));
        Look(findings, "StoredSecret", () => new SecretChecks(_environment).Run(findings));
        if (layers is not null)
        {
            var marketplaces = new MarketplaceChecks(_environment, layers);
            Look(findings, "Marketplace", () => marketplaces.Run(findings));
            Look(findings, "LocalPlugin", () => marketplaces.RunOnInstalled(findings, cancellation));
            if (testConnection)
            {
                await LookAsync(findings, "Connection", () => marketplaces.ConnectAsync(findings, cancellation)).ConfigureAwait(false);
            }
        }

        return findings.All;
    }

    private static void Look(Findings findings, string name, Action part) => LookAsync(findings, name, () =>
    {
        part();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>Whatever ends one part is its own finding, and the parts behind it are checked all the same.</summary>
    private static async Task LookAsync(Findings findings, string name, Func<Task> part)
    {
        try
        {
            await part().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            findings.Fail(name, $"{problem}", $"Fix the permissions so that this user can read it.");
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            var failure = InternalFault.From(problem);
            findings.Fail(name, failure.Said, null, failure.File ?? failure.Target);
        }
    }
}

/// <summary>The checks of one run, with the place they were made in.</summary>
internal sealed class Findings(MarketEnvironment environment)
{
    private readonly List<EnvironmentCheck> _all = [];

    internal IReadOnlyList<EnvironmentCheck> All => _all;

    internal void Passed(string name, Message message, string? target = null) => Add(name, "Passed", message, null, target);

    internal void Inform(string name, Message message, Message? fix, string? target = null) =>
        Add(name, "Information", message, fix, target);

    internal void Inform(string name, Message message, Message? fix, IReadOnlyList<string> subjects) =>
        Add(name, "Information", message, fix, subjects is [var one] ? one : null, subjects);

    internal void Warn(string name, Message message, Message fix, string? target = null) => Add(name, "Warning", message, fix, target);

    internal void Warn(string name, Message message, Message fix, IReadOnlyList<string> subjects) =>
        Add(name, "Warning", message, fix, subjects is [var one] ? one : null, subjects);

    internal void Fail(string name, Message message, Message? fix, string? target = null) => Add(name, "Failed", message, fix, target);

    private void Add(string name, string status, Message message, Message? fix, string? target, IReadOnlyList<string>? subjects = null) =>
        _all.Add(new EnvironmentCheck
        {
            Name = name,
            Status = status,
            Message = message.ToString(),
            Fix = fix?.ToString(),
            Target = target is null ? null : DisplayText.Escape(target),
            Subjects = [.. (subjects ?? []).Select(subject => DisplayText.Escape(subject))],
            ComputerName = Origin.ComputerName,
            UserName = environment.UserName,
            CodexHome = environment.CodexHome,
        });
}
