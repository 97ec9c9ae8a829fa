using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>Reads the document of a desired state: strictly, so that nothing a person wrote there counts for nothing.</summary>
internal sealed class DesiredStateReader(MarketEnvironment environment, string? folder)
{
    private const int Format = 1;
    private const int LongestId = 64;
    private static readonly string[] Systems = ["Linux", "MacOS", "Windows"];

    /// <summary>Reads a document.</summary>
    /// <param name="file">The text.</param>
    /// <exception cref="PluginMarketException">StateFileUnreadable with the place, StateFileConflict, PolicyUnreadable.</exception>
    internal DesiredState Read(JsonFile file)
    {
        var root = file.Root;
        if (file.HadBom)
        {
            throw root.Failure($"A desired state has no byte order mark. {Remedy.Do($"Save it as UTF-8 without one.")}");
        }

        if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
        {
            throw (root["format"] ?? root).Failure($"The desired state has no known format. {Remedy.Do($"Set 'format' to {Format}.")}");
        }

        root.DemandOnly(["$schema", "format", "id", "revision", "lockFile", "policy", "marketplaces", "plugins", "defaults", "unlisted",
            "unlistedMarketplaces", "protect", .. root.Members.Select(member => member.Name)
                .Where(name => name.StartsWith("x-", StringComparison.Ordinal))]);
        _ = root["$schema"]?.GetString();
        var lockFile = root["lockFile"] is { } locked ? PluginLockFile.Read(environment, ReadFile(locked, "lock file")) : null;
        return new DesiredState(ReadId(root.Demand("id")), ReadRevision(root.Demand("revision")))
        {
            Path = file.DisplayPath,
            Folder = folder,
            Digest = TreeDigest.OfBytes(file.Utf8.Span),
            LockFile = lockFile,
            Policy = root["policy"] is { } policy ? ReadFile(policy, "policy") : null,
            Marketplaces = [.. root["marketplaces"] is { } named ? Members(named).Select(ReadMarketplace) : []],
            Plugins = ReadPlugins(root["plugins"], lockFile),
            Defaults = [.. root["defaults"]?.GetItems().Select(ReadMarketplaceName) ?? []],
            Unlisted = ReadRule(root["unlisted"], [UnlistedRule.Ignore, UnlistedRule.Report, UnlistedRule.Disable, UnlistedRule.Remove]),
            UnlistedMarketplaces = ReadRule(root["unlistedMarketplaces"],
                [UnlistedRule.Ignore, UnlistedRule.Report, UnlistedRule.Remove]),
            Protect = [.. root["protect"]?.GetItems().Select(item => item.GetString()) ?? []],
        }.DemandSafe(root);
    }

    private static IReadOnlyList<JsonMember> Members(JsonValue value) =>
        value.Kind == JsonKind.Object ? value.Members : throw value.Failure($"An object is expected here");

    private static string ReadId(JsonValue value) =>
        value.GetString() is { Length: > 0 and <= LongestId } id && char.IsAsciiLetterOrDigit(id[0])
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? id : throw value.Failure($"The id of a state is up to {LongestId} letters, digits, '.', '_' and '-' of ASCII");

    private static string ReadRevision(JsonValue value) =>
        value.GetString() is { Length: > 0 } revision ? DisplayText.Escape(revision) : throw value.Failure($"The revision is empty");

    // A file counts only in the bytes that the state was written for.
    private string ReadFile(JsonValue value, string kind)
    {
        value.DemandOnly("path", "sha256");
        var place = value.Demand("path");
        if (place.GetString().Length == 0 || (folder is null && !Path.IsPathFullyQualified(place.GetString())))
        {
            throw place.Failure($"The path of the {kind} cannot be resolved. {Remedy.Do($"Use an absolute path.")}");
        }

        var path = Path.GetFullPath(place.GetString(), folder ?? Path.GetPathRoot(place.GetString())!);
        var digest = ReadDigest(value.Demand("sha256"));
        try
        {
            var actual = TreeDigest.OfBytes(environment.Files.ReadAllBytes(path, PluginLockFile.MostBytes, followLink: true));
            return actual == digest ? path
                : throw value.Demand("sha256").Failure($"The {kind} '{path}' has the digest {actual}, not {digest}. "
                    + $"{Remedy.Do($"Use the {kind} that the state was written for, or update 'sha256'.")}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw place.Failure($"The {kind} '{path}' cannot be read: {problem}");
        }
    }

    private DesiredMarketplace ReadMarketplace(JsonMember member)
    {
        var value = member.Value;
        if (!MarketplaceName.TryParse(member.Name, out var name, out var finding))
        {
            throw value.Failure($"{finding}");
        }

        value.DemandOnly("source", "ref", "sha", "sparsePaths", "exist");
        var isWanted = value["exist"]?.GetBoolean() ?? true;
        if (value["ref"] is not null && value["sha"] is { } both)
        {
            throw both.Failure($"'ref' and 'sha' exclude each other. {Remedy.Do($"Remove one of them.")}");
        }

        if (value["source"] is null && (value["ref"] ?? value["sha"] ?? value["sparsePaths"]) is { } loose)
        {
            throw loose.Failure($"A ref, a commit and sparse paths need a source. {Remedy.Do($"Add 'source'.")}");
        }

        var wanted = new DesiredMarketplace(name.Value)
        {
            Exist = isWanted,
            Source = value["source"]?.GetString(),
            Ref = value["sha"] is { } sha ? ReadCommit(sha) : value["ref"]?.GetString(),
            SparsePaths = [.. value["sparsePaths"]?.GetItems().Select(item => item.GetString()) ?? []],
        };
        Check(wanted, value);
        return wanted;
    }

    private void Check(DesiredMarketplace wanted, JsonValue value)
    {
        try
        {
            _ = MarketplaceExpectation.SourceOf(wanted, environment, folder);
        }
        catch (PluginMarketException problem)
        {
            throw value.Demand("source").Failure($"{problem}");
        }
    }

    private static List<DesiredPlugin> ReadPlugins(JsonValue? value, PluginLockFile? lockFile)
    {
        var plugins = new List<DesiredPlugin>();
        foreach (var item in value?.GetItems() ?? [])
        {
            var plugin = ReadPlugin(item, lockFile);
            if (plugins.Exists(other => other.Id == plugin.Id && other.When is null))
            {
                throw Conflict(item, $"The state lists '{plugin.Id}' again behind a variant without a condition, so this one never counts. "
                    + $"{Remedy.Do($"Remove one of them, or use 'when' in all but the last.")}");
            }

            plugins.Add(plugin);
        }

        return plugins;
    }

    private static DesiredPlugin ReadPlugin(JsonValue item, PluginLockFile? lockFile)
    {
        item.DemandOnly("id", "when", "version", "commit", "treeHash", "enabled", "hold", "exist", "purge");
        if (!PluginId.TryParse(item.Demand("id").GetString(), out var id, out var finding))
        {
            throw item.Demand("id").Failure($"{finding}");
        }

        var locked = lockFile?.Entries.FirstOrDefault(entry => entry.Id == id.ToString());
        var plugin = new DesiredPlugin(id)
        {
            When = item["when"] is { } when ? ReadCondition(when) : null,
            Version = item["version"] is { } version ? ReadVersion(version) : null,
            Commit = item["commit"] is { } commit ? ReadCommit(commit) : null,
            TreeHash = item["treeHash"] is { } digest ? ReadDigest(digest) : null,
            Enabled = item["enabled"]?.GetBoolean() ?? true,
            Hold = item["hold"] is { } hold ? DisplayText.Escape(hold.GetString()) : null,
            Exist = item["exist"]?.GetBoolean() ?? true,
            Purge = item["purge"]?.GetBoolean() ?? false,
        };
        if (!plugin.Exist && (plugin.Version is not null || plugin.Commit is not null || plugin.TreeHash is not null
            || plugin.Hold is not null))
        {
            throw Conflict(item, $"'{id}' must not exist, so it has no version, commit, digest or hold. {Remedy.Do($"Remove them.")}");
        }

        // A variant with pins of its own means other bytes than the lock file.
        var differs = plugin.Version?.Contains(locked?.Version) == false || (plugin.Commit is not null && plugin.Commit != locked?.Commit)
            || (plugin.TreeHash is not null && plugin.TreeHash != locked?.TreeHash);
        return locked is null || !plugin.Exist ? plugin
            : !differs ? plugin with { Locked = locked }
            : plugin.When is not null ? plugin
            : throw Conflict(item, $"The state and its lock file name other bytes of '{id}'. "
                + $"{Remedy.Do($"Remove the version, commit and digest from the state, or lock the plugin again.")}");
    }

    private static StateCondition ReadCondition(JsonValue when)
    {
        when.DemandOnly("os", "computer", "user", "percent");
        foreach (var system in when["os"]?.GetItems() ?? [])
        {
            if (!Systems.Contains(system.GetString(), StringComparer.Ordinal))
            {
                throw system.Failure($"A system is one of {string.Join(", ", Systems)}");
            }
        }

        long share = 0;
        if (when["percent"] is { } percent && (!percent.TryGetInt64(out share) || share is < 0 or > 100))
        {
            throw percent.Failure($"'percent' is a whole number from 0 to 100");
        }

        return new StateCondition
        {
            Os = Texts(when["os"]),
            Computer = Texts(when["computer"]),
            User = Texts(when["user"]),
            Percent = when["percent"] is null ? null : (int)share,
        };
    }

    private static List<string> Texts(JsonValue? value) => [.. value?.GetItems().Select(item => item.GetString()) ?? []];

    private static VersionRange ReadVersion(JsonValue value) => VersionRange.TryParse(value.GetString(), out var range) ? range
        : throw value.Failure($"Not a version, and not a range of versions as npm writes them");

    private static string ReadMarketplaceName(JsonValue value) =>
        MarketplaceName.TryParse(value.GetString(), out var name, out var finding) ? name.Value : throw value.Failure($"{finding}");

    private static string ReadCommit(JsonValue value) => GitReference.IsFullId(value.GetString())
        ? value.GetString().ToLowerInvariant() : throw value.Failure($"Not a full commit id");

    private static string ReadDigest(JsonValue value) => TreeDigest.IsWellFormed(value.GetString())
        ? value.GetString() : throw value.Failure($"Not a valid digest; expected sha256: followed by 64 hex digits");

    private static UnlistedRule ReadRule(JsonValue? value, UnlistedRule[] rules) =>
        value is null ? UnlistedRule.Report
            : Array.FindIndex(rules, rule => Spell(rule) == value.GetString()) is var at and >= 0 ? rules[at]
            : throw value.Failure($"One of {string.Join(", ", rules.Select(Spell))} is expected here");

    /// <summary>A rule as the document spells it.</summary>
    internal static string Spell(UnlistedRule rule) => rule.ToString().ToLowerInvariant();

    internal static PluginMarketException Conflict(JsonValue value, Message problem)
    {
        var failure = value.Failure(problem);
        return new PluginMarketException(MarketErrorCode.StateFileConflict, failure.Said, failure.Target)
        {
            File = failure.File,
            Line = failure.Line,
            Column = failure.Column,
        };
    }
}

/// <summary>What a state must not ask for, whoever asks.</summary>
internal static class DesiredStateRules
{
    /// <summary>The state, unless applying it would empty every home.</summary>
    /// <exception cref="PluginMarketException">StateFileConflict.</exception>
    internal static DesiredState DemandSafe(this DesiredState state, JsonValue root) =>
        state.Unlisted != UnlistedRule.Remove || state.Defaults.Count > 0 || state.Plugins.Any(plugin => plugin.Exist) ? state
            : throw DesiredStateReader.Conflict(root["unlisted"] ?? root,
                $"The state lists no plugin, so '{DesiredStateReader.Spell(UnlistedRule.Remove)}' would remove every plugin of every home. "
                    + $"{Remedy.Do($"Add the plugins to keep, or choose another rule for what is not listed.")}");
}
