using LibGit2Sharp;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>Blobs of a store by id, one at a time: the library's repositories are for one thread.</summary>
internal sealed class LibGit2Objects(string store) : IGitObjects
{
    private readonly object _gate = new();
    private Repository? _repository;
    private bool _disposed;

    public byte[] Read(string id, long cap)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _repository ??= new Repository(store);
                var blob = _repository.Lookup<Blob>(id) ?? throw new IOException($"The object {id} is not in the store.");
                if (blob.Size > Math.Min(cap, Array.MaxLength))
                {
                    throw CappedReader.TooLong(id, cap);
                }

                using var content = blob.GetContentStream();
                return CappedReader.ReadToEnd(content, cap, id);
            }
            catch (LibGit2SharpException e)
            {
                throw new IOException($"libgit2 cannot read the object {id}: {DisplayText.Escape(e.Message)}", e);
            }
        }
    }

    public DateTimeOffset? FindCommitTime(string commit)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _repository ??= new Repository(store);
                return _repository.Lookup<Commit>(commit)?.Committer.When.ToUniversalTime();
            }
            catch (LibGit2SharpException)
            {
                return null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _repository?.Dispose();
            _repository = null;
        }
    }
}
