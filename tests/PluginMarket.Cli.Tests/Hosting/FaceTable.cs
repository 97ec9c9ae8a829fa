using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.Cli.Hosting;
using PluginMarket.TestKit;

namespace PluginMarket.Cli.Tests;

/// <summary>Every cmdlet and parameter beside the verb and option of the command line, as docs/faces.md shows it. The cmdlets are read from
/// their help pages, which a test of the module compares with the code.</summary>
internal static partial class FaceTable
{
    private const string Host = "of PowerShell";
    private const string Pipes = "the command line has no pipeline of objects; names and files are its input";
    private const string Objects = "PowerShell filters objects with Where-Object; the command line prints JSON for other tools to filter";
    private const string Authors = "the author of a catalog edits it in an editor or with the module";

    /// <summary>The verb of each cmdlet; after a dash the reason why there is none.</summary>
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["Add-PluginMarketplace"] = "marketplace add",
        ["Add-PluginMarketplaceEntry"] = $"- {Authors}",
        ["Approve-Plugin"] = "- an approval is a decision about objects that were reviewed; `update --approval-file` uses the file",
        ["Clear-PluginCache"] = "- kept versions are pruned by every update (`--keep-version`)",
        ["Compare-Plugin"] = "diff",
        ["ConvertTo-PluginReport"] = "- `validate --format` and `drift --format` write the report themselves",
        ["Disable-Plugin"] = "disable",
        ["Enable-Plugin"] = "enable",
        ["Export-PluginDirectory"] = "- a page for people; made where catalogs are maintained",
        ["Export-PluginInventory"] = "inventory",
        ["Export-PluginLockFile"] = "lock",
        ["Export-PluginMarketplace"] = "- made where catalogs are maintained",
        ["Export-PluginPolicy"] = "policy export",
        ["Export-PluginState"] = "state export",
        ["Find-Plugin"] = "list",
        ["Get-InstalledPlugin"] = "inventory",
        ["Get-PluginCapability"] = "capabilities",
        ["Get-PluginDrift"] = "drift",
        ["Get-PluginHistory"] = "history",
        ["Get-PluginHome"] = "homes",
        ["Get-PluginInventory"] = "inventory",
        ["Get-PluginLockFile"] = "- the file is JSON",
        ["Get-PluginManifest"] = "manifest",
        ["Get-PluginManifestRule"] = "- docs/rules.md lists the rules",
        ["Get-PluginMarketplace"] = "marketplace list",
        ["Get-PluginPolicy"] = "policy show",
        ["Get-PluginSecurityContext"] = "- Codex itself shows it",
        ["Get-PluginUpdate"] = "outdated",
        ["Import-PluginInventory"] = "- `drift --inventory` reads the files",
        ["Install-Plugin"] = "add",
        ["New-Plugin"] = $"- {Authors}",
        ["New-PluginMarketplace"] = $"- {Authors}",
        ["New-PluginPolicy"] = "policy new",
        ["Remove-PluginMarketplace"] = "marketplace remove",
        ["Remove-PluginMarketplaceEntry"] = $"- {Authors}",
        ["Repair-Plugin"] = "repair",
        ["Repair-PluginManifest"] = "- `validate --fix` repairs",
        ["Resume-PluginUpdate"] = "release",
        ["Save-Plugin"] = "save",
        ["Set-PluginMarketplace"] = "marketplace set",
        ["Set-PluginMarketplaceEntry"] = $"- {Authors}",
        ["Suspend-PluginUpdate"] = "hold",
        ["Sync-Plugin"] = "apply",
        ["Test-PluginEnvironment"] = "- the doctor of the module; the command line names what is missing when it needs it",
        ["Test-PluginIntegrity"] = "verify",
        ["Test-PluginManifest"] = "validate",
        ["Test-PluginMarketplace"] = "validate",
        ["Test-PluginPolicy"] = "policy test",
        ["Undo-PluginUpdate"] = "rollback",
        ["Uninstall-Plugin"] = "remove",
        ["Update-Plugin"] = "update",
        ["Update-PluginMarketplace"] = "marketplace upgrade",
    };

    /// <summary>What a parameter is on the command line, where that is not the option of its name; after a dash the reason why there is
    /// none. A cmdlet before the dot makes it the parameter of that cmdlet alone.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["CodexHome"] = "--codex-home",
        ["HomePath"] = "--home",
        ["PluginHome"] = "- `--codex-home` names one home; `homes` lists them",
        ["TimeoutSec"] = "--timeout",
        ["PolicyPath"] = "--policy",
        ["SparsePath"] = "--sparse",
        ["IncludeFile"] = "--files",
        ["IncludeContentChange"] = "--files",
        ["MaximumRemoval"] = "--max-removal",
        ["MaximumAge"] = "--max-age",
        ["ExpectedComputer"] = "--expect",
        ["InventoryPath"] = "--inventory",
        ["RequiredPluginFile"] = "--file",
        ["WhatIf"] = $"- {Host}; `outdated`, `diff` and `apply --check` look before a change",
        ["Confirm"] = $"- {Host}",
        ["PassThru"] = $"- {Host}; a verb always answers",
        ["InputObject"] = $"- {Pipes}",
        ["ThrottleLimit"] = "- five at once",
        ["LiteralPath"] = "- a shell expands wildcards, and a quoted path is literal",
        ["Name"] = "PLUGIN",
        ["Path"] = "PATH",
        ["Quiet"] = "- the exit code says it",
        ["FailOn"] = "- the exit code is 3 for errors, with --strict for warnings too",
        ["NoClobber"] = "- a shell tests for a file",
        ["Marketplace"] = "PLUGIN@MARKETPLACE",
        ["Force"] = "- a verb asks no questions",
        ["Recurse"] = "- always",
        ["Rule"] = "- in the file of --settings",
        ["ExcludeRule"] = "- in the file of --settings",
        ["MinimumSeverity"] = "- in the file of --settings",
        ["Add-PluginMarketplace.Source"] = "SOURCE",
        ["Add-PluginMarketplace.Marketplace"] = $"- {Pipes}",
        ["Update-PluginMarketplace.Name"] = "MARKETPLACE",
        ["Remove-PluginMarketplace.Name"] = "MARKETPLACE",
        ["Remove-PluginMarketplace.UninstallPlugin"] = "- `remove` uninstalls plugins",
        ["Set-PluginMarketplace.Name"] = "MARKETPLACE",
        ["Get-PluginMarketplace.Name"] = $"- {Objects}",
        ["Get-PluginMarketplace.Scope"] = $"- {Objects}",
        ["Get-PluginMarketplace.Path"] = "- `validate` reads a catalog that is not registered",
        ["Compare-Plugin.ReferenceObject"] = "PLUGIN",
        ["Compare-Plugin.DifferenceObject"] = "OTHER",
        ["Compare-Plugin.IncludeEqual"] = $"- {Objects}",
        ["Export-PluginInventory.Path"] = "--out",
        ["Export-PluginInventory.Uri"] = "--out",
        ["Export-PluginLockFile.Path"] = "--lock-file",
        ["Export-PluginState.Path"] = "--out",
        ["Export-PluginPolicy.Path"] = "--out",
        ["Export-PluginPolicy.Format"] = "FORMAT",
        ["Find-Plugin.Name"] = $"- {Objects}",
        ["Find-Plugin.Path"] = "- `validate` reads a catalog that is not registered",
        ["Find-Plugin.Marketplace"] = "--marketplace",
        ["Get-InstalledPlugin.Name"] = $"- {Objects}",
        ["Get-InstalledPlugin.Marketplace"] = $"- {Objects}",
        ["Get-InstalledPlugin.Version"] = $"- {Objects}",
        ["Get-InstalledPlugin.State"] = $"- {Objects}",
        ["Get-InstalledPlugin.IncludeHash"] = "- always, with --json",
        ["Get-PluginCapability.Path"] = "PLUGIN",
        ["Get-PluginManifest.Path"] = "PLUGIN",
        ["Get-PluginManifest.Raw"] = "- the file is JSON",
        ["Get-PluginDrift.RequiredPluginFile"] = "--against",
        ["Get-PluginDrift.LockFile"] = "--against",
        ["Get-PluginDrift.ReferenceInventory"] = "--against",
        ["Get-PluginDrift.Policy"] = "--against",
        ["Get-PluginDrift.Kind"] = $"- {Objects}",
        ["Get-PluginDrift.IncludeInSync"] = $"- {Objects}",
        ["Get-PluginDrift.Summary"] = "- every answer has it",
        ["Sync-Plugin.PluginHome"] = "--all-users",
        ["Get-PluginInventory.PluginHome"] = "--all-users",
        ["Find-Plugin.PluginHome"] = "--all-users",
        ["Get-PluginDrift.PluginHome"] = "--all-users",
        ["Get-PluginPolicy.PluginHome"] = "--all-users",
        ["Get-PluginUpdate.PluginHome"] = "--all-users",
        ["Test-PluginIntegrity.PluginHome"] = "--all-users",
        ["Update-Plugin.PluginHome"] = "--all-users",
        ["Export-PluginInventory.PluginHome"] = "--all-users",
        ["Get-InstalledPlugin.PluginHome"] = "--all-users",
        ["Get-PluginHome.PluginHome"] = $"- {Pipes}",
        ["Get-PluginHome.UserName"] = $"- {Objects}",
        ["Get-PluginHome.Path"] = $"- {Objects}",
        ["Get-PluginHistory.Marketplace"] = "--marketplace",
        ["Get-PluginPolicy.Id"] = $"- {Objects}",
        ["Get-PluginPolicy.Rule"] = "--rules",
        ["Install-Plugin.Default"] = "- `apply` installs what a state requires",
        ["Install-Plugin.Enable"] = "- `add` always enables",
        ["Install-Plugin.LockFile"] = "- `restore` installs a lock file",
        ["Install-Plugin.Frozen"] = "- `restore --frozen`",
        ["Install-Plugin.RequiredPlugin"] = "- `apply` applies a state",
        ["Install-Plugin.RequiredPluginFile"] = "- `apply --file`",
        ["Install-Plugin.TrustMarketplace"] = "- the command line installs from registered marketplaces only",
        ["Install-Plugin.ApprovalFile"] = "- `update --approval-file`; a first installation replaces nothing",
        ["Install-Plugin.KeepVersion"] = "- `update --keep-version`",
        ["New-PluginPolicy.Mode"] = "--enforce",
        ["Save-Plugin.Path"] = "--path",
        ["Save-Plugin.Force"] = "--force",
        ["Sync-Plugin.Force"] = "--force",
        ["Sync-Plugin.RequiredPlugin"] = $"- {Pipes}",
        ["Sync-Plugin.ApprovalFile"] = "- a state names the digests that it accepts",
        ["Test-PluginMarketplace.Name"] = "- by its folder",
        ["Uninstall-Plugin.Purge"] = "- the data of a plugin stays, as with Codex",
    };

    /// <summary>Options that no parameter of the cmdlet has.</summary>
    private static readonly Dictionary<string, string> OnlyOptions = new(StringComparer.Ordinal)
    {
        ["--json"] = "objects are what a cmdlet writes",
        ["--format"] = "ConvertTo-PluginReport",
        ["--verbose"] = "-Verbose",
        ["--available"] = "as Codex has it; Find-Plugin always lists what can be installed",
        ["--check"] = "-WhatIf",
        ["--fix"] = "Repair-PluginManifest",
        ["--dry-run"] = "Repair-PluginManifest -WhatIf",
        ["--report"] = "Export-PluginInventory",
        ["--keep"] = "only `try` has it",
        ["--git-engine"] = "-GitEngine",
    };

    /// <summary>The verbs that no cmdlet has.</summary>
    private static readonly Dictionary<string, string> OnlyVerbs = new(StringComparer.Ordinal)
    {
        ["completion"] = "PowerShell completes cmdlets by itself",
        ["dsc"] = "DSC runs the resources of the module",
        ["restore"] = "Install-Plugin -LockFile",
        ["try"] = "the tour of README.md",
    };

    internal static string Page(ICollection<string> problems)
    {
        var root = CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null, Path.GetTempPath(), Colour: false));
        var text = new StringBuilder("# The module and the command line\n\n"
            + "Every parameter of every cmdlet beside what the command line has for it, or why it has nothing. A test writes and compares this "
            + "page.\n");
        foreach (var (cmdlet, parameters) in Cmdlets())
        {
            var verb = Verbs.GetValueOrDefault(cmdlet);
            if (verb is null)
            {
                problems.Add($"{cmdlet}: name its verb in Verbs of FaceTable.cs, or the reason why it has none");
                continue;
            }

            if (verb.StartsWith("- ", StringComparison.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n## {cmdlet}\n\nNo verb: {verb[2..]}.\n");
                continue;
            }

            var names = OptionsOf(root, verb, problems);
            text.Append(CultureInfo.InvariantCulture, $"\n## {cmdlet}: `pluginmarket {verb}`\n\n| Parameter | Command line |\n|---|---|\n");
            foreach (var parameter in parameters)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {parameter} | {Cell(cmdlet, parameter, names, problems)} |\n");
            }
        }

        text.Append("\n## Only the command line\n\n| Verb or option | In PowerShell |\n|---|---|\n");
        foreach (var (name, reason) in OnlyVerbs.Concat(OnlyOptions).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {reason} |\n");
        }

        FindForgotten(root, problems);
        return text.ToString();
    }

    private static string Cell(string cmdlet, string parameter, HashSet<string> names, ICollection<string> problems)
    {
        var kebab = "--" + Humps().Replace(parameter, "-$0").ToLowerInvariant().TrimStart('-');
        var known = Parameters.GetValueOrDefault($"{cmdlet}.{parameter}")
            ?? (names.Contains(kebab) ? kebab : Parameters.GetValueOrDefault(parameter) ?? (cmdlet == "Find-Plugin" ? $"- {Objects}" : null));
        switch (known)
        {
            case null:
                problems.Add($"{cmdlet} -{parameter}: the verb has no {kebab}; add it, or a reason to Parameters of FaceTable.cs");
                return "";
            case ['-', '-', ..] when !names.Contains(known):
                problems.Add($"{cmdlet} -{parameter}: the verb has no {known}");
                return "";
            case ['-', ' ', ..]:
                return known[2..];
            default:
                return $"`{known}`";
        }
    }

    // What the command line alone has is a decision too.
    private static void FindForgotten(RootCommand root, ICollection<string> problems)
    {
        var verbs = root.Subcommands.SelectMany(verb => verb.Subcommands.Count == 0
            ? [verb.Name] : verb.Subcommands.Select(child => $"{verb.Name} {child.Name}")).ToList();
        foreach (var verb in verbs.Where(verb => !Verbs.ContainsValue(verb) && !OnlyVerbs.ContainsKey(verb.Split(' ')[0])))
        {
            problems.Add($"pluginmarket {verb}: no cmdlet has it; name it in OnlyVerbs of FaceTable.cs");
        }

        var parameters = Cmdlets().ToDictionary(cmdlet => cmdlet.Name, cmdlet => cmdlet.Parameters);
        foreach (var verb in verbs.Where(Verbs.ContainsValue))
        {
            var cmdlets = Verbs.Where(pair => pair.Value == verb && parameters.ContainsKey(pair.Key)).Select(pair => pair.Key).ToList();
            var covered = cmdlets.SelectMany(cmdlet => parameters[cmdlet].SelectMany(parameter => new[]
            {
                "--" + Humps().Replace(parameter, "-$0").ToLowerInvariant().TrimStart('-'),
                Parameters.GetValueOrDefault($"{cmdlet}.{parameter}") ?? "", Parameters.GetValueOrDefault(parameter) ?? "",
            })).ToHashSet(StringComparer.Ordinal);
            var globals = root.Options.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var option in OptionsOf(root, verb, problems).Where(name => name.StartsWith("--", StringComparison.Ordinal)
                && !globals.Contains(name) && !covered.Contains(name) && !OnlyOptions.ContainsKey(name)
                && !(name == "--marketplace" && covered.Contains("PLUGIN@MARKETPLACE"))))
            {
                problems.Add($"pluginmarket {verb} {option}: no parameter of {string.Join(", ", cmdlets)} has it");
            }
        }
    }

    private static HashSet<string> OptionsOf(RootCommand root, string verb, ICollection<string> problems)
    {
        Command command = root;
        foreach (var word in verb.Split(' '))
        {
            if (command.Subcommands.FirstOrDefault(child => child.Name == word) is not { } child)
            {
                problems.Add($"There is no verb '{verb}'");
                return [];
            }

            command = child;
        }

        return [.. command.Options.Concat(root.Options).Select(option => option.Name), .. command.Arguments.Select(argument => argument.Name)];
    }

    private static IEnumerable<(string Name, IReadOnlyList<string> Parameters)> Cmdlets() =>
        Directory.GetFiles(Path.Join(RepositoryRoot.Path, "docs/en-US"), "*-*.md").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file),
                (IReadOnlyList<string>)[.. Heading().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)]));

    [GeneratedRegex(@"^### -(?<name>\w+)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Humps();
}
