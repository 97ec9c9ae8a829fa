using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>What the policies have to know of a marketplace, and the question whether it may be used.</summary>
internal static class MarketplacePolicy
{
    /// <summary>Fails where a policy refuses the source.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="source">The source.</param>
    /// <param name="name">The catalog's name; null before it is read, so that what asks for it is left to the second look.</param>
    /// <param name="git">How git may be used.</param>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void Demand(MarketEnvironment environment, MarketplaceSource source, string? name, GitOptions git)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent)
        {
            gate.Check(name is null ? PolicyStage.Admit : PolicyStage.Publish, Subject(environment, gate, source, name, git));
        }
    }

    /// <summary>The last question, under the home's lock: fails where <see cref="Demand"/> does, tells what is only reported, and writes
    /// it into the history.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void Admit(MarketEnvironment environment, MarketplaceSource source, string name, GitOptions git)
    {
        var gate = PolicyGate.Open(environment);
        if (gate.IsSilent)
        {
            return;
        }

        var decision = gate.Demand(PolicyStage.Publish, Subject(environment, gate, source, name, git));
        foreach (var verdict in decision.Verdicts.Where(verdict => verdict.Effect == PolicyEffect.Audited))
        {
            Message note = $"{verdict.RuleId} of {verdict.Layer.Name}: {verdict.Explain(decision.Subject)}";
            environment.Home.NoteMarketplace("policy", name, source.Description, note: note.StatementIn(Face.PowerShell));
        }
    }

    /// <summary>The subject of a source that is not registered.</summary>
    internal static PolicySubject Subject(MarketEnvironment environment, PolicyGate gate, MarketplaceSource source, GitOptions git) =>
        Subject(environment, gate, source, null, git);

    /// <summary>The subject of a source that is to be registered under a name.</summary>
    internal static PolicySubject Subject(MarketEnvironment environment, PolicyGate gate, MarketplaceSource source, string? name,
        GitOptions git)
    {
        var facts = Of(environment, source, gate.AddressesBy(git));
        return Subject(name, source.Description, name is null ? facts : facts with { Name = Fact<string>.Of(name) }, git);
    }

    /// <summary>The subject of a marketplace that is registered, or in view.</summary>
    internal static PolicySubject Subject(MarketEnvironment environment, OpenMarketplace open) =>
        Subject(open.Name, open.Location.Root, Of(environment, open.Location, open.Name, null), GitOptions.Default);

    /// <summary>The facts of a marketplace that is in view.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="location">The marketplace.</param>
    /// <param name="name">The catalog's name.</param>
    /// <param name="git">How git is reached, to ask what it makes of the address; null not to ask.</param>
    internal static MarketplaceFacts Of(MarketEnvironment environment, MarketplaceLocation location, string name, GitOptions? git)
    {
        var facts = location.Source is { } source ? Of(environment, source, git)
            : location.IsSnapshot ? new MarketplaceFacts { IsUnreadable = true, SourceType = "git" }
            : new MarketplaceFacts { LocalRoot = Real(environment, location.Root), SourceText = location.Root };
        return (location.Configured is { } table ? facts with { SourceType = table.SourceType ?? "git", SourceText = table.Source ?? "" }
            : facts) with
        {
            Name = Fact<string>.Of(name),
            Scope = location.Scope switch
            {
                // A catalog that somebody names by its path is to be registered by the user.
                MarketplaceScope.Path => "User",
                MarketplaceScope.Personal when location.IsRegistered => "User",
                var scope => scope.ToString(),
            },
        };
    }

    /// <summary>The facts of a marketplace as the configuration has it; null where it names no usable source.</summary>
    internal static MarketplaceFacts? Of(MarketEnvironment environment, ConfigurationLayers layers, string name, GitOptions? git)
    {
        if (layers.FindMarketplace(name) is not { } table)
        {
            return null;
        }

        try
        {
            var locations = new MarketplaceLocations(environment, layers, new MarketplaceCatalogReader(environment));
            return Of(environment, locations.Configured(table), name, git);
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    /// <summary>The facts of a table of the configuration that Codex's own list compares: its texts, and the folder.</summary>
    internal static MarketplaceFacts Configured(MarketEnvironment environment, ConfiguredMarketplace table) => new()
    {
        SourceType = table.SourceType ?? "git",
        SourceText = table.Source ?? "",
        Ref = table.Ref,
        LocalRoot = MarketplaceLocations.LocalRoot(environment, table) is { } root ? Real(environment, root) : null,
    };

    private static PolicySubject Subject(string? name, string source, MarketplaceFacts facts, GitOptions git) =>
        new(name is null ? $"The marketplace source '{source}'" : $"Marketplace '{name}'")
        {
            Marketplace = facts,
            Options = [.. git.AllowHttp ? ["AllowHttp"] : Array.Empty<string>(),
                .. git.AllowHosts.Count > 0 ? ["AllowHost"] : Array.Empty<string>()],
        };

    private static MarketplaceFacts Of(MarketEnvironment environment, MarketplaceSource source, GitOptions? git)
    {
        if (source is not GitMarketplaceSource { Url: var url } repository)
        {
            return new MarketplaceFacts { LocalRoot = Real(environment, source.SourceText), SourceText = source.SourceText };
        }

        var (identities, isUnreadable) = new AddressReader(environment, git).Read(url);
        return new MarketplaceFacts
        {
            Identities = identities,
            IsUnreadable = isUnreadable,
            LocalRoot = url is { IsFile: true, Host: "" } ? Real(environment, url.LocalFolder) : null,
            Ref = repository.Ref,
            SourceType = source.SourceType,
            SourceText = source.SourceText,
        };
    }

    private static string Real(MarketEnvironment environment, string path)
    {
        try
        {
            return environment.Files.RealPath(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
