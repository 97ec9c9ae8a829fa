using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>What the user configured for git that matters without git: other addresses, credential helpers, http settings. Read through
/// the library, from its files alone.</summary>
internal sealed class UserGitConfiguration
{
    private readonly List<(string Section, string? Subject, string Name, string Value)> _entries = [];

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitFailed"/>: a file of it cannot be read.</exception>
    internal UserGitConfiguration(MarketEnvironment environment)
    {
        foreach (var file in FilesOf(environment.Variables).Where(file => environment.Files.Kind(file) != FileKind.Missing))
        {
            try
            {
                using var configuration = LibGit2Sharp.Configuration.BuildFrom(null, file);
                foreach (var entry in configuration)
                {
                    Add(entry.Key, entry.Value ?? "");
                }
            }
            catch (LibGit2Sharp.LibGit2SharpException e)
            {
                throw new PluginMarketException(MarketErrorCode.GitFailed,
                    $"The git configuration '{file}' cannot be read: {e}. {Remedy.Do($"Fix the file or its permissions.")}", file, e);
            }
        }

        foreach (var (key, value) in GitVariables.Configuration(environment.Variables))
        {
            Add(key, value);
        }
    }

    /// <summary>An address as <c>url.*.insteadOf</c> rewrites it: the longest beginning wins.</summary>
    internal string Rewrite(string address)
    {
        var found = _entries.Where(entry => entry is { Section: "url", Subject: not null, Name: "insteadof", Value.Length: > 0 }
            && address.StartsWith(entry.Value, StringComparison.Ordinal))
            .OrderByDescending(entry => entry.Value.Length).FirstOrDefault();
        return found.Subject is null ? address : found.Subject + address[found.Value.Length..];
    }

    /// <summary>Every value of a setting for an address, those without an address first; an empty one forgets what came before
    /// it.</summary>
    internal IReadOnlyList<string> All(string section, string name, GitUrl url)
    {
        var values = new List<string>();
        foreach (var entry in _entries.Where(entry => entry.Section == section && entry.Name == name
            && (entry.Subject is null || IsFor(entry.Subject, url))).OrderBy(entry => entry.Subject is null ? 0 : 1))
        {
            if (entry.Value.Length == 0)
            {
                values.Clear();
            }
            else
            {
                values.Add(entry.Value);
            }
        }

        return values;
    }

    // As git reads a boolean.
    private static bool IsOn(string? value) =>
        value is not null && value.ToLowerInvariant() is "true" or "yes" or "on" || (int.TryParse(value, out var number) && number != 0);

    private static IEnumerable<string> FilesOf(IReadOnlyDictionary<string, string> variables)
    {
        var home = variables.GetValueOrDefault("HOME") ?? variables.GetValueOrDefault("USERPROFILE");
        var settings = variables.GetValueOrDefault("XDG_CONFIG_HOME") ?? (home is null ? null : Path.Join(home, ".config"));
        var system = IsOn(variables.GetValueOrDefault("GIT_CONFIG_NOSYSTEM")) ? null
            : variables.GetValueOrDefault("GIT_CONFIG_SYSTEM") is { } named ? named
            : OperatingSystem.IsWindows() ? Path.Join(variables.GetValueOrDefault("PROGRAMFILES"), "Git", "etc", "gitconfig")
            : "/etc/gitconfig";
        string?[] files = variables.TryGetValue("GIT_CONFIG_GLOBAL", out var global)
            ? [system, global]
            : [system, settings is null ? null : Path.Join(settings, "git", "config"), home is null ? null : Path.Join(home, ".gitconfig")];
        return files.Where(file => Path.IsPathFullyQualified(file ?? "")).OfType<string>();
    }

    private void Add(string key, string value)
    {
        var first = key.IndexOf('.', StringComparison.Ordinal);
        var last = key.LastIndexOf('.');
        if (first > 0)
        {
            var subject = last > first ? key[(first + 1)..last] : null;
            _entries.Add((key[..first].ToLowerInvariant(), subject, key[(last + 1)..].ToLowerInvariant(), value));
        }
    }

    /// <summary>Whether a setting's address covers another: same scheme and port, same host (<c>*</c> for one label), a path at or above
    /// it.</summary>
    private static bool IsFor(string subject, GitUrl url)
    {
        if (!Uri.TryCreate(subject.Replace("*", "any-label", StringComparison.Ordinal), UriKind.Absolute, out var covering)
            || !Uri.TryCreate(url.Value, UriKind.Absolute, out var covered)
            || covering.Scheme != covered.Scheme || covering.Port != covered.Port)
        {
            return false;
        }

        var (wanted, labels) = (covering.Host.Split('.'), covered.Host.Split('.'));
        var path = covering.AbsolutePath.TrimEnd('/');
        return wanted.Length == labels.Length
            && wanted.Zip(labels)
                .All(pair => pair.First == "any-label" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase))
            && (path.Length == 0 || covered.AbsolutePath == path || covered.AbsolutePath.StartsWith(path + "/", StringComparison.Ordinal));
    }
}
