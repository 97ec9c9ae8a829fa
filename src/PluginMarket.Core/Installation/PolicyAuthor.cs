using System.Text;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Inventory;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Toml;
using Semver;

namespace PluginMarket.Installation;

/// <summary>Writes policies: one of what is in use, and one that is there in the words of Codex.</summary>
internal sealed class PolicyAuthor(MarketEnvironment environment)
{
    /// <summary>Writes an allow list of what is in use.</summary>
    /// <param name="path">The file, absolute; it must not exist.</param>
    /// <param name="id">The id of the policy.</param>
    /// <param name="isAudit">Whether it only reports.</param>
    /// <param name="plugins">The plugins that are meant; null for everything installed.</param>
    /// <exception cref="PluginMarketException">SourceInvalid, SourceUnreachable, PolicyUnreadable for an id that is none.</exception>
    internal void Write(string path, string id, bool isAudit, IReadOnlyCollection<PluginId>? plugins)
    {
        DemandFree(path);
        var layers = ConfigurationLayers.Read(environment);
        var wanted = plugins ?? [.. Installed()];
        var marketplaces = plugins is null ? layers.Marketplaces.Select(table => table.Name)
            : plugins.Select(plugin => plugin.Marketplace.Value).Distinct(StringComparer.Ordinal);
        var text = PolicyWriter.Write(id, "1", isAudit,
            marketplaces.Select(name => MarketplacePolicy.Of(environment, layers, name, null)).OfType<MarketplaceFacts>(),
            [.. wanted.Select(plugin => (plugin, SourceOf(plugin)))]);

        // What is written is read again: an id that the format does not have is not written.
        PolicyReader.Read(text, path, environment);
        if (!Put(path, text, () => environment.Files.Kind(path) == FileKind.Missing))
        {
            DemandFree(path);
        }
    }

    /// <summary>Fails where there is a file already.</summary>
    internal void DemandFree(string path)
    {
        if (environment.Files.Kind(path) != FileKind.Missing)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"The file '{path}' exists. {Remedy.Do($"Choose another path, or remove the file first.")}", path);
        }
    }

    /// <summary>Says the policies of the given files in formats of Codex.</summary>
    /// <param name="formats">The formats.</param>
    /// <param name="path">Where a single format is written; null to give the text alone.</param>
    /// <param name="allowPartial">Whether a rule may be said in part, or not at all.</param>
    /// <param name="inventories">What other machines have, whose plugins are known too.</param>
    /// <param name="codexVersion">The version of Codex that reads it; null for those that were tested.</param>
    /// <exception cref="PluginMarketException">PolicyUnreadable, PolicyNotExpressible, ConfigFormUnsupported.</exception>
    internal IReadOnlyList<PluginPolicyExport> Export(IReadOnlyList<PolicyFormat> formats, string? path, bool allowPartial,
        IEnumerable<PluginInventory>? inventories = null, string? codexVersion = null)
    {
        DemandKnown(codexVersion);
        var layers = PolicyGate.Open(environment).Layers;
        if (layers.FirstOrDefault(layer => layer.Problem is not null) is { } broken)
        {
            throw broken.Problem!;
        }

        var documents = layers.Where(layer => layer.Document is not null).ToList();
        if (documents.Count == 0)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"There is no policy to export. {Remedy.Do($"Choose a policy file.")}");
        }

        var facts = Facts(inventories ?? []);
        var compiled = formats.Select(format => (Format: format, Text: new CompilePolicy(documents, facts).Compile(format))).ToList();
        var lost = compiled.SelectMany(one => one.Text.Coverage).GroupBy(line => (line.Layer.Path, line.Rule.Id))
            .Select(group => group.MinBy(line => line.Fidelity)!).FirstOrDefault(line => line.Fidelity >= Fidelity.Looser
                && !line.Layer.Document!.IsAudit && !line.Rule.IsAudit);
        if (!allowPartial && lost is not null)
        {
            throw new PluginMarketException(MarketErrorCode.PolicyNotExpressible,
                $"The rule {lost.Rule.Id} of {lost.Layer.Name} ({lost.Layer.Path}, line {lost.Rule.Line}) cannot be said in "
                    + $"{string.Join(" and ", formats)}: {lost.Note} "
                    + $"{Remedy.Use(OperationOption.AllowPartial, $"export the rest")}",
                lost.Rule.Id)
            {
                File = lost.Layer.Path,
                Line = lost.Rule.Line,
                Column = lost.Rule.Column,
            };
        }

        var mark = "policy " + string.Join(", ", documents.Select(layer => $"{layer.Document!.Id} {layer.Document.Revision}"))
            + " of PluginMarket";
        return [.. compiled.Select(one => Make(one.Format, one.Text, mark, path))];
    }

    private PluginPolicyExport Make(PolicyFormat format, (string Keys, string Tables, IReadOnlyList<RuleCoverage> Coverage) compiled,
        string mark, string? path)
    {
        var before = path is null ? "" : Read(path);
        var text = CompilePolicy.Splice(before, compiled.Keys, compiled.Tables, mark);
        if (path is not null)
        {
            try
            {
                TomlFile.Parse(Encoding.UTF8.GetBytes(text), path, environment.Limits);
            }
            catch (PluginMarketException conflict)
            {
                throw new PluginMarketException(MarketErrorCode.ConfigFormUnsupported,
                    $"The policy cannot be written into '{path}', whose own keys are in its way: {conflict} "
                        + $"{Remedy.Do($"Remove those keys, or choose another file.")}", path, conflict)
                {
                    File = path,
                };
            }

            if (!Put(path, Encoding.UTF8.GetBytes(text), () => Read(path) == before))
            {
                // Another process wrote it in the meantime: what it wrote stays, too.
                return Make(format, compiled, mark, path);
            }
        }

        return new PluginPolicyExport
        {
            Format = format.ToString(),
            Text = text,
            Path = path is null ? null : DisplayText.Escape(path),
            Coverage = [.. compiled.Coverage.Select(line => new PluginPolicyCoverage
            {
                RuleId = line.Rule.Id,
                Fidelity = line.Fidelity.ToString(),
                Note = DisplayText.Escape(line.Note),
            })],
        };
    }

    // What an older Codex makes of these files was never tested, and a policy that it ignores protects nobody.
    private void DemandKnown(string? codexVersion)
    {
        if (codexVersion is null)
        {
            return;
        }

        if (!SemVersion.TryParse(codexVersion, SemVersionStyles.Strict, out var version))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{codexVersion}' is not a version of Codex. "
                + $"{Remedy.Do($"Use a version such as {InstalledCodex.Tested[^1]}.")}", codexVersion);
        }

        if (version.ComparePrecedenceTo(SemVersion.Parse(InstalledCodex.Tested[0])) < 0)
        {
            throw new PluginMarketException(MarketErrorCode.PolicyNotExpressible, $"Codex {codexVersion} is older than "
                + $"{InstalledCodex.Tested[0]}, and what it makes of these files is not known. "
                + $"{Remedy.Do($"Use a newer Codex on the machines that get the policy.")}", codexVersion);
        }

        if (version.ComparePrecedenceTo(SemVersion.Parse(InstalledCodex.Tested[^1])) > 0)
        {
            environment.Log.Warn($"Codex {codexVersion} is newer than {InstalledCodex.Tested[^1]}, the newest that these files were tested "
                + $"with. {Remedy.Do($"Check that it loads them.")}");
        }
    }

    private CompileFacts Facts(IEnumerable<PluginInventory> inventories)
    {
        var layers = ConfigurationLayers.Read(environment);
        var view = MarketplaceView.Open(environment);
        var listed = view.Marketplaces.Where(open => open.Catalog.ValidName is not null).SelectMany(open => open.Catalog.Entries
            .Where(entry => entry.ValidName is not null).Select(entry => new PluginId(entry.ValidName!, open.Catalog.ValidName!)));
        var installed = Installed().ToList();
        return new CompileFacts(
            [.. installed.Concat(listed).Concat(inventories.SelectMany(Reported)).DistinctBy(id => id.ToString())
                .OrderBy(id => id.ToString(), StringComparer.Ordinal)],
            [.. installed.SelectMany(ServersOf)],
            layers.Marketplaces.Select(table => (table.Name, Facts: MarketplacePolicy.Of(environment, layers, table.Name, null)))
                .Where(one => one.Facts is not null).ToDictionary(one => one.Name, one => one.Facts!, StringComparer.Ordinal));
    }

    // Names that no plugin can have are not Codex's either.
    private static IEnumerable<PluginId> Reported(PluginInventory inventory)
    {
        foreach (var plugin in inventory.Plugins)
        {
            if (PluginId.TryParse(plugin.Id, out var id, out _))
            {
                yield return id;
            }
        }
    }

    private IEnumerable<PluginId> Installed() =>
        environment.Home.Cache.AllPlugins().Select(plugin => plugin.Id).OrderBy(id => id.ToString(), StringComparer.Ordinal);

    private IEnumerable<(PluginId Id, Capability Server)> ServersOf(PluginId id)
    {
        if (environment.Home.Cache.ActivePath(id) is not { } folder)
        {
            return [];
        }

        var tree = FolderTree.ReadInstalled(folder, environment.Files, environment.Limits);
        return ManifestReader.Read(tree, folder, id.Plugin.Value, null, environment.Limits).Manifest is not { } manifest ? []
            : Capabilities.CapabilityReader.Read(tree, manifest).Where(one => one.Component == "McpServer").Select(one => (id, one));
    }

    private PluginSourceFacts? SourceOf(PluginId id) => environment.Home.Receipts.TryFind(id, out var receipt, out _)
        ? PluginPolicySubject.SourceOf(receipt, new AddressReader(environment, null)) : null;

    private string Read(string path)
    {
        try
        {
            return environment.Files.TryReadAllBytes(path, environment.Limits.ConfigurationBytes, followLink: true) is { } utf8
                ? Encoding.UTF8.GetString(utf8) : "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, problem);
        }
    }

    private bool Put(string path, byte[] text, Func<bool> isAsBefore)
    {
        try
        {
            return AtomicFile.Write(environment.Files, path, text,
                environment.Files.Kind(path) == FileKind.File ? null : FileOps.SharedFile, isAsBefore);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, problem);
        }
    }

    private static PluginMarketException Unwritable(string path, Exception problem) => new(MarketErrorCode.SourceUnreachable,
        $"The file '{path}' cannot be written: {problem} {Remedy.Do($"Choose a path in a folder that exists.")}", path, problem)
    {
        File = path,
        IsAboutWriting = true,
    };
}
