namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>One entry of a generated catalog, member by member as JSON text, with the files it speaks of.</summary>
public sealed record GeneratedEntry
{
    /// <summary>What is special about it; several are joined.</summary>
    public string Subject { get; init; } = "plain";

    /// <summary>The name if it is a string, to ask for it at install.</summary>
    public string? Name { get; init; }

    /// <summary>The folder of its files in the marketplace, if it has one.</summary>
    public required string Folder { get; init; }

    /// <summary>The members in the order written; a name may occur twice.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Members { get; init; }

    /// <summary>What writes the files.</summary>
    public required Action<CaseFolder> Write { get; init; }

    public Judgement Judgement { get; init; }

    /// <summary>Whether its products leave Codex out, or its source is none.</summary>
    public bool IsHidden => Members.Any(m => m is { Key: "source", Value: "\"../x\"" })
        || Members.Any(m => m.Key == "policy" && m.Value is """{"products":[]}""" or """{"products":["CHATGPT"]}""");

    /// <summary>The row of the table that allows another judgement than <see cref="Judgement.Same"/>.</summary>
    public string? Difference { get; init; }

    /// <summary>The row of the table that lets ours skip the entry in Cursor's catalog, where its path needs no <c>./</c>.</summary>
    public string? CursorDifference { get; init; }

    /// <summary>False where installing would leave this machine, or is not offered by us yet (npm): such an entry is only listed.</summary>
    public bool CanInstall { get; init; } = true;

    /// <summary>The whole entry as JSON text, where it is not an object.</summary>
    public string? Raw { get; init; }

    /// <summary>The entry as JSON text.</summary>
    public string Json => Raw ?? "{" + string.Join(",", Members.Select(m => $"{Text.Quote(m.Key)}:{m.Value}")) + "}";

    /// <summary>The same entry with a member set, or taken out where the value is null.</summary>
    public GeneratedEntry With(string key, string? json)
    {
        var members = Members.Where(m => m.Key != key);
        return this with { Members = json is null ? [.. members] : [.. members, new(key, json)] };
    }

    public GeneratedEntry Named(string name) => (this with { Name = name }).With("name", Text.Quote(name));

    public GeneratedEntry About(string subject) => this with { Subject = Subject == "plain" ? subject : $"{Subject}; {subject}" };

    /// <summary>The entry in a catalog at a place.</summary>
    public GeneratedEntry At(string catalogPath) =>
        CursorDifference is { } row && catalogPath.StartsWith(".cursor-plugin/", StringComparison.Ordinal)
            ? Differs(Judgement.SkippedByUs, row) : this;

    public GeneratedEntry Differs(Judgement judgement, string difference) => this with { Judgement = judgement, Difference = difference };
}
