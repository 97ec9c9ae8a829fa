using System.Globalization;
using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Policies.Rules;
using Semver;

namespace PluginMarket.Policies;

/// <summary>Reads one policy document strictly: what is not understood makes the whole file unreadable.</summary>
internal static partial class PolicyReader
{
    internal const int Format = 1;
    internal const long LongestFile = 4L << 20;

    private static readonly string[] Reserved = ["signature", "advisory"];

    private static readonly Dictionary<string, (string Effects, string Keys, Func<Item, PolicyRule> Make)> Kinds = new(
        StringComparer.Ordinal)
    {
        ["marketplace"] = (MarketplaceRule.Effects, MarketplaceRule.Keys, item => new MarketplaceRule(item)),
        ["source"] = (SourceRule.Effects, SourceRule.Keys, item => new SourceRule(item)),
        ["plugin"] = (PluginRule.Effects, PluginRule.Keys, item => new PluginRule(item)),
        ["pin"] = (PinRule.Effects, PinRule.Keys, item => new PinRule(item)),
        ["capability"] = (CapabilityRule.Effects, CapabilityRule.Keys, item => new CapabilityRule(item)),
        ["approval"] = (ApprovalRule.Effects, ApprovalRule.Keys, item => new ApprovalRule(item)),
        ["age"] = (AgeRule.Effects, AgeRule.Keys, item => new AgeRule(item)),
        ["content"] = (ContentRule.Effects, ContentRule.Keys, item => new ContentRule(item)),
        ["option"] = (OptionRule.Effects, OptionRule.Keys, item => new OptionRule(item)),
        ["tool"] = (ToolRule.Effects, ToolRule.Keys, item => new ToolRule(item)),
    };

    /// <summary>Reads a document.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyUnreadable"/> with line and column.</exception>
    internal static PolicyDocument Read(byte[] utf8, string path, MarketEnvironment environment)
    {
        var root = Parse(utf8, path, environment.Limits);
        DemandKeys(root, "$schema", "format", "id", "revision", "issued", "expires", "contact", "mode", "rules", "exceptions");
        if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
        {
            throw (root["format"] ?? root).Failure($"The file has no known format: this version reads {Format}");
        }

        var id = root.Demand("id").GetString();
        if (!DocumentId().IsMatch(id))
        {
            throw root.Demand("id").Failure($"'{id}' is not the id of a policy: letters, digits, '.', '_' and '-', 64 at most");
        }

        var revision = root.Demand("revision").GetString();
        var mode = root.Demand("mode").GetString();
        if (revision.Length == 0 || mode is not ("audit" or "enforce"))
        {
            throw revision.Length == 0 ? root.Demand("revision").Failure($"'revision' is empty")
                : root.Demand("mode").Failure($"'mode' must be \"audit\" or \"enforce\", not \"{mode}\"");
        }

        var context = new Context(environment, path);
        var rules = root.Demand("rules").GetItems().Select(item => ReadRule(item, context)).ToList();
        var twice = rules.GroupBy(rule => rule.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
        {
            throw root.Demand("rules").Items[rules.IndexOf(twice.Skip(1).First())].Failure($"Another rule has the id '{twice.Key}'");
        }

        var issued = Date(root, "issued");
        return new PolicyDocument
        {
            Id = id,
            Revision = revision,
            Issued = issued,
            Expires = Date(root, "expires"),
            Contact = root["contact"]?.GetString(),
            IsAudit = mode == "audit",
            Rules = rules,
            Exceptions = [.. (root["exceptions"]?.GetItems() ?? []).Select(item => ReadException(item, rules, issued))],
        };
    }

    /// <summary>The top object of a strict JSON file.</summary>
    internal static JsonValue Parse(byte[] utf8, string path, Limits limits)
    {
        JsonFile file;
        try
        {
            file = JsonFile.Parse(utf8, path, MarketErrorCode.PolicyUnreadable, limits);
        }
        catch (PluginMarketException failure) when (failure.Code != MarketErrorCode.PolicyUnreadable)
        {
            throw new PluginMarketException(MarketErrorCode.PolicyUnreadable, failure.Said, path, failure)
            {
                File = path,
                Line = failure.Line,
                Column = failure.Column,
            };
        }

        return file.HadBom ? throw file.Failure($"The file begins with a byte order mark. {Remedy.Do($"Save it as UTF-8 without one.")}", 0)
            : file.Root.Kind == JsonKind.Object ? file.Root : throw file.Root.Failure($"The top value must be an object");
    }

    internal static void DemandKeys(JsonValue owner, params ReadOnlySpan<string> names)
    {
        if (owner.Kind != JsonKind.Object)
        {
            throw owner.Failure($"It must be an object");
        }

        foreach (var member in owner.Members)
        {
            if (!names.Contains(member.Name) && !member.Name.StartsWith("x-", StringComparison.Ordinal))
            {
                throw JsonValue.UnknownMember(member, names);
            }
        }
    }

    private static PolicyRule ReadRule(JsonValue value, Context context)
    {
        var kind = value.Kind == JsonKind.Object ? value.Demand("kind").GetString() : throw value.Failure($"A rule must be an object");
        if (!Kinds.TryGetValue(kind, out var known))
        {
            throw value.Demand("kind").Failure(Reserved.Contains(kind)
                ? (Message)$"This version does not know the kind of rule '{kind}', which is reserved for a later one"
                : $"There is no kind of rule '{kind}'. {Remedy.Do($"Use one of {string.Join(", ", Kinds.Keys)}.")}");
        }

        DemandKeys(value, ["id", "kind", "effect", "mode", "reason", "helpUri", .. known.Keys.Split(' ')]);
        var item = new Item(value, context);
        if (!RuleId().IsMatch(item.Demand("id")))
        {
            throw item.Failure("id", $"'{item.Demand("id")}' is not the id of a rule: capital letters and digits, with '-' between them");
        }

        item.DemandChoice("effect", known.Effects.Split(' '));
        item.Choice("mode", "audit");
        if (item.Text("helpUri") is { } uri && !uri.StartsWith("https://", StringComparison.Ordinal))
        {
            throw item.Failure("helpUri", $"'{uri}' is not an https address");
        }

        _ = item.Text("reason");
        return known.Make(item);
    }

    private static PolicyException ReadException(JsonValue value, List<PolicyRule> rules, DateTimeOffset? issued)
    {
        DemandKeys(value, "rules", "plugin", "treeHash", "commit", "version", "expires", "reason", "approvedBy");
        var item = new Item(value, null);
        var lifted = item.Texts("rules") ?? throw item.Failure(null, $"'rules' is missing");
        if (lifted.FirstOrDefault(id => rules.TrueForAll(rule => rule.Id != id)) is { } unknown)
        {
            throw item.Failure("rules", $"The file has no rule '{unknown}'; an exception lifts rules of its own file");
        }

        if (!PluginId.TryParse(item.Demand("plugin"), out var id, out var finding))
        {
            throw item.Failure("plugin", $"{finding}");
        }

        var exception = new PolicyException(lifted, id)
        {
            TreeHash = item.Digest("treeHash"),
            Commit = item.Commit("commit"),
            Version = item.Text("version"),
            Expires = Date(value, "expires") ?? throw item.Failure(null, $"'expires' is missing"),
            Reason = item.DemandText("reason"),
            ApprovedBy = item.DemandText("approvedBy"),
        };
        if (exception is { TreeHash: null, Commit: null, Version: null })
        {
            throw item.Failure(null, $"An exception is for exact bytes: it needs 'treeHash', 'commit' or 'version'");
        }

        return issued is null ? throw item.Failure(null, $"A file with exceptions needs 'issued'")
            : exception.Expires <= issued + TimeSpan.FromDays(366) ? exception
            : throw item.Failure("expires", $"An exception lasts 366 days after 'issued' at most");
    }

    private static DateTimeOffset? Date(JsonValue owner, string name) =>
        owner[name] is not { } value ? null
            : DateTime().IsMatch(value.GetString()) && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var date) ? date
            : throw value.Failure($"'{name}' is not a date and time such as 2026-11-29T09:00:00Z");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DocumentId();

    [GeneratedRegex(@"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RuleId();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DateTime();

    [GeneratedRegex(@"^P((?<days>[0-9]{1,5})D)?(T(?<hours>[0-9]{1,6})H)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Period();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex CommitId();

    /// <summary>What the values of a document are read with.</summary>
    internal sealed record Context(MarketEnvironment Environment, string Path);

    /// <summary>One object of the document, whose keys were checked, read value by value.</summary>
    internal sealed class Item(JsonValue value, Context? context)
    {
        internal int Line => value.Position.Line;

        internal int Column => value.Position.Column;

        /// <summary>The version of the Codex of this computer.</summary>
        internal Lazy<string?> CodexVersion => new(() => InstalledCodex.FindVersion(context!.Environment));

        internal bool Has(string name) => value[name] is not null;

        internal string? Text(string name) => value[name]?.GetString();

        internal string Demand(string name) => value.Demand(name).GetString();

        internal string DemandText(string name) =>
            Demand(name) is { Length: > 0 } text ? text : throw value.Demand(name).Failure($"'{name}' is empty");

        internal bool? Flag(string name) => value[name]?.GetBoolean();

        internal long? Count(string name) => value[name] is not { } number ? null
            : number.TryGetInt64(out var count) && count >= 0 ? count
            : throw number.Failure($"'{name}' must be a whole number of 0 or more");

        internal IReadOnlyList<string>? Texts(string name) => value[name] is not { } list ? null
            : list.GetItems() is { Count: > 0 } items ? [.. items.Select(one => one.GetString() is { Length: > 0 } text
                ? text : throw one.Failure($"An item of '{name}' is empty"))]
            : throw list.Failure($"'{name}' must have an item");

        internal string? Choice(string name, params ReadOnlySpan<string> choices) =>
            Text(name) is not { } text ? null : choices.Contains(text) ? text
                : throw Failure(name, $"'{name}' must be one of {string.Join(", ", choices.ToArray())}, not '{text}'");

        internal string DemandChoice(string name, params ReadOnlySpan<string> choices) =>
            Choice(name, choices) ?? throw value.Failure($"'{name}' is missing");

        internal IReadOnlyList<string>? Choices(string name, params string[] choices) =>
            Texts(name) is not { } texts ? null : texts.FirstOrDefault(text => !choices.Contains(text)) is not { } unknown ? texts
                : throw Failure(name, $"'{name}' has no '{unknown}'. {Remedy.Do($"Use one of {string.Join(", ", choices)}.")}");

        internal PolicyGlob? Glob(string name, char? separator = null, bool ignoreCase = false) =>
            Text(name) is not { } text ? null : text.Length > 0 ? new PolicyGlob(text, separator, ignoreCase)
                : throw Failure(name, $"'{name}' is empty");

        internal IReadOnlyList<PolicyGlob>? Globs(string name) => Texts(name)?.Select(text => new PolicyGlob(text, '/')).ToList();

        internal string? Digest(string name) => Text(name) is not { } text ? null : PolicyReader.Digest().IsMatch(text) ? text
            : throw Failure(name, $"'{name}' is not a digest: 'sha256:' and 64 hex digits");

        internal string? Commit(string name) => Text(name) is not { } text ? null : CommitId().IsMatch(text) ? text
            : throw Failure(name, $"'{name}' is not a full commit: 40 or 64 hex digits");

        internal SemVersionRange? Range(string name) => Text(name) is not { } text ? null
            : SemVersionRange.TryParseNpm(text, includeAllPrerelease: true, out var range, 1024) && text.Trim().Length > 0 ? range
            : throw Failure(name, $"'{text}' is not a range of versions such as >=1.2.0 <2.0.0");

        internal TimeSpan DemandPeriod(string name) =>
            Period().Match(Demand(name)) is { Success: true, Length: > 1 } period && !Demand(name).EndsWith('T')
                ? TimeSpan.FromDays(Number(period, "days")) + TimeSpan.FromHours(Number(period, "hours"))
                : throw Failure(name, $"'{name}' is not a period such as P7D or PT12H");

        /// <summary>A folder of this computer, links resolved.</summary>
        internal string? Folder(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (!Path.IsPathFullyQualified(text) || text.Contains('*', StringComparison.Ordinal))
            {
                throw Failure(name, $"'{text}' is not the absolute path of a folder");
            }

            var path = LocalPaths.Normalize(text);
            try
            {
                return context!.Environment.Files.RealPath(path);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // A folder that is not there has nothing in it.
                return path;
            }
        }

        /// <summary>A file beside the document; where a digest is given, the file has to have it.</summary>
        internal string DemandFile(string name, string digest)
        {
            var path = Path.GetFullPath(Demand(name), Path.GetDirectoryName(context!.Path)!);
            if (Digest(digest) is not { } expected)
            {
                return path;
            }

            try
            {
                var bytes = context.Environment.Files.ReadAllBytes(path, LongestFile * 16, followLink: true);
                return TreeDigest.OfBytes(bytes) == expected ? path
                    : throw Failure(digest, $"The file '{path}' does not have the digest {expected}");
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw Failure(name, $"The file '{path}' cannot be read: {problem}");
            }
        }

        internal IReadOnlyList<T> Matches<T>(string keys, bool required, Func<Item, T> make)
        {
            if (value["match"] is not { } list)
            {
                return required ? throw value.Failure($"'match' is missing") : [];
            }

            var items = list.GetItems();
            return items.Count == 0 ? throw list.Failure($"'match' must have an item") : [.. items.Select(item =>
            {
                if (item.Kind != JsonKind.Object || item.Members.Count == 0)
                {
                    throw item.Failure($"An item of 'match' must be an object with at least one key");
                }

                item.DemandOnly(keys.Split(' '));
                return make(new Item(item, context));
            })];
        }

        /// <summary>A failure at a value, or at the object.</summary>
        internal PluginMarketException Failure(string? name, Message problem) =>
            (name is null ? value : value[name] ?? value).Failure(problem);

        private static int Number(Match period, string group) =>
            period.Groups[group].Success ? int.Parse(period.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }
}
