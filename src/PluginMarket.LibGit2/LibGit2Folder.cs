using LibGit2Sharp;
using PluginMarket.Files;
using PluginMarket.Sources.Git;
using Repository = LibGit2Sharp.Repository;

namespace PluginMarket;

/// <summary>A repository in a folder of this machine, read by libgit2 itself.</summary>
internal sealed class LibGit2Folder(MarketEnvironment environment, GitRemote remote, string folder)
{
    /// <summary>How long a call that was asked to stop is waited for: one that hangs in a read of the system hears of nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>References by name, those of annotated tags also peeled.</summary>
    internal Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken stop) =>
        WorkAsync<IReadOnlyDictionary<string, string>>((_, _) => List(), stop);

    /// <summary>Brings objects into a store.</summary>
    internal Task FetchAsync(string store, GitFetch fetch, CancellationToken stop) => WorkAsync(
        (goesOn, end) =>
        {
            Fetch(store, fetch, goesOn, end);
            return true;
        },
        stop);

    internal static GitObject Peel(GitObject found)
    {
        while (found is TagAnnotation tag)
        {
            found = tag.Target;
        }

        return found;
    }

    // The work is told how to say that it goes on; without a word for too long it stands still.
    private async Task<T> WorkAsync<T>(Func<Action, CancellationToken, T> work, CancellationToken stop)
    {
        var limit = environment.Limits.GitTime;
        var still = new CancellationTokenSource(limit, environment.Time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(stop, still.Token);
        var working = Task.Run(() => work(() => still.CancelAfter(limit), end.Token), CancellationToken.None);
        _ = working.ContinueWith(
            _ =>
            {
                end.Dispose();
                still.Dispose();
            },
            TaskScheduler.Default);
        try
        {
            return await working.WaitAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(working, Task.Delay(Patience, environment.Time, CancellationToken.None)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            throw GitHttp.Failure(remote, "fatal: Operation timed out", null);
        }
    }

    private Dictionary<string, string> List()
    {
        using var repository = Open();
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reference in repository.Refs)
        {
            if (reference.ResolveToDirectReference()?.Target is { } target)
            {
                references[reference.CanonicalName] = target.Sha;
                if (target is TagAnnotation)
                {
                    references[reference.CanonicalName + "^{}"] = Peel(target).Sha;
                }
            }
        }

        if (repository.Head.Tip?.Sha is { } head)
        {
            references["HEAD"] = head;
        }

        return references;
    }

    private Repository Open()
    {
        try
        {
            return new Repository(folder);
        }
        catch (RepositoryNotFoundException)
        {
            throw GitHttp.Failure(remote, $"fatal: '{remote.Asked}' does not appear to be a git repository", null);
        }
    }

    private void Fetch(string store, GitFetch fetch, Action goesOn, CancellationToken stop)
    {
        using (var source = Open())
        {
            if (fetch.Wants.FirstOrDefault(want => !source.ObjectDatabase.Contains(new ObjectId(want))) is { } missing)
            {
                throw GitHttp.Failure(remote, $"fatal: remote error: upload-pack: not our ref {missing}", null);
            }
        }

        using var repository = new Repository(store);
        var isTooLarge = false;
        var options = new FetchOptions
        {
            TagFetchMode = TagFetchMode.None,
            OnTransferProgress = progress =>
            {
                goesOn();
                return !(isTooLarge = progress.ReceivedBytes > fetch.ByteLimit) && !stop.IsCancellationRequested;
            },
            OnProgress = _ =>
            {
                goesOn();
                return !stop.IsCancellationRequested;
            },
        };
        string[] specifications = fetch.Wants.Count == 0 ? ["+refs/heads/*:refs/fetched/heads/*", "+refs/tags/*:refs/fetched/tags/*"]
            : [.. fetch.Wants.Select(want => $"{want}:refs/fetched/{want}")];
        try
        {
            // The library takes a path for a remote's name and finds that no name.
            repository.Network.Remotes.Add("source", folder);
            Commands.Fetch(repository, "source", specifications, options, null);
        }
        catch (LibGit2SharpException) when (isTooLarge)
        {
            throw LibGit2Engine.TooLarge(remote, fetch);
        }
        catch (LibGit2SharpException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (LibGit2SharpException) when (fetch is { Wants.Count: 1, WithHistory: false })
        {
            // A commit that no branch leads to any more is not sent; the folder has it all the same.
            using var source = Open();
            source.ObjectDatabase.Pack(new PackBuilderOptions(Path.Join(store, LibGit2Engine.PackFolder)),
                pack => pack.AddRecursively(new ObjectId(fetch.Wants[0])));
        }
        finally
        {
            StoreConfiguration.Forget(environment.Files, store);
            BestEffort.Try(() => environment.Files.DeleteFile(Path.Join(store, "FETCH_HEAD")));
        }
    }
}
