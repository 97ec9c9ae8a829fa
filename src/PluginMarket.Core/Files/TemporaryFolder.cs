namespace PluginMarket.Files;

/// <summary>A private folder outside of every home, for as long as something is only read.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly FileOps _files;

    internal TemporaryFolder(FileOps files)
    {
        _files = files;

        // The one that this process is told to use may be closed to others.
        Path = System.IO.Path.Join(files.IsActing ? "/tmp" : System.IO.Path.GetTempPath(), $"pluginmarket-{Guid.NewGuid():N}");
        files.CreateDirectory(Path, FileOps.PrivateFolder);
    }

    internal string Path { get; }

    /// <summary>Removes it; what cannot be removed is left to the system.</summary>
    public void Dispose() => BestEffort.Try(() => _files.DeleteTreeNoFollow(Path));
}
