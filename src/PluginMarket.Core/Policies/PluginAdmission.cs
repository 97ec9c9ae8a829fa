using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Policies;

/// <summary>Whether the files of a source can be installed as the plugin of an entry: one answer for installing
/// and for everything that only looks.</summary>
/// <param name="id"><c>plugin@marketplace</c>.</param>
/// <param name="name">The plugin's name in the catalog.</param>
/// <param name="fallback">The manifest made of the entry, for a source without one.</param>
/// <param name="limits">The caps.</param>
internal sealed class PluginAdmission(string id, string name, FallbackManifest? fallback, Limits limits)
{
    /// <summary>Reads what the files say of themselves, and finds what installing them would refuse.</summary>
    internal AdmissionReading Read(PluginFiles files)
    {
        var tree = files.Tree;
        PluginMarketException? refusal = null;
        try
        {
            TreePlan.Make(tree, TreeWriteOptions.Plugin(limits));
            tree = FindObstacle(files) is { } obstacle ? Replace(tree, obstacle) : tree;
        }
        catch (PluginMarketException failure)
        {
            refusal = failure.Target == id ? failure : Refuse(failure);
        }

        var reading = ManifestReader.Read(tree, files.DisplayRoot, files.DefaultName, fallback, limits);
        try
        {
            if (refusal is null)
            {
                DemandVersion(reading, files);
            }
        }
        catch (PluginMarketException failure)
        {
            refusal = failure;
        }

        return new AdmissionReading(reading, refusal);
    }

    /// <summary>Fails where the manifest names another plugin; nothing else of the files is read.</summary>
    /// <exception cref="PluginMarketException">ManifestNameMismatch.</exception>
    internal void DemandName(PluginFiles files)
    {
        if (FindObstacle(files) is null
            && ManifestReader.FindName(files.Tree, files.DisplayRoot, files.DefaultName, fallback, limits) is { } stated)
        {
            DemandName(stated, files);
        }
    }

    /// <summary>Whether nothing that the manifest says by itself refuses the plugin; its other files may.</summary>
    internal static bool Admits(string name, ManifestWords words) => string.Equals(words.Name, name, StringComparison.Ordinal)
        && PluginVersion.TryParse(words.InstallVersion, out var version, out _) && NameRules.CheckPortability(version.Value) is null;

    /// <summary>The folder name that the manifest gives the plugin in the cache.</summary>
    /// <exception cref="PluginMarketException">What Codex or a cap refuses in the manifest, ManifestNameMismatch, or a
    /// version that cannot name a folder.</exception>
    internal PluginVersion DemandVersion(ManifestReading reading, PluginFiles files)
    {
        if (reading.Manifest is not { } manifest)
        {
            throw Refuse(reading.Refusal!);
        }

        DemandName(manifest.Name, files);
        if (!PluginVersion.TryParse(manifest.InstallVersion, out var version, out var finding))
        {
            throw Refuse(MarketErrorCode.ManifestInvalid, finding);
        }

        return NameRules.CheckPortability(version.Value) is { } unsafeName
            ? throw Refuse(MarketErrorCode.NameInvalid, $"its version '{version}' {unsafeName}.") : version;
    }

    /// <summary>The link that has a manifest's place, so that the entry's own manifest is used in its
    /// stead; null where nothing has it.</summary>
    /// <remarks>Something that is not a regular file in that place ends Codex's search. Of a link it then says that there is no manifest,
    /// and the entry's own takes the place of whatever is behind it (contract 2.1, 1.8); anything else it refuses.</remarks>
    /// <exception cref="PluginMarketException">ManifestInvalid: there is no manifest to use in its stead.</exception>
    internal string? FindObstacle(PluginFiles files)
    {
        if (ManifestReader.FindObstacle(files.Tree, files.DisplayRoot, limits) is not { } obstacle)
        {
            return null;
        }

        return fallback is not null && files.Tree.Find(obstacle) is { Kind: TreeEntryKind.SymbolicLink }
            ? obstacle : throw new PluginMarketException(
                MarketErrorCode.ManifestInvalid,
                $"'{id}' cannot be installed: '{obstacle}' is a link or of the wrong kind. "
                    + $"{Remedy.Do($"Ask its author for a regular file in a real folder.")}",
                id)
            { File = obstacle };
    }

    /// <summary>The failure of a tree that cannot be written as a plugin.</summary>
    internal PluginMarketException Refuse(PluginMarketException failure) =>
        new(failure.Code, $"'{id}' cannot be installed: {failure}", id, failure)
        {
            File = failure.File ?? failure.Target,
            Line = failure.Line,
            Column = failure.Column,
        };

    private PluginMarketException Refuse(MarketErrorCode code, string finding) =>
        new(code, $"'{id}' cannot be installed: {finding} {Remedy.Do($"Ask its author to fix it.")}", id);

    private PluginMarketException Refuse(ManifestRefusal refusal)
    {
        var place = refusal.Line is { } line ? FormattableString.Invariant($"{refusal.File}({line},{refusal.Column}): ") : "";
        return new(
            refusal.Code,
            $"'{id}' cannot be installed: {place}{refusal.Message} {Remedy.Do($"Ask its author to fix it.")}",
            id)
        { File = refusal.File, Line = refusal.Line, Column = refusal.Column };
    }

    private void DemandName(string stated, PluginFiles files)
    {
        if (string.Equals(stated, name, StringComparison.Ordinal))
        {
            return;
        }

        throw new PluginMarketException(
            MarketErrorCode.ManifestNameMismatch,
            files.IsDefaultNameMadeUp && stated == files.DefaultName
                ? (Message)($"The manifest of '{id}' does not state a name, which the manifest of a repository or a package must. "
                    + $"{Remedy.Do($"Ask its author to add \"name\": \"{name}\".")}")
                : $"{OtherName(id, stated)} {Remedy.Do($"Ask the owner of the catalog.")}",
            id);
    }

    /// <summary>That a manifest names another plugin than the catalog does, in the words that everything says it in.</summary>
    internal static Message OtherName(string id, string stated) =>
        $"The manifest of '{id}' names the plugin '{stated}'; catalog and manifest must agree.";

    private AssembledTree Replace(FileTree tree, string obstacle)
    {
        var file = fallback!.ToFile();
        return new AssembledTree().Add(tree, entry => entry.Path != obstacle && entry.Path != file.Path).Add(file.Path,
            System.Text.Encoding.UTF8.GetString(file.Content));
    }
}

/// <summary>What the files of a source say of themselves, and why installing refuses them.</summary>
/// <param name="Manifest">What they say.</param>
/// <param name="Refusal">Why they are refused; null where nothing in the files forbids it.</param>
internal sealed record AdmissionReading(ManifestReading Manifest, PluginMarketException? Refusal);
