using System.Globalization;

namespace PluginMarket.Manifests;

/// <summary>Checks a hook's matcher against the regular expressions Codex takes: Rust's, without look-around and
/// back references (contract 2.7).</summary>
internal sealed class MatcherSyntax
{
    // Codex gives up on an expression that compiles to more than 10 MiB; this many repetitions of one character do.
    private const long MostRepetitions = 200_000;
    private readonly string _pattern;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _at;

    private MatcherSyntax(string pattern) => _pattern = pattern;

    private char Next => _at < _pattern.Length ? _pattern[_at] : '\0';

    private bool AtEnd => _at >= _pattern.Length;

    /// <summary>Whether Codex takes the matcher as whole names, separated by <c>|</c>, and not as an expression.</summary>
    internal static bool IsListOfNames(string matcher) => matcher.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '|');

    /// <summary>Why Codex cannot use the matcher, or null.</summary>
    internal static string? Check(string matcher)
    {
        if (matcher is "*" || IsListOfNames(matcher))
        {
            return null;
        }

        var syntax = new MatcherSyntax(matcher);
        try
        {
            syntax.Alternation(0, 1);
            return syntax.AtEnd ? null : "a group is closed that was not opened";
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    private void Alternation(int depth, long repetitions)
    {
        if (depth > 100)
        {
            throw new FormatException("it is nested too deeply");
        }

        var hasOperand = false;
        while (!AtEnd && Next != ')')
        {
            switch (Next)
            {
                case '|':
                    _at++;
                    hasOperand = false;
                    break;
                case '*' or '+' or '?' or '{':
                    if (!hasOperand)
                    {
                        throw new FormatException("a repetition has nothing to repeat");
                    }

                    Repetition(repetitions);
                    break;
                case '(':
                    hasOperand = Group(depth, repetitions);
                    break;
                case '[':
                    Class(0);
                    hasOperand = true;
                    break;
                case '\\':
                    Escape(inClass: false);
                    hasOperand = true;
                    break;
                default:
                    _at++;
                    hasOperand = true;
                    break;
            }
        }

    }

    private bool Group(int depth, long repetitions)
    {
        _at++;
        if (Next == '?')
        {
            _at++;
            if (Next is 'P' or '<')
            {
                _at += Next == 'P' ? 1 : 0;
                Expect('<', "look-around, back references and other special groups are not supported");
                GroupName();
            }
            else if (!Flags())
            {
                return false;
            }
        }

        Alternation(depth + 1, repetitions);
        Expect(')', "a group is not closed");
        return true;
    }

    private void GroupName()
    {
        var end = _pattern.IndexOf('>', _at);
        var name = end < 0 ? "" : _pattern[_at..end];
        if (name.Length == 0 || !(char.IsLetter(name[0]) || name[0] == '_')
            || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '[' or ']') || !_names.Add(name))
        {
            throw new FormatException("a group's name is invalid or given twice");
        }

        _at = end + 1;
    }

    /// <summary>Reads the flags of a group; true where a body follows.</summary>
    private bool Flags()
    {
        var seen = new HashSet<char>();
        var pending = false;
        while (Next is not (':' or ')'))
        {
            if (Next is not ('i' or 'm' or 's' or 'U' or 'u' or 'x' or 'R' or '-') || !seen.Add(Next))
            {
                throw new FormatException("look-around, back references and other special groups are not supported");
            }

            pending = Next == '-';
            _at++;
        }

        var body = Next == ':';
        if (pending || (!body && seen.Count == 0))
        {
            throw new FormatException("a group's flags are incomplete");
        }

        _at++;
        return body;
    }

    private void Repetition(long repetitions)
    {
        if (Next != '{')
        {
            _at++;
        }
        else
        {
            var end = _pattern.IndexOf('}', _at);
            if (end < 0)
            {
                throw new FormatException("a counted repetition is not closed");
            }

            var parts = _pattern[(_at + 1)..end].Split(',');
            var least = Count(parts[0]) ?? throw new FormatException("a counted repetition needs a number");
            var most = parts.Length == 1 ? least : parts[1].Trim().Length == 0 ? least : Count(parts[1]) ?? -1;
            if (parts.Length > 2 || most < least)
            {
                throw new FormatException("a counted repetition is invalid");
            }

            if (Math.Max(most, 1) * repetitions > MostRepetitions)
            {
                throw new FormatException("it repeats too much");
            }

            _at = end + 1;
        }

        if (Next == '?')
        {
            _at++;
        }
    }

    private static long? Count(string text) =>
        uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private void Class(int depth)
    {
        if (depth > 100)
        {
            throw new FormatException("it is nested too deeply");
        }

        _at++;
        if (Next == '^')
        {
            _at++;
        }

        while (Next == '-')
        {
            _at++;
        }

        if (Next == ']')
        {
            _at++;
        }

        while (true)
        {
            if (AtEnd)
            {
                throw new FormatException("a character class is not closed");
            }

            switch (Next)
            {
                case ']':
                    _at++;
                    return;
                case '[':
                    Class(depth + 1);
                    break;
                case '&' or '~' or '-' when _at + 1 < _pattern.Length && _pattern[_at + 1] == Next:
                    _at += 2;
                    break;
                default:
                    Range();
                    break;
            }
        }
    }

    private void Range()
    {
        var first = ClassCharacter();
        if (Next != '-' || _at + 1 >= _pattern.Length || _pattern[_at + 1] is ']' or '-')
        {
            return;
        }

        _at++;
        var last = Next == '[' ? null : ClassCharacter();
        if (first is null || last is null)
        {
            throw new FormatException("a range in a character class must run between two characters");
        }

        if (first > last)
        {
            throw new FormatException("a range in a character class runs backwards");
        }
    }

    private int? ClassCharacter()
    {
        if (Next == '\\')
        {
            return Escape(inClass: true);
        }

        if (char.IsSurrogatePair(_pattern, Math.Min(_at, _pattern.Length - 1)))
        {
            _at += 2;
            return char.ConvertToUtf32(_pattern, _at - 2);
        }

        return _pattern[_at++];
    }

    /// <summary>Reads an escape; the character it stands for, or null for a set or an assertion.</summary>
    private int? Escape(bool inClass)
    {
        _at++;
        if (AtEnd)
        {
            throw new FormatException("it ends in a backslash");
        }

        var escape = _pattern[_at++];
        switch (escape)
        {
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v':
                return escape switch { 'a' => 7, 'f' => 12, 't' => 9, 'n' => 10, 'r' => 13, _ => 11 };
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                return null;
            case 'p' or 'P':
                Property();
                return null;
            case 'x' or 'u' or 'U':
                return Hexadecimal(escape == 'x' ? 2 : escape == 'u' ? 4 : 8);
            case 'A' or 'z' or 'B' or '<' or '>' when !inClass:
                return null;
            case 'b' when !inClass:
                Boundary();
                return null;
            default:
                return char.IsAscii(escape) && !char.IsAsciiLetterOrDigit(escape) && escape is not ('<' or '>')
                    ? escape : throw new FormatException($"'\\{escape}' is not supported");
        }
    }

    private void Boundary()
    {
        foreach (var kind in (string[])["{start}", "{end}", "{start-half}", "{end-half}"])
        {
            if (string.CompareOrdinal(_pattern, _at, kind, 0, kind.Length) == 0)
            {
                _at += kind.Length;
                return;
            }
        }
    }

    private void Property()
    {
        if (Next != '{')
        {
            _at++;
            return;
        }

        var end = _pattern.IndexOf('}', _at);
        _at = end < 0 ? throw new FormatException("a character property is not closed") : end + 1;
    }

    private int Hexadecimal(int digits)
    {
        string text;
        if (Next == '{')
        {
            var end = _pattern.IndexOf('}', _at);
            text = end < 0 ? "" : _pattern[(_at + 1)..end];
            _at = end + 1;
        }
        else
        {
            text = _at + digits <= _pattern.Length ? _pattern.Substring(_at, digits) : "";
            _at += digits;
        }

        return int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && System.Text.Rune.IsValid(value)
            ? value
            : throw new FormatException("a character's number is invalid");
    }

    private void Expect(char wanted, string finding)
    {
        if (Next != wanted || AtEnd)
        {
            throw new FormatException(finding);
        }

        _at++;
    }
}
