using System.Text;

namespace PluginMarket.Manifests;

/// <summary>The YAML block at the head of a skill (contract 2.4).</summary>
internal static class FrontMatter
{
    /// <summary>The text between the two <c>---</c> lines, or null where they are missing or hold nothing.</summary>
    internal static string? Find(string text)
    {
        var start = text.IndexOf('\n', StringComparison.Ordinal);
        if (start < 0 || text.AsSpan(0, start).Trim() is not "---")
        {
            return null;
        }

        start++;
        for (var at = start; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            if (text.AsSpan(at, end - at).Trim() is "---")
            {
                return at == start ? null : text[start..at];
            }

            at = end + 1;
        }

        return null;
    }

    /// <summary>Finds what is wrong with the fields of a block: a problem and its line, or null.</summary>
    internal delegate (string Finding, int Line)? FieldCheck(YamlNode root);

    /// <summary>Parses the block; where it or its fields cannot be used, once more with the plain values quoted
    /// that YAML would not take as text.</summary>
    internal static YamlNode? Parse(string block, FieldCheck check, out string finding, out int line)
    {
        var root = YamlText.Parse(block, out finding, out line) ?? YamlText.Parse(IndentQuotedLines(block), out _, out _);
        if (root is not null)
        {
            if (check(root) is not { } wrong)
            {
                finding = "";
                return root;
            }

            (finding, line) = wrong;
        }

        var second = QuotePlainValues(block) is { } repaired ? YamlText.Parse(repaired, out _, out _) : null;
        if (second is null || check(second) is not null)
        {
            return null;
        }

        finding = "";
        return second;
    }

    // Codex's YAML reader takes a quoted text whose further lines are not indented; ours asks for a space before them.
    private static string IndentQuotedLines(string block)
    {
        var indented = new StringBuilder(block.Length + 16);
        var quote = '\0';
        foreach (var line in block.Split('\n'))
        {
            if (quote != '\0' && line.Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                indented.Append(' ');
            }

            indented.Append(line).Append('\n');
            var at = 0;
            if (quote == '\0')
            {
                var value = FindColon(line) + 1;
                at = value == 0 ? line.Length : line.Length - line[value..].TrimStart().Length;
                quote = at < line.Length && (line[at] is '"' or '\'') ? line[at++] : '\0';
            }

            for (; quote != '\0' && at < line.Length; at++)
            {
                if (quote == '"' && line[at] == '\\')
                {
                    at++;
                }
                else if (line[at] == quote)
                {
                    quote = '\0';
                }
            }
        }

        return indented.ToString();
    }

    // Codex takes `description: use a: b` and `description: [draft] x` as text although YAML does not.
    private static string? QuotePlainValues(string block)
    {
        var repaired = new StringBuilder(block.Length + 16);
        var changed = false;
        var blockIndent = -1;
        foreach (var line in block.Split('\n'))
        {
            var content = line.TrimEnd();
            var indent = content.Length - content.TrimStart().Length;
            if (blockIndent >= 0 && (content.Length == 0 || indent > blockIndent))
            {
                repaired.Append(line).Append('\n');
                continue;
            }

            blockIndent = -1;
            var colon = FindColon(content);
            var value = colon < 0 ? "" : WithoutComment(content[(colon + 1)..].Trim());
            if (value.Length > 0 && value[0] is '|' or '>')
            {
                blockIndent = indent;
            }
            else if (value.Length > 0 && NeedsQuotes(value))
            {
                content = $"{content[..colon]}: '{value.Replace("'", "''", StringComparison.Ordinal)}'";
                changed = true;
            }

            repaired.Append(content).Append('\n');
        }

        return changed ? repaired.ToString() : null;
    }

    private static int FindColon(string content)
    {
        for (var i = 0; i < content.Length - 1; i++)
        {
            if (content[i] == ':' && content[i + 1] is ' ' or '\t')
            {
                return i;
            }
        }

        return -1;
    }

    private static string WithoutComment(string value)
    {
        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 || value[0] is '"' or '\'' ? value : value[..comment].TrimEnd();
    }

    private static bool NeedsQuotes(string value) => value[0] switch
    {
        '"' or '\'' or '|' or '>' or '*' or '#' => false,
        '@' or '`' => true,
        '[' or '{' when YamlText.Parse(value, out _, out _) is null => true,
        _ => value.Contains(": ", StringComparison.Ordinal),
    };
}
