using System.Text;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Diagnosis;

/// <summary>Addresses that hold a password or token: Codex stores what it is given as it is (contract 3.8). None is shown.</summary>
internal sealed class SecretChecks(MarketEnvironment environment)
{
    private const long MostBytes = 1 << 20;
    private static Message Fix =>
        $"Revoke the token, remove the marketplace, and add it again by an address without one: git's credential helper then keeps it.";

    internal void Run(Findings findings)
    {
        var home = AgentHome.Open(environment);
        var found = new List<string>();
        string[] files = [home.ConfigPath,
            .. Snapshots(home).SelectMany(root => new[] { Path.Join(root, ".git", "config"), Path.Join(root, SnapshotMetadata.FileName) })];
        foreach (var file in files.Where(HoldsSecret))
        {
            found.Add(file);
            findings.Warn("StoredSecret", $"The file contains an address with a password or token in clear text.", Fix, file);
        }

        if (found.Count == 0)
        {
            findings.Passed("StoredSecret",
                $"No address with a password or token was found in the configuration and the snapshots.", home.Path);
        }
    }

    private IEnumerable<string> Snapshots(AgentHome home)
    {
        try
        {
            return environment.Files.List(home.MarketplacesPath).Select(name => Path.Join(home.MarketplacesPath, name));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private bool HoldsSecret(string file)
    {
        try
        {
            var text = environment.Files.TryReadAllBytes(file, MostBytes, followLink: true) is { } bytes
                ? Encoding.UTF8.GetString(bytes) : "";
            return text.Split(['\n', ' ', '\t', '"', '\'', '=', ',']).Any(IsAddressWithSecret);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return false;
        }
    }

    // A user name alone is not a secret over ssh; over http it is where a token is.
    private static bool IsAddressWithSecret(string word) =>
        Uri.TryCreate(word, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
        && (uri.UserInfo.Contains(':', StringComparison.Ordinal) || (uri.Scheme is "http" or "https" && uri.UserInfo != "git"));
}
