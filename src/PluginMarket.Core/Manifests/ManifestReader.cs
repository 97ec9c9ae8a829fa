using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Reads a plugin's manifest and components as Codex reads them (contract 2).</summary>
internal static class ManifestReader
{
    /// <summary>Finds and reads the manifest of a tree, and every component it brings.</summary>
    /// <param name="tree">The plugin's folder; nothing outside it is read and no link is followed.</param>
    /// <param name="displayRoot">What the tree's root is called in findings: a folder or a URL.</param>
    /// <param name="defaultName">The name of a manifest without one: the folder's name.</param>
    /// <param name="fallback">The manifest made from the catalog entry, used where the tree has none (contract 1.8).</param>
    /// <param name="limits">Caps on what is read; the documented ones where null.</param>
    /// <returns>A manifest, or why Codex or a cap refuses it; never an exception for what the tree holds.</returns>
    public static ManifestReading Read(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback = null,
        Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(displayRoot);
        ArgumentNullException.ThrowIfNull(defaultName);
        var reading = new PluginPass(tree, displayRoot, limits ?? Limits.Default);
        GeneratedFile? generated = null;
        try
        {
            var (json, dialect, path) = FindManifest(reading, fallback, ref generated);
            var manifest = dialect == "Agent" ? AgentManifestParser.Parse(reading, json, path, displayRoot)
                : ManifestParser.Parse(reading, json, path, dialect, displayRoot, defaultName, generated is not null);
            return reading.Refusals is [var refusal, ..]
                ? Refused(reading, refusal, generated, manifest)
                : new ManifestReading
                {
                    Manifest = manifest,
                    Warnings = reading.Warnings,
                    GeneratedManifest = generated,
                    StatedVersion = Stated(reading),
                    Findings = reading.Findings,
                    Documents = reading.Documents,
                    Draft = manifest,
                };
        }
        catch (RefusedManifestException)
        {
            return Refused(reading, reading.Refusals[0], generated, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var refusal = reading.Refuse("Unreadable", "", $"A file of the plugin cannot be read: {failure.Message}").Refusal;
            return new ManifestReading
            {
                Refusal = refusal,
                Warnings = reading.Warnings,
                Findings = reading.Findings,
                Documents = reading.Documents,
            };
        }
    }

    /// <summary>What is in a manifest's place without being a regular file, which ends Codex's
    /// search; null where nothing does.</summary>
    internal static string? FindObstacle(FileTree tree, string displayRoot, Limits limits)
    {
        try
        {
            _ = ManifestLocation.Find(new PluginPass(tree, displayRoot, limits), out var blockedBy);
            return blockedBy;
        }
        catch (RefusedManifestException)
        {
            // A root manifest that cannot be read is found again, and told, when the manifest is read.
            return null;
        }
    }

    /// <summary>The name that the manifest gives the plugin, without a check of anything else; null where it cannot be told.</summary>
    internal static string? FindName(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback, Limits limits)
    {
        GeneratedFile? generated = null;
        try
        {
            var (json, dialect, _) = FindManifest(new PluginPass(tree, displayRoot, limits), fallback, ref generated);
            return json.Root["name"] switch
            {
                null => dialect == "Agent" ? null : defaultName,
                { Kind: JsonKind.String } name => string.IsNullOrWhiteSpace(name.GetString()) ? defaultName : name.GetString(),
                _ => null,
            };
        }
        catch (Exception failure) when (failure is RefusedManifestException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a manifest says by itself; null where all of the plugin has to be read to tell: for a refused manifest, and for one of
    /// the Agent format.</summary>
    internal static ManifestWords? FindWords(FileTree tree, string displayRoot, string defaultName, Limits limits)
    {
        var reading = new PluginPass(tree, displayRoot, limits);
        GeneratedFile? generated = null;
        try
        {
            var (json, dialect, _) = FindManifest(reading, null, ref generated);
            var words = dialect == "Agent" ? null : ManifestParser.ReadWords(reading, json.Root, defaultName).Words;
            return reading.Refusals.Count == 0 ? words : null;
        }
        catch (RefusedManifestException)
        {
            return null;
        }
    }

    /// <summary>The version that <see cref="Read"/> would state, without a check of what the plugin brings.</summary>
    internal static string? FindVersion(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback, Limits limits)
    {
        var reading = new PluginPass(tree, displayRoot, limits);
        GeneratedFile? generated = null;
        try
        {
            var (json, dialect, _) = FindManifest(reading, fallback, ref generated);
            if (dialect == "Agent")
            {
                return Read(tree, displayRoot, defaultName, fallback, limits).StatedVersion;
            }

            ManifestParser.ReadTypedFields(reading, json.Root, defaultName);
            return Stated(reading);
        }
        catch (RefusedManifestException)
        {
            return Stated(reading);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ManifestReading Refused(PluginPass reading, ManifestRefusal refusal, GeneratedFile? generated, PluginManifest? draft) =>
        new()
        {
            Refusal = refusal,
            Warnings = reading.Warnings,
            GeneratedManifest = generated,
            StatedVersion = Stated(reading),
            Findings = reading.Findings,
            Documents = reading.Documents,
            Draft = draft,
        };

    private static string? Stated(PluginPass reading) =>
        string.IsNullOrEmpty(reading.StatedVersion) ? null : DisplayText.Escape(reading.StatedVersion);

    private static (JsonFile Json, string Dialect, string Path) FindManifest(PluginPass reading, FallbackManifest? fallback,
        ref GeneratedFile? generated)
    {
        if (ManifestLocation.Find(reading, out var blockedBy) is { } found)
        {
            reading.ManifestPath = found.File.Path;
            return (Parse(reading, reading.ReadBytes(found.File), found.File.Path), found.Dialect, found.File.Path);
        }

        if (blockedBy is not null)
        {
            throw reading.Refuse("ManifestBlocked", blockedBy,
                $"The plugin has no manifest: '{blockedBy}' is a link or not what it must be. Make it a regular file in a real folder.");
        }

        if (fallback is null)
        {
            throw reading.Refuse("ManifestMissing", "", "The plugin has no manifest. Add .codex-plugin/plugin.json with a name.");
        }

        generated = fallback.ToFile();
        reading.ManifestPath = generated.Path;
        return (Parse(reading, generated.Content, generated.Path), "Codex", generated.Path);
    }

    /// <summary>Parses a manifest that must be one; what is wrong with its text refuses the plugin.</summary>
    internal static JsonFile Parse(PluginPass reading, byte[] content, string path)
    {
        var display = reading.DisplayPath(path);
        JsonFile json;
        try
        {
            json = JsonFile.Parse(content, display, MarketErrorCode.ManifestInvalid, reading.Limits, tolerateDuplicates: true);
        }
        catch (PluginMarketException failure)
        {
            json = JsonFile.Parse(reading.RefuseText(failure, path, content), display, MarketErrorCode.ManifestInvalid, reading.Limits,
                tolerateDuplicates: true);
        }

        reading.Remember(path, json);
        reading.RefuseBom(json, path);
        reading.RefuseDuplicates(json, TypedManifestKeys.OfManifest);
        if (json.Root.Kind != JsonKind.Object)
        {
            throw new RefusedManifestException(reading.NoteRefusal(json.Root.Kind == JsonKind.Array ? "ManifestArray" : "ManifestShape",
                json.Root, "The manifest must be a JSON object."));
        }

        reading.NoteHiddenText(json.Root);
        return json;
    }
}
