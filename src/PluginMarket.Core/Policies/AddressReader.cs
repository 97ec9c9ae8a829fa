using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Policies;

/// <summary>Reads the addresses that a policy compares: the one that is configured, and the one that git makes of it.</summary>
/// <param name="caller">The outside world.</param>
/// <param name="git">How git is reached; null to compare what is configured alone, as a listing does.</param>
internal sealed class AddressReader(MarketEnvironment caller, GitOptions? git)
{
    /// <summary>The facts of a plugin's source.</summary>
    internal PluginSourceFacts Of(PluginSource source) => source.Match(
        _ => new PluginSourceFacts { Type = source.Kind },
        part => Of(source.Kind, part.Url),
        npm => new PluginSourceFacts
        {
            Type = source.Kind,
            Transport = "https",
            Package = npm.Package,

            // Where the catalog names none, the user's npm decides.
            Registry = npm.Registry is { } registry ? Fact<string?>.Of(new Uri(registry).IdnHost) : default,
        });

    /// <summary>The facts of a git source.</summary>
    internal PluginSourceFacts Of(string type, GitUrl url)
    {
        var (identities, isUnreadable) = Read(url);
        return new PluginSourceFacts { Type = type, Identities = identities, IsUnreadable = isUnreadable, Transport = url.Scheme };
    }

    /// <summary>The addresses of a repository; none for a folder.</summary>
    internal (IReadOnlyList<SourceIdentity> Identities, bool IsUnreadable) Read(GitUrl url)
    {
        if (url.IsFile)
        {
            return ([], false);
        }

        if (SourceIdentity.Of(url) is not { } identity)
        {
            return ([], true);
        }

        if (git is null || Rewrite(url) is not { } effective)
        {
            return ([identity], false);
        }

        return effective == url.Value ? ([identity], false)
            : !GitUrl.TryParse(effective, out var other, out _) || other is null ? ([identity], true)
            : other.IsFile ? ([identity, new SourceIdentity("file", "", null, other.RepositoryPath)], false)
            : SourceIdentity.Of(other) is { } second ? ([identity, second], false) : ([identity], true);
    }

    private string? Rewrite(GitUrl url)
    {
        try
        {
            var environment = caller.ForPrograms();
            using var folder = new TemporaryFolder(environment.Files);
            return Task.Run(async () =>
            {
                var engine = await GitEngines.ChooseAsync(environment, folder.Path, git!, CancellationToken.None).ConfigureAwait(false);
                using (engine as IDisposable)
                {
                    return await engine.RewriteAsync(url, CancellationToken.None).ConfigureAwait(false);
                }
            }).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is PluginMarketException or GitCommandFailure or IOException or UnauthorizedAccessException)
        {
            // Then nothing can be fetched either.
            caller.Log.Detail($"What git makes of {url} cannot be asked: {problem}");
            return null;
        }
    }
}
