using PluginMarket.Files;

namespace PluginMarket.Marketplaces;

/// <summary>A note in the home that the snapshot and the table of a marketplace are being changed together,
/// which takes more than one step.</summary>
/// <remarks>
/// Without it, dying between the two would leave a snapshot that no table names, which keeps Codex from ever adding that name again
/// (docs/reliability.md), or a new snapshot under the old table. The next command that changes something settles what it names; see
/// <see cref="MarketplaceRecovery"/>.
/// </remarks>
internal sealed class MarketplaceChangeNote : IDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly MarketplaceName _name;
    private readonly bool _madeFolder;
    private bool _finished;

    private MarketplaceChangeNote(MarketEnvironment environment, MarketplaceName name, bool madeFolder)
    {
        _environment = environment;
        _name = name;
        _madeFolder = madeFolder;
    }

    /// <summary>Writes the note and waits until it is on the disk. The caller holds both locks until it is disposed.</summary>
    internal static MarketplaceChangeNote Write(MarketEnvironment environment, MarketplaceName name)
    {
        var state = environment.Home.State;
        var path = PathOf(state.Layout, name);
        state.Ensure();
        var note = new MarketplaceChangeNote(environment, name,
            madeFolder: environment.Files.Kind(state.Layout.MarketplaceNotesPath) == FileKind.Missing);
        try
        {
            state.EnsureFolder(state.Layout.MarketplaceNotesPath, FileOps.PrivateFolder);
            if (environment.Files.Kind(path) == FileKind.Missing)
            {
                environment.Files.WriteNew(path, [], FileOps.PrivateFile);
            }

            environment.Files.FsyncDirectory(state.Layout.MarketplaceNotesPath);
            return note;
        }
        catch
        {
            BestEffort.Try(note.Remove);
            throw;
        }
    }

    internal static string PathOf(StateLayout layout, MarketplaceName name) => Path.Join(layout.MarketplaceNotesPath, name.Value);

    /// <summary>Says that snapshot and table are both changed.</summary>
    internal void Finish() => _finished = true;

    /// <summary>Takes the note back, after settling what a failed change left.</summary>
    public void Dispose() => BestEffort.Try(() =>
    {
        if (!_finished)
        {
            MarketplaceRecovery.Settle(_environment, _name);
        }

        Remove();
    });

    private void Remove()
    {
        var layout = _environment.Home.State.Layout;
        _environment.Files.DeleteFile(PathOf(layout, _name));
        if (_madeFolder && !_finished)
        {
            _environment.Files.DeleteEmptyDirectory(layout.MarketplaceNotesPath);
        }
    }
}
