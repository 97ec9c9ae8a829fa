using System.Text;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;

namespace PluginMarket.Fleet;

/// <summary>A lock file that is not written yet, and why it must not be.</summary>
/// <param name="File">The file; complete only where there are no failures.</param>
/// <param name="Failures">One for each plugin that cannot be locked. A lock file that leaves out what was
/// asked for would promise too much.</param>
internal sealed record LockFileDraft(PluginLockFile File, IReadOnlyList<PluginMarketException> Failures);

/// <summary>Makes lock files of what is installed: of receipts whose bytes are in place, never of what a catalog says.</summary>
internal sealed class LockFileMaker
{
    private readonly MarketEnvironment _environment;
    private readonly PolicyGate _gate;

    /// <summary>A maker for one home; nothing is touched.</summary>
    public LockFileMaker(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _gate = PolicyGate.Open(environment);
    }

    /// <summary>Makes the lock file of installed plugins; nothing is written.</summary>
    /// <param name="path">Where it will lie, absolute; folders below its own are named relative to it.</param>
    /// <param name="names">Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty
    /// means everything that is installed.</param>
    /// <param name="cancellation">Stops between two plugins.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public LockFileDraft Make(string path, IReadOnlyList<string> names, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(names);
        var listing = new InstalledPluginQuery(_environment).List(new InstalledPluginRequest { Names = names }, cancellation);
        var check = new IntegrityCheck(_environment);
        var receipts = _environment.Home.Receipts;
        var entries = new List<PluginLockEntry>();
        var failures = listing.Failures.Where(failure => failure.Code == MarketErrorCode.PluginNotInstalled).ToList();
        foreach (var plugin in listing.Plugins.Where(plugin => names.Count > 0 || plugin.State != "NotConfigured"))
        {
            cancellation.ThrowIfCancellationRequested();
            if (names.Count == 0 && plugin.State == "NotCached")
            {
                _environment.Log.Warn($"'{plugin.Id}' is configured, but not in the cache, and is not locked. "
                    + $"{Remedy.Run(Operation.InstallPlugin.On(plugin.Id))}");
                continue;
            }

            try
            {
                entries.Add(Lock(PluginId.Parse(plugin.Id), plugin, check, receipts, path));
            }
            catch (PluginMarketException failure)
            {
                failures.Add(failure);
            }
        }

        return new LockFileDraft(new LockFileQuery(_environment).Judge(new PluginLockFile(path, entries)), failures);
    }

    private PluginLockEntry Lock(PluginId id, InstalledPlugin plugin, IntegrityCheck check, ReceiptStore receipts, string lockFile)
    {
        if (receipts.Find(id) is not { } receipt)
        {
            throw new PluginMarketException(MarketErrorCode.ProvenanceUnknown,
                $"'{id}' cannot be locked: its origin is not recorded, because another tool installed it. {Remedy.Run(
                    Operation.InstallPlugin.On(id.ToString()).With(OperationOption.Reinstall), $"record it")}", id.ToString());
        }

        var found = check.Check(id);
        if (!found.IsIntact || plugin.Path is null)
        {
            var files = string.Join(", ", (found.Modified ?? []).Concat(found.Missing ?? []).Concat(found.Unexpected ?? []).Take(5));
            Message why = files.Length > 0 ? $": it differs from what was installed ({files})."
                : found.GetReason() is { } reason ? $". {reason}" : (Message)$": it differs from what was installed.";
            throw new PluginMarketException(
                MarketErrorCode.IntegrityMismatch,
                $"'{id}' cannot be locked{why} "
                    + $"{Remedy.Run(Operation.RepairPlugin.On(id.ToString()), $"restore the recorded bytes")}"
                    + $"{Remedy.Run(Operation.InstallPlugin.On(id.ToString()).With(OperationOption.Reinstall),
                        $"take what its source has now")}",
                id.ToString());
        }

        try
        {
            var tree = FolderTree.ReadInstalled(plugin.Path, _environment.Files, _environment.Limits);
            var manifest = ManifestReader.Read(tree, plugin.Path, id.Plugin.Value, null, _environment.Limits).GetManifest();
            var generated = receipt.GeneratedFiles.Any(file => file.Path == FallbackManifest.ManifestPath)
                ? tree.Find(FallbackManifest.ManifestPath) : null;
            var decision = _gate.IsSilent ? null : _gate.Judge(PolicyStage.Publish,
                InstallPolicy.OfFolder(_environment, _gate, id, plugin.Path, receipt, tree, manifest));
            if (decision?.RefusalAt(PolicyStage.Publish) is { } refusal)
            {
                _environment.Log.Warn($"{refusal} The lock file has it all the same.");
            }

            return PluginLockEntry.Of(receipt, lockFile).DemandWholeAddress() with
            {
                IsAllowedByPolicy = decision is null ? true : decision.IsAllowed,
                PolicyRule = decision?.RuleId,
                Capabilities = [.. CapabilityReader.Read(tree, manifest)],
                GeneratedManifest = generated is null
                    ? null : Encoding.UTF8.GetString(tree.ReadBytes(generated, _environment.Limits.ManifestBytes)),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.IntegrityMismatch, $"'{id}' cannot be locked: its files cannot be read. "
                + $"{problem} {Remedy.Do($"Check that you can read its folder.")}", id.ToString(), problem);
        }
    }
}
