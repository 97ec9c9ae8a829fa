namespace PluginMarket.Manifests;

/// <summary>One node of a small YAML text, with the scalar's own words instead of a guessed type.</summary>
internal sealed class YamlNode
{
    /// <summary>The text of a scalar, else null.</summary>
    internal string? Text { get; init; }

    /// <summary>Whether the scalar is written without quotes, so that it may be a null, a Boolean or a number.</summary>
    internal bool IsPlain { get; init; }

    /// <summary>The members of a mapping in file order, duplicates included, else null.</summary>
    internal List<KeyValuePair<string, YamlNode>>? Members { get; init; }

    /// <summary>Whether the scalar is written without quotes and is empty, with or without a tag.</summary>
    internal bool IsBlank { get; init; }

    /// <summary>Whether a key of the mapping is not a scalar.</summary>
    internal bool HasCompoundKey { get; set; }

    /// <summary>The items of a sequence, else null.</summary>
    internal List<YamlNode>? Items { get; init; }

    /// <summary>The line in the parsed text, counted from 1.</summary>
    internal int Line { get; init; }

    internal bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    /// <summary>The member of that name, or null.</summary>
    internal YamlNode? this[string name]
    {
        get
        {
            foreach (var member in Members ?? [])
            {
                if (string.Equals(member.Key, name, StringComparison.Ordinal))
                {
                    return member.Value;
                }
            }

            return null;
        }
    }
}
