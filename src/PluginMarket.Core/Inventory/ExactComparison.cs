using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Inventory;

/// <summary>What a home has besides the bytes that a lock file names, and what keeps those from being what Codex loads.</summary>
internal sealed class ExactComparison
{
    private readonly MarketEnvironment _environment;
    private readonly PluginLockFile _file;
    private readonly MarketplaceView _view;

    internal ExactComparison(MarketEnvironment environment, PluginLockFile file)
    {
        _environment = environment;
        _file = file;
        _view = MarketplaceView.Open(environment);
    }

    /// <summary>The results of a lock file's entries, each judged by its surroundings too, and one for every plugin
    /// that the lock file does not list.</summary>
    internal List<IntegrityResult> Complete(IReadOnlyList<IntegrityResult> results, IReadOnlyList<string> names,
        CancellationToken cancellation)
    {
        var installed = new InstalledPluginQuery(_environment).List(new InstalledPluginRequest { Names = names }, cancellation).Plugins
            .ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var locked = _file.Entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        return
        [
            .. results.Select(result => Surround(result, locked[result.Id], installed.GetValueOrDefault(result.Id)))
                .Concat(installed.Values.Where(plugin => !locked.ContainsKey(plugin.Id)).Select(NotLocked))
                .OrderBy(result => result.Id, StringComparer.Ordinal),
        ];
    }

    private IntegrityResult Surround(IntegrityResult result, PluginLockEntry entry, InstalledPlugin? plugin)
    {
        if (plugin is null || result.State == "NotInstalled")
        {
            return result;
        }

        var losses = Losses(entry, plugin).ToList();
        return losses.Count == 0 ? result : result with
        {
            State = result.IsIntact ? losses[0].State : result.State,
            Said = Message.Sentences(new[] { result.Said }.OfType<Message>().Concat(losses.Select(loss => loss.Reason))),
        };
    }

    private IEnumerable<(string State, Message Reason)> Losses(PluginLockEntry entry, InstalledPlugin plugin)
    {
        if (plugin.State == "NotConfigured")
        {
            yield return ("NotConfigured", $"The configuration does not name it, so it does not load. "
                + $"{Remedy.Run(Operation.InstallPlugin.On(entry.Id), $"install it")}");
        }
        else if (!plugin.EffectiveEnabled)
        {
            yield return ("Disabled", $"It is disabled. {Remedy.Run(Operation.EnablePlugin.On(entry.Id), $"turn it on")}");
        }

        if (_view.Layers.FindMarketplace(entry.Marketplace) is null
            && !_view.Marketplaces.Any(open => open.Name == entry.Marketplace && !open.Location.RequiresTrust))
        {
            yield return ("MarketplaceRemoved", $"This home has no marketplace '{entry.Marketplace}', so Codex does not list it. "
                + $"{Remedy.Run(Operation.AddMarketplace, $"register it")}");
        }
        else if (_view.Failures.Any(failure => failure.Target == entry.Marketplace))
        {
            yield return ("MarketplaceRemoved", $"The marketplace '{entry.Marketplace}' cannot be read, so Codex does not list it. "
                + $"{Remedy.Run(Operation.UpdateMarketplace.On($"{entry.Marketplace}"), $"fetch it")}");
        }
        else if (plugin.State == "Orphaned")
        {
            yield return ("Orphaned", $"The catalog of marketplace '{entry.Marketplace}' does not list it.");
        }
        else if (OtherSource(entry) is { } other)
        {
            yield return ("OtherMarketplace", $"It was locked from {GitUrl.Redact(entry.Source)}; "
                + $"the marketplace '{entry.Marketplace}' of this home has it from {other}.");
        }
    }

    // Only two repositories can be told apart: a folder may be a copy of either.
    private string? OtherSource(PluginLockEntry entry)
    {
        if (entry.SourceType is not ("git" or "git-subdir")
            || _view.Locate(entry.Name, entry.Marketplace).FirstOrDefault(found => found.Entry.IsListed) is not { } located)
        {
            return null;
        }

        var url = located.Entry.Source switch
        {
            GitSource { Url.IsMarketplaceFolder: false } git => git.Url,
            GitSubdirectorySource { Url.IsMarketplaceFolder: false } git => git.Url,
            _ => (located.Marketplace.Location is { IsSnapshot: true, Source: GitMarketplaceSource { Url: var own } }) ? own : null,
        };
        return url is null || GitUrl.Redact(url.Value) == GitUrl.Redact(entry.Source) || url.ToString() == entry.Source
            ? null : url.ToString();
    }

    private IntegrityResult NotLocked(InstalledPlugin plugin) => new()
    {
        Name = plugin.Name,
        Marketplace = plugin.Marketplace,
        Version = plugin.Version,
        CacheVersion = plugin.CacheVersion,
        State = "NotLocked",
        Said = $"The lock file does not list it{(plugin.State is "Installed" or "Disabled" ? "" : $" ({plugin.State})")}. "
            + $"{Remedy.Run(Operation.UninstallPlugin.On(plugin.Id), $"remove it")}{Remedy.Run(Operation.ExportLockFile, $"lock it")}",
        Path = plugin.Path,
        LockFile = _file.Path,
        CheckedOn = _environment.Time.GetUtcNow(),
        ComputerName = Origin.ComputerName,
        UserName = _environment.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    };
}
