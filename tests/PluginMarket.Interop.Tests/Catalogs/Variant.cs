namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>One way to make an entry special.</summary>
/// <param name="Subject">What is special.</param>
/// <param name="Apply">Makes it so; the generator of the case is given for choices that do not matter.</param>
public sealed record Variant(string Subject, Func<Random, GeneratedEntry, GeneratedEntry> Apply)
{
    public GeneratedEntry To(Random random, GeneratedEntry entry) => Apply(random, entry).About(Subject);

    /// <summary>A variant that sets one member to a JSON text.</summary>
    public static Variant Member(string key, string? json) => new($"{key} = {json ?? "absent"}", (_, entry) => entry.With(key, json));

    /// <summary>The same variant, with a difference that the table allows.</summary>
    public Variant Differs(Judgement judgement, string difference) =>
        new(Subject, (random, entry) => Apply(random, entry).Differs(judgement, difference));

    /// <summary>One that makes Codex refuse the whole file.</summary>
    public Variant BadEntry() => Differs(Judgement.FileRefusedByCodex, "bad-entry");
}
