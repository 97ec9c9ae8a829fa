using System.Runtime.CompilerServices;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Installation;

/// <summary>Writes the files of plugins into folders for review, fetched and checked as an installation is; nothing is installed and
/// the home is not changed.</summary>
internal sealed class SavePlugin
{
    internal const string Action = "Save";
    private const string Saved = "Saved";

    private readonly MarketEnvironment _environment;
    private readonly string _folder;
    private readonly bool _force;
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="environment">The outside world.</param>
    /// <param name="folder">The folder in which each plugin gets a folder of its name, absolute; made where it is missing.</param>
    /// <param name="force">Whether a saved plugin is replaced.</param>
    internal SavePlugin(MarketEnvironment environment, string folder, bool force) =>
        (_environment, _folder, _force) = (environment, folder, force);

    /// <summary>Finds the entries asked for; fetches and changes nothing. What a policy forbids to install can be saved: it is reviewed
    /// before the policy allows it.</summary>
    /// <exception cref="PluginMarketException">The request contradicts itself, or the configuration cannot be read.</exception>
    internal Task<InstallPlan> PlanAsync(InstallRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => new InstallPlanner(_environment, request).Plan(cancellationToken), cancellationToken);

    /// <summary>Saves one plugin after the other; a failure is a result and stops no other.</summary>
    internal async IAsyncEnumerable<PluginOperationResult> RunAsync(InstallPlan plan, IReadOnlyList<InstallPlanItem> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Fetches are staged in their own home: reviewing a plugin leaves the user's home as it is.
        var outside = _environment.ForPrograms();
        using var home = new TemporaryFolder(outside.Files);
        var aside = FetchLimit.Begin(outside, plan.Request.Git) with
        {
            CodexHome = home.Path,
            HomeChoice = HomeChoice.Default,
        };
        var run = new InstallRun(aside, plan.Request, items, isReading: true);
        await using (run.ConfigureAwait(false))
        {
            foreach (var item in items)
            {
                yield return await SaveAsync(run, item, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Says what saving one plugin would come to; fetches and changes nothing.</summary>
    internal PluginOperationResult Preview(InstallPlanItem item)
    {
        var draft = Draft(item, "WhatIf");
        try
        {
            Demand(item);
            return draft with { Said = $"Its source is not contacted in a preview." };
        }
        catch (PluginMarketException failure)
        {
            return draft.Failed(failure);
        }
    }

    /// <summary>A result that was settled before anything was fetched.</summary>
    internal static PluginOperationResult Settled(PluginOperationResult result) => result with { Action = Action };

    private async Task<PluginOperationResult> SaveAsync(InstallRun run, InstallPlanItem item, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        var id = item.Id.ToString();
        PluginOperationResult result;
        try
        {
            Demand(item);
            _environment.Log.Progress(new ActivityProgress(id, "Fetching"));
            using var staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false);
            InstallItem.DemandReviewed(item, staged);
            item.Pinned?.Demand(staged, run.Request.AcceptCapability);
            Write(item, staged);
            result = Draft(item, Saved) with
            {
                Version = staged.Manifest.Version,
                TreeHash = staged.TreeHash,
                Commit = staged.Origin.Provenance.OwnCommit ?? item.Catalog?.Commit,
                Capabilities = [.. staged.Capabilities],
                LeftOut = [.. staged.LeftOut],
                SnapshotOn = item.IsPart ? item.Catalog?.SnapshotOn : null,
            };
        }
        catch (PluginMarketException failure)
        {
            result = Draft(item, "Failed").Failed(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            result = Draft(item, "Failed").Failed(new PluginMarketException(MarketErrorCode.HomeNotWritable,
                $"'{id}' could not be written to '{TargetOf(item)}': {failure} {Remedy.Do($"Choose a folder that you can write.")}",
                id, failure));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            result = Draft(item, "Failed").Failed(InternalFault.From(fault, id));
        }

        _environment.Log.Progress(new ActivityProgress(id, "Done", 100, Completed: true));
        return result with { Duration = _environment.Time.GetElapsedTime(started) };
    }

    /// <summary>The folder that a plugin gets.</summary>
    internal string TargetOf(InstallPlanItem item) => Path.Join(_folder, item.Id.Plugin.Value);

    private PluginOperationResult Draft(InstallPlanItem item, string status) => PluginResult.Of(_environment, item, status) with
    {
        Action = Action,
        PreviousVersion = null,
        PreviousCacheVersion = null,
        Path = status == Saved ? DisplayText.Escape(TargetOf(item)) : null,
    };

    private void Demand(InstallPlanItem item)
    {
        var (id, target) = (item.Id.ToString(), TargetOf(item));
        if (_written.Contains(target))
        {
            throw new PluginMarketException(MarketErrorCode.PluginAlreadyExists, $"'{target}' contains another plugin of this command, so "
                + $"'{id}' cannot be saved there. {Remedy.Do($"Choose another folder for it.")}", id);
        }

        var files = _environment.Files;
        switch (files.Kind(target))
        {
            case FileKind.Missing:
                return;
            case FileKind.Directory when files.List(target).Count == 0:
                return;
            case FileKind.Directory when files.Kind(Path.Join(target, ".git")) != FileKind.Missing:
                // What is somebody's work must not be replaced, whatever the command was told.
                throw new PluginMarketException(MarketErrorCode.PluginAlreadyExists,
                    $"'{target}' is a git repository, which '{id}' must not replace. {Remedy.Do($"Choose another folder.")}", id);
            case FileKind.Directory when _force:
                return;
            case FileKind.Directory:
                throw new PluginMarketException(MarketErrorCode.PluginAlreadyExists, $"'{target}' exists and is not empty. "
                    + $"{Remedy.Use(OperationOption.Force, $"replace it")}{Remedy.Do($"Choose another folder.")}", id);
            default:
                throw new PluginMarketException(MarketErrorCode.PluginAlreadyExists,
                    $"'{target}' is not a folder. {Remedy.Do($"Remove it, or choose another folder.")}", id);
        }
    }

    // The source's own bytes, which the digest is of, without what installing adds to them.
    private void Write(InstallPlanItem item, StagedPlugin staged)
    {
        var (files, target) = (_environment.Files, TargetOf(item));
        files.CreateDirectory(_folder);
        var draft = TemporaryName.For(target);
        try
        {
            new TreeWriter(files, TreeWriteOptions.Plugin(_environment.Limits)).Write(staged.Origin.Tree, draft);
            var digest = TreeDigest.Compute(FolderTree.Read(draft, files, _environment.Limits));
            if (digest != staged.TreeHash)
            {
                throw new PluginMarketException(MarketErrorCode.SourceChanged, $"The source of '{item.Id}' changed while it was written. "
                    + $"{Remedy.Do($"Run the command again when no other program writes to it.")}", item.Id.ToString());
            }

            Publish(item, draft, target);
            _written.Add(target);
        }
        catch
        {
            BestEffort.Try(() => files.DeleteTreeNoFollow(draft));
            throw;
        }
    }

    private void Publish(InstallPlanItem item, string draft, string target)
    {
        var files = _environment.Files;
        var old = TemporaryName.For(target);
        var replaces = files.Kind(target) != FileKind.Missing && files.RenameNoReplace(target, old);
        if (files.RenameNoReplace(draft, target))
        {
            if (replaces)
            {
                files.DeleteTreeNoFollow(old);
            }

            return;
        }

        if (replaces)
        {
            BestEffort.Try(() => files.RenameNoReplace(old, target));
        }

        throw new PluginMarketException(MarketErrorCode.PluginAlreadyExists,
            $"'{target}' was created by another process. {Remedy.Do($"Choose another folder.")}", item.Id.ToString());
    }
}
