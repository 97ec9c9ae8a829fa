using Microsoft.Win32.SafeHandles;
using PluginMarket.Files;

namespace PluginMarket.Installation;

/// <summary>The volume on which a home's plugins are staged and published, where the system can save it in one call for several of
/// them.</summary>
internal sealed class StagingVolume : IDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly string _folder;
    private readonly Lazy<SafeFileHandle?> _volume;
    private IReadOnlyList<string> _madeFolders = [];
    private PluginMarketException? _failure;

    /// <summary>The volume of a home; nothing is touched before something is staged.</summary>
    internal StagingVolume(MarketEnvironment environment)
    {
        _environment = environment;
        _folder = environment.Home.State.Layout.StagingPath;
        _volume = new Lazy<SafeFileHandle?>(Open);
    }

    /// <summary>Whether it is saved in one call; asked before the first write that has to be saved.</summary>
    /// <exception cref="PluginMarketException">The home cannot be written to.</exception>
    internal bool IsSavedAtOnce => _volume.Value is not null;

    /// <summary>Whether something has been written to it that it saves in one call.</summary>
    internal bool IsOpen => _volume.IsValueCreated && _volume.Value is not null;

    /// <summary>Waits until all that was written is on the disk, where that takes one call; else each write has waited.</summary>
    /// <exception cref="PluginMarketException">Something could not be saved. The system says so only once, so it is said of everything
    /// that was written since then too.</exception>
    internal void Save()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            if (IsOpen)
            {
                _environment.Files.SaveVolume(_volume.Value!, _folder);
            }
        }
        catch (PluginMarketException failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsOpen)
        {
            _volume.Value!.Dispose();
        }

        // The first command in a home, and it came to nothing: the home is as it was.
        var state = _environment.Home.State;
        if (_madeFolders.Count > 0 && state.IsUnused())
        {
            state.RemoveEmpty(_madeFolders);
        }
    }

    private SafeFileHandle? Open()
    {
        var state = _environment.Home.State;
        _madeFolders = state.Missing();
        state.Ensure();
        state.DemandSound();
        state.EnsureFolder(_folder, FileOps.PrivateFolder);
        return _environment.Files.TryOpenVolume(_folder);
    }
}
