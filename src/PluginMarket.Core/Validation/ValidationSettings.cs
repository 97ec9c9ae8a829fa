using System.Collections.Frozen;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation;

/// <summary>A settings file of the checks: severities of rules, rules left out, findings accepted (docs/validation.md).</summary>
internal sealed class ValidationSettings
{
    private const long MostBytes = 16L << 20;
    private static readonly string[] Known = ["$schema", "severity", "exclude", "ignore", "baseline"];

    private ValidationSettings(FrozenDictionary<string, Severity> severities, string[] excluded, PathPatterns ignored,
        FrozenSet<string> baseline)
    {
        Ignored = ignored;
        Severities = severities;
        Excluded = excluded;
        Baseline = baseline;
    }

    /// <summary>No settings.</summary>
    public static ValidationSettings None { get; } = new(FrozenDictionary<string, Severity>.Empty, [],
        PathPatterns.None, FrozenSet<string>.Empty);

    /// <summary>Severities by rule id.</summary>
    public IReadOnlyDictionary<string, Severity> Severities { get; }

    /// <summary>Patterns of rules left out.</summary>
    public IReadOnlyList<string> Excluded { get; }

    /// <summary>Paths that are not checked.</summary>
    public PathPatterns Ignored { get; }

    /// <summary>Fingerprints of accepted findings.</summary>
    public IReadOnlySet<string> Baseline { get; }

    /// <summary>Reads a settings file.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SettingsInvalid"/> with file, line and
    /// column; also where it cannot be read.</exception>
    public static ValidationSettings Read(MarketEnvironment environment, string path)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Read(environment.Files.ReadAllBytes(path, MostBytes), path, environment.Limits);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or PluginMarketException { Code: MarketErrorCode.LimitExceeded })
        {
            throw new PluginMarketException(MarketErrorCode.SettingsInvalid, $"The settings '{path}' cannot be read: "
                + $"{failure} {Remedy.Do($"Check that the file exists and that you can read it.")}", path, failure)
            {
                File = DisplayText.Escape(path),
            };
        }
    }

    internal static ValidationSettings Read(byte[] utf8, string path, Limits limits)
    {
        var root = JsonFile.Parse(utf8, path, MarketErrorCode.SettingsInvalid, limits).Root;
        if (root.Kind != JsonKind.Object)
        {
            throw root.Failure($"the settings must be an object");
        }

        if (root.Members.FirstOrDefault(member => !Known.Contains(member.Name, StringComparer.Ordinal)) is { } unknown)
        {
            throw unknown.Value.Failure($"\"{unknown.Name}\" is not known here; known are severity, exclude, ignore and baseline");
        }

        var severities = new Dictionary<string, Severity>(StringComparer.Ordinal);
        foreach (var member in Demand(root["severity"], JsonKind.Object, "an object of rule ids and severities")?.Members ?? [])
        {
            DemandRule(member.Name, member.Value);
            severities[member.Name] =
                member.Value.AsString() is { } text && Enum.TryParse<Severity>(text, out var severity) && severity.ToString() == text
                    ? severity
                    : throw member.Value.Failure($"a severity is Error, Warning or Information; to leave a rule out name it under exclude");
        }

        var excluded = Texts(root["exclude"], "an array of rule ids");
        foreach (var pattern in excluded)
        {
            DemandRule(pattern.Text, pattern.Value);
        }

        var ignored = Texts(root["ignore"], "an array of paths");
        foreach (var (text, value) in ignored)
        {
            if (!PathPatterns.IsPattern(text))
            {
                throw value.Failure($"\"{text}\" is not a path below the folder that is checked");
            }
        }

        var baseline = Texts(root["baseline"], "an array of fingerprints");
        foreach (var (text, value) in baseline)
        {
            if (text.Length != 64 || !text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f'))
            {
                throw value.Failure($"a fingerprint is 64 hexadecimal digits in lower case");
            }
        }

        return new ValidationSettings(severities.ToFrozenDictionary(StringComparer.Ordinal), [.. excluded.Select(item => item.Text)],
            new PathPatterns(ignored.Select(item => item.Text)), baseline.Select(item => item.Text).ToFrozenSet(StringComparer.Ordinal));
    }

    private static JsonValue? Demand(JsonValue? value, JsonKind kind, string what) =>
        value is null || value.Kind == kind ? value : throw value.Failure($"this must be {what}");

    private static List<(string Text, JsonValue Value)> Texts(JsonValue? value, string what) =>
        [.. (Demand(value, JsonKind.Array, what)?.Items ?? []).Select(
            item => (item.AsString() ?? throw item.Failure($"this must be {what}"), item))];

    // A rule that does not exist is a typing mistake that would leave findings standing, or hide them, unseen.
    private static void DemandRule(string pattern, JsonValue value)
    {
        if (pattern.Length == 0 || RuleSet.Find([pattern]).Count == 0)
        {
            throw value.Failure($"there is no rule '{pattern}'");
        }
    }
}
