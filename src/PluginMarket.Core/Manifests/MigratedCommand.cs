using System.Buffers;
using System.Globalization;
using System.Text;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>One Markdown command on its way to a skill (contract 2.8).</summary>
internal sealed class MigratedCommand
{
    private static readonly string[] Ends = ["\r\n---\r\n", "\r\n---\n", "\n---\r\n", "\n---\n", "\r\n---", "\n---"];
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+-");

    private MigratedCommand(string path, string command, string description, string body)
    {
        Path = path;
        Description = description;
        Body = body;
        SourceName = command[..^".md".Length].Replace('/', '-');
        Name = Slug("source-command-" + SourceName);
    }

    /// <summary>The file's path in the plugin.</summary>
    internal string Path { get; }

    /// <summary>The skill's name and folder.</summary>
    internal string Name { get; }

    private string SourceName { get; }

    private string Description { get; }

    private string Body { get; }

    private string FilePath => $"{MigratedCommands.Folder}/{Name}/{SkillReader.FileName}";

    /// <summary>Reads a command, or says why it cannot become a skill.</summary>
    /// <param name="path">The file's path in the plugin.</param>
    /// <param name="command">Its name as a command, with its ending.</param>
    /// <param name="text">Its text.</param>
    /// <param name="finding">Why it cannot.</param>
    internal static MigratedCommand? Parse(string path, string command, string text, out string finding)
    {
        finding = "";
        if (System.IO.Path.GetFileName(path) == "README.md")
        {
            finding = "a README is not a command";
            return null;
        }

        var (description, body) = Split(text);
        if (string.IsNullOrWhiteSpace(description))
        {
            finding = "it has no YAML description at its head";
            return null;
        }

        if (FindTemplating(body) is { } templating)
        {
            finding = $"its text uses {templating}, which skills do not have";
            return null;
        }

        return new MigratedCommand(path, command, description, body);
    }

    internal Skill ToSkill(string plugin) => new()
    {
        Name = DisplayText.Escape(Name),
        Id = DisplayText.Escape($"{plugin}:{Name}"),
        Description = DisplayText.Escape(string.Join(' ', Description.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        File = DisplayText.Escape(FilePath),
        MigratedFrom = DisplayText.Escape(Path),
        Path = Path,
        HasHiddenText = DisplayText.HasHiddenText(Description) || DisplayText.HasHiddenText(Body),
    };

    internal GeneratedFile ToFile() => new(FilePath, Encoding.UTF8.GetBytes(Render()));

    /// <summary>The skill's text as Codex writes it.</summary>
    internal string Render()
    {
        var body = Body.Trim();
        return $"---\nname: {Quote(Name)}\ndescription: {Quote(Description)}\n---\n\n# {Name}\n\n"
            + $"Use this skill when the user asks to run the migrated source command `{SourceName}`.\n\n## Command Template\n\n"
            + $"{(body.Length == 0 ? "No command template body was found." : body)}\n";
    }

    private static (string? Description, string Body) Split(string text)
    {
        var start = text.StartsWith("---\n", StringComparison.Ordinal) ? 4 : text.StartsWith("---\r\n", StringComparison.Ordinal) ? 5 : -1;
        var best = (At: -1, Length: 0);
        foreach (var end in start < 0 ? [] : Ends)
        {
            var at = text.IndexOf(end, start, StringComparison.Ordinal);
            if (at >= 0 && (best.At < 0 || at < best.At))
            {
                best = (at, end.Length);
            }
        }

        return best.At < 0 ? (null, text) : (ReadDescription(text[start..best.At]), text[(best.At + best.Length)..]);
    }

    private static string? ReadDescription(string block)
    {
        foreach (var member in YamlText.Parse(block, out _, out _)?.Members ?? [])
        {
            if (member.Key.Trim() == "description")
            {
                var value = member.Value;
                return value.Text is null || value.IsNull ? null : value.IsPlain ? Number(value.Text) : value.Text.Trim();
            }
        }

        return null;
    }

    // Codex reads a plain number as a number and writes it its own way: 12.50 becomes 12.5.
    private static string Number(string text)
    {
        if (text is "True" or "TRUE" or "False" or "FALSE")
        {
            return text.ToLowerInvariant();
        }

        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        var isNumber = digits.Length > 0 && char.IsAsciiDigit(digits[0]) && !digits.ContainsAnyExcept(NumberCharacters)
            && (digits.Length == 1 || digits[0] != '0' || digits[1] == '.');
        if (!isNumber || digits.IndexOfAny(".eE") < 0
            || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return text.Trim();
        }

        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        return shortest.Contains('E', StringComparison.Ordinal) ? shortest.Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e')
            : shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
    }

    private static string? FindTemplating(string body)
    {
        if (body.Contains("$ARGUMENTS", StringComparison.Ordinal))
        {
            return "$ARGUMENTS";
        }

        for (var i = 0; i + 1 < body.Length; i++)
        {
            if (body[i] == '$' && char.IsAsciiDigit(body[i + 1]))
            {
                return body.Substring(i, 2);
            }
        }

        if (body.Contains("{{", StringComparison.Ordinal) && body.Contains("}}", StringComparison.Ordinal))
        {
            return "{{…}}";
        }

        if (body.Contains("!`", StringComparison.Ordinal) || body.Contains("! `", StringComparison.Ordinal))
        {
            return "!`…`";
        }

        return body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(t => t.Length > 1 && t[0] == '@');
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length == 0 || slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var trimmed = slug.ToString().Trim('-');
        return trimmed.Length == 0 ? "migrated" : trimmed;
    }
}
