using PluginMarket.Sources;

namespace PluginMarket.Fleet;

/// <summary>The source of a marketplace that a state names, as a home would have it.</summary>
internal static class MarketplaceExpectation
{
    /// <summary>The source; null where the state names none. A folder need not exist here: the state may be for another machine.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CredentialInUrl.</exception>
    internal static MarketplaceSource? SourceOf(DesiredMarketplace wanted, MarketEnvironment environment, string? folder)
    {
        if (wanted.Source is not { } text)
        {
            return null;
        }

        try
        {
            return MarketplaceSourceParser.Parse(text, wanted.Ref, wanted.SparsePaths, environment with { WorkingDirectory = folder },
                allowHttp: true);
        }
        catch (PluginMarketException problem) when (problem.Code == MarketErrorCode.SourceUnreachable
            && (folder is not null || Path.IsPathFullyQualified(text)))
        {
            return new LocalMarketplaceSource(Path.TrimEndingDirectorySeparator(Path.GetFullPath(text, folder ?? text)));
        }
    }
}
