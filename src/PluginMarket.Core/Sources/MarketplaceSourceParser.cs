namespace PluginMarket;

/// <summary>Reads what a person typed as a marketplace's source (contract 4.1), and says what was probably meant where it is none.</summary>
public static class MarketplaceSourceParser
{
    /// <summary>Reads a source.</summary>
    /// <param name="text">A path, <c>owner/repo[@ref]</c>, an https, ssh or file URL, or <c>git@host:path</c>.</param>
    /// <param name="reference">A branch, tag or full commit id; wins over one in the text.</param>
    /// <param name="sparsePaths">The folders wanted of a git repository; empty for all.</param>
    /// <param name="environment">Gives the location relative paths start from, the home for <c>~/</c>, and the disk.</param>
    /// <param name="allowHttp">Whether plain http to other machines is accepted.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/>, <see cref="MarketErrorCode.CredentialInUrl"/>, <see cref="MarketErrorCode.HttpNotAllowed"/>, <see cref="MarketErrorCode.SourceUnreachable"/> for a missing folder.</exception>
    public static MarketplaceSource Parse(string? text, string? reference, IReadOnlyList<string>? sparsePaths, MarketEnvironment environment, bool allowHttp = false) =>
        throw new NotImplementedException();

    /// <summary>Reads a source as config.toml has it; nothing is resolved and nothing touched.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/> or <see cref="MarketErrorCode.CredentialInUrl"/>.</exception>
    public static MarketplaceSource FromConfiguration(string sourceType, string source, string? reference, IReadOnlyList<string>? sparsePaths) =>
        throw new NotImplementedException();
}
