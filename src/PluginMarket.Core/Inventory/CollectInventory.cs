using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;

namespace PluginMarket.Inventory;

/// <summary>Makes the inventory of a home: every plugin compared with its record; nothing is changed.</summary>
internal sealed class CollectInventory
{
    private readonly MarketEnvironment _environment;

    /// <summary>For one home; nothing is touched.</summary>
    public CollectInventory(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Whether a plugin whose folder has the recorded stamp is not read.</summary>
    internal bool TrustsStamps { get; init; }

    /// <summary>Makes it. A home that cannot be read gives one that says so.</summary>
    /// <param name="cancellation">Stops between two plugins.</param>
    public PluginInventory Collect(CancellationToken cancellation = default)
    {
        try
        {
            return Demand(withCapabilities: true, cancellation);
        }
        catch (PluginMarketException problem) when (problem.Code is MarketErrorCode.ConfigInvalid or MarketErrorCode.HomeNotFound
            or MarketErrorCode.HomeWritableByOthers)
        {
            _environment.Log.Warn(problem.Said);
            return Frame(problem.Code.ToString());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _environment.Log.Warn($"The home '{_environment.CodexHome}' cannot be read: {problem}");
            return Frame(nameof(MarketErrorCode.HomeNotWritable));
        }
    }

    /// <summary>Makes it, or fails where the home cannot be read.</summary>
    /// <param name="withCapabilities">Whether to read what the plugins can do.</param>
    /// <param name="cancellation">Stops between two plugins.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid, HomeNotFound.</exception>
    internal PluginInventory Demand(bool withCapabilities, CancellationToken cancellation = default)
    {
        // What the caller does not send anywhere need not be asked of other programs.
        var frame = withCapabilities ? Frame(null) with { CodexVersion = InstalledCodex.FindVersion(_environment) } : Frame(null);
        if (!AgentHome.Open(_environment).Exists)
        {
            return frame;
        }

        var check = new IntegrityCheck(_environment) { TrustsStamps = TrustsStamps };
        var listing = new InstalledPluginQuery(_environment).List(
            new InstalledPluginRequest { Stamps = TrustsStamps && !withCapabilities ? check : null }, cancellation);
        var plugins = SideBySide.Select(listing.Plugins, plugin => Describe(plugin, check, withCapabilities), cancellation);
        var marketplaces = ConfigurationLayers.Read(_environment).Marketplaces.Select(Describe);
        var applied = _environment.Home.Applied.Find();
        return frame with
        {
            StateId = applied?.Id,
            StateRevision = applied?.Revision,
            StateOn = applied?.On,
            StateResult = applied?.Result,
            Marketplaces = [.. marketplaces],
            Plugins = [.. plugins],
            Results = [.. applied?.Steps.Select(Describe) ?? []],
        };
    }

    private PluginInventory Frame(string? problem) => new()
    {
        ComputerName = Origin.ComputerName,
        MachineId = MachineIdentity.Read(_environment.Files),
        UserName = _environment.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
        Os = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "MacOS" : "Linux",
        CollectedOn = _environment.Time.GetUtcNow(),
        ToolVersion = Origin.ToolVersion,
        Policies = [.. PolicyGate.Open(_environment).Layers.Where(layer => layer.StateAt(_environment.Time.GetUtcNow()) != "Absent")
            .Select(Describe)],
        Marketplaces = [],
        Problem = problem,
    };

    private PluginInventoryPolicy Describe(PolicyLayer layer)
    {
        var shown = DescribePolicy.Of(layer, _environment.Time.GetUtcNow());
        return new PluginInventoryPolicy
        {
            Id = shown.Id,
            Revision = shown.Revision,
            Digest = shown.Digest,
            Mode = shown.Mode?.ToLowerInvariant(),
            State = shown.State,
            Layer = shown.Layer,
        };
    }

    private static PluginInventoryResult Describe(AppliedStep step) =>
        new() { Id = step.Subject, Planned = step.Planned, Status = step.Status, Error = step.Error };

    private PluginInventoryMarketplace Describe(ConfiguredMarketplace table)
    {
        var marketplace = RegisteredMarketplace.DescribeAnyway(_environment, table);
        return new PluginInventoryMarketplace
        {
            Name = DisplayText.Escape(table.Name),
            SourceType = marketplace.SourceType,
            Source = marketplace.Source,
            Ref = marketplace.Ref,
            SparsePaths = marketplace.SparsePaths,
            Commit = marketplace.Commit,
            State = marketplace.Status == "Unreadable" ? "Unreadable" : "Readable",
        };
    }

    private PluginInventoryPlugin Describe(InstalledPlugin plugin, IntegrityCheck check, bool withCapabilities)
    {
        var id = PluginId.Parse(plugin.Id);
        var stamped = check.Known(id);
        var integrity = stamped is not null ? stamped.Result : plugin.Path is null ? null : check.Check(id);
        var receipt = stamped?.Receipt;
        if (receipt is null)
        {
            _environment.Home.Receipts.TryFind(id, out receipt, out _);
        }

        var isUnrecorded = integrity?.State is "NotRecorded";
        var (digest, capabilities) = plugin.Path is null || (!withCapabilities && !isUnrecorded)
            ? default : Read(id, plugin.Path, withCapabilities, isUnrecorded);
        return new PluginInventoryPlugin
        {
            Id = plugin.Id,
            Version = plugin.Version,
            State = plugin.State,
            Enabled = plugin.Enabled,
            EffectiveEnabled = plugin.EffectiveEnabled,
            TreeHash = integrity?.TreeHash ?? digest,
            Commit = plugin.Provenance == "Recorded" ? receipt?.AnyCommit : plugin.Commit,
            Provenance = plugin.Provenance,
            Integrity = integrity?.State,
            Held = plugin.Held,
            HoldNote = plugin.HoldNote,
            HeldAgainstCodex = plugin.HeldAgainstCodex,
            IsAllowed = plugin.IsAllowedByPolicy,
            Capabilities = capabilities,
        };
    }

    private (string? Digest, string[]? Capabilities) Read(PluginId id, string path, bool withCapabilities, bool withDigest)
    {
        try
        {
            var tree = FolderTree.ReadInstalled(path, _environment.Files, _environment.Limits);
            var manifest = withCapabilities
                ? ManifestReader.Read(tree, path, id.Plugin.Value, null, _environment.Limits).Manifest : null;
            return (withDigest ? TreeDigest.Compute(tree) : null, manifest is null ? null
                : [.. CapabilityReader.Read(tree, manifest).Select(capability => capability.Hash).Order(StringComparer.Ordinal)]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"The files of '{id}' cannot be read: {problem}");
            return default;
        }
    }
}
