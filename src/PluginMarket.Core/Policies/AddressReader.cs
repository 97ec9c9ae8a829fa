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

        var identities = new List<SourceIdentity> { identity };
        foreach (var effective in git is null ? [] : Rewrites(url).Where(effective => effective != url.Value).Distinct())
        {
            if (!GitUrl.TryParse(effective, out var other, out _) || other is null
                || (!other.IsFile && SourceIdentity.Of(other) is null))
            {
                return ([identity], true);
            }

            identities.Add(SourceIdentity.Of(other) ?? new SourceIdentity("file", "", null, other.RepositoryPath));
        }

        return (identities, false);
    }

    // The git of the home's owner, and that of whoever runs the command where that one may fetch for several homes.
    private IEnumerable<string> Rewrites(GitUrl url)
    {
        var own = caller.ForPrograms();
        MarketEnvironment[] all = own.Programs is not null && caller.Shared is { } shared ? [own, shared.Environment] : [own];
        return all.Select(environment => Rewrite(url, environment)).OfType<string>();
    }

    private string? Rewrite(GitUrl url, MarketEnvironment environment)
    {
        try
        {
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
