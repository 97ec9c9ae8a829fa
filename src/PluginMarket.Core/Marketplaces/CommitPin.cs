using PluginMarket.Messages;

namespace PluginMarket.Marketplaces;

/// <summary>A commit given by its full id, which the configuration keeps as the ref.</summary>
internal static class CommitPin
{
    /// <summary>The ref that a ref and a commit id, of which one at the most is given, come to.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid for both, GitCommitMismatch for an id that is not a full one.</exception>
    internal static string? RefOf(string? reference, string? sha)
    {
        if (sha is null)
        {
            return reference;
        }

        if (!string.IsNullOrEmpty(reference))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"A ref and a commit exclude each other. {Remedy.Do($"Use one of them.")}", reference);
        }

        return sha.Length is 40 or 64 && sha.All(char.IsAsciiHexDigit)
            ? sha.ToLowerInvariant()
            : throw new PluginMarketException(MarketErrorCode.GitCommitMismatch,
                $"'{sha}' is not a full commit id of 40 hexadecimal digits. {Remedy.Do($"Use the full id.")}", sha);
    }
}
