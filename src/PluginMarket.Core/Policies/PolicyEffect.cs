namespace PluginMarket.Policies;

/// <summary>What a layer says of something, from the best to the worst.</summary>
internal enum PolicyEffect
{
    /// <summary>Nothing forbids it.</summary>
    Allowed,
    /// <summary>A rule that only reports would refuse it.</summary>
    Audited,
    /// <summary>A rule needs a fact that is not known.</summary>
    Unknown,
    /// <summary>The layer cannot be read.</summary>
    Unreadable,
    /// <summary>A rule refuses it.</summary>
    Denied,
}

/// <summary>When a decision is made.</summary>
internal enum PolicyStage
{
    /// <summary>Before anything is fetched.</summary>
    Admit,
    /// <summary>With the files in staging, before they are put in place.</summary>
    Publish,
}

/// <summary>Whether something fits, where it may not be known.</summary>
/// <remarks>All of several is the smallest, any of them the largest.</remarks>
internal enum Answer
{
    /// <summary>It does not.</summary>
    No,
    /// <summary>A fact is missing.</summary>
    Unknown,
    /// <summary>It does.</summary>
    Yes,
}

/// <summary>A fact that may not be known; unknown by default.</summary>
/// <param name="Value">The value, where it is known.</param>
/// <param name="IsKnown">Whether it is.</param>
internal readonly record struct Fact<T>(T Value, bool IsKnown)
{
    /// <summary>A fact that is known.</summary>
    public static Fact<T> Of(T value) => new(value, true);

    /// <summary>Whether the fact fits; unknown where the fact is.</summary>
    public Answer Is(Func<T, bool> fits) => !IsKnown ? Answer.Unknown : fits(Value) ? Answer.Yes : Answer.No;
}
