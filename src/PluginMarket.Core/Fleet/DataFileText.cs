using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>Turns a data file of PowerShell (<c>.psd1</c>) into JSON of the same layout, so that the places in messages are those of the
/// file. It takes literals, lists and tables; what would have to be evaluated is refused, so nothing ever runs.</summary>
internal sealed class DataFileText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string _text;
    private readonly string _path;
    private readonly StringBuilder _json = new();
    private int _at;
    private int _line = 1;
    private int _column = 1;
    private int _writtenLine = 1;
    private int _writtenColumn = 1;

    private DataFileText(string text, string path) => (_text, _path) = (text, path);

    /// <summary>The JSON of a data file.</summary>
    /// <exception cref="PluginMarketException">StateFileUnreadable with the place.</exception>
    internal static byte[] ToJson(byte[] utf8, string path)
    {
        string text;
        try
        {
            text = Strict.GetString(utf8.AsSpan() is [0xEF, 0xBB, 0xBF, ..] ? utf8.AsSpan(3) : utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new PluginMarketException(MarketErrorCode.StateFileUnreadable,
                $"'{path}' is not UTF-8. {Remedy.Do($"Save it as UTF-8.")}", path)
            {
                File = path,
            };
        }

        var reader = new DataFileText(text, path);
        reader.SkipBlank();
        reader.ReadValue(0);
        reader.SkipBlank();
        return reader._at == text.Length ? Encoding.UTF8.GetBytes(reader._json.ToString())
            : throw reader.Failure("only one table is expected");
    }

    private void ReadValue(int depth)
    {
        if (depth > 32)
        {
            throw Failure("the tables are nested too deeply");
        }

        switch (Peek())
        {
            case '@' when Peek(1) == '{':
                ReadTable(depth);
                break;
            case '@' when Peek(1) == '(':
                ReadList(depth);
                break;
            case '\'' or '"':
                var (line, column) = (_line, _column);
                Place(JsonString(ReadString()), line, column);
                break;
            case '$':
                ReadConstant();
                break;
            case '-' or (>= '0' and <= '9'):
                ReadNumber();
                break;
            default:
                throw Failure("a literal, @( ) or @{ } is expected, and nothing that has to be evaluated");
        }
    }

    private void ReadTable(int depth)
    {
        Place("{");
        Skip(2);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (SkipSeparators(); Peek() != '}'; SkipSeparators())
        {
            var (line, column) = (_line, _column);
            var isQuoted = Peek() is '\'' or '"';
            var name = isQuoted ? ReadString() : ReadWord();
            if (!names.Add(name))
            {
                throw Failure($"the key '{name}' is there twice", line, column);
            }

            Place((names.Count > 1 ? "," : "") + JsonString(name) + ":", line, column);
            SkipBlank();
            Expect('=');
            SkipBlank();
            ReadValue(depth + 1);
            DemandEnd('}');
        }

        Place("}");
        Skip(1);
    }

    private void ReadList(int depth)
    {
        Place("[");
        Skip(2);
        var count = 0;
        for (SkipSeparators(comma: true); Peek() != ')'; SkipSeparators(comma: true))
        {
            if (count++ > 0)
            {
                _json.Append(',');
                _writtenColumn++;
            }

            ReadValue(depth + 1);
            DemandEnd(')', comma: true);
        }

        Place("]");
        Skip(1);
    }

    // Between two entries there is a line break, a semicolon, or in a list a comma.
    private void DemandEnd(char close, bool comma = false)
    {
        while (SkipComment() || (Peek() is ' ' or '\t' && Skip(1)))
        {
        }

        if (Peek() is not ('\n' or '\r' or ';' or '#') && !(comma && Peek() == ',') && Peek() != close)
        {
            throw Failure(comma ? "a comma or ')' is expected" : "a line break, ';' or '}' is expected");
        }
    }

    private void ReadConstant()
    {
        var word = new StringBuilder();
        var (line, column) = (_line, _column);
        Skip(1);
        while (char.IsAsciiLetter(Peek()))
        {
            word.Append(Peek());
            Skip(1);
        }

        var value = word.ToString().ToLowerInvariant();
        Place(value is "true" or "false" or "null" ? value
            : throw Failure("only $true, $false and $null are data", line, column), line, column);
    }

    private void ReadNumber()
    {
        var (line, column) = (_line, _column);
        var digits = new StringBuilder();
        while (Peek() is '-' or (>= '0' and <= '9'))
        {
            digits.Append(Peek());
            Skip(1);
        }

        Place(long.TryParse(digits.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture) : throw Failure("not a whole number", line, column), line, column);
    }

    private string ReadString()
    {
        var quote = Peek();
        Skip(1);
        var text = new StringBuilder();
        while (true)
        {
            var c = Peek();
            if (c == '\0' && _at >= _text.Length)
            {
                throw Failure("a string does not end");
            }

            if (c == quote)
            {
                Skip(1);
                if (Peek() != quote)
                {
                    return text.ToString();
                }
            }
            else if (quote == '"' && c is '$' or '`')
            {
                throw Failure("a string in double quotes that has to be evaluated is not data; single quotes take it as it is");
            }

            text.Append(c);
            Skip(1);
        }
    }

    private string ReadWord()
    {
        var word = new StringBuilder();
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_')
        {
            word.Append(Peek());
            Skip(1);
        }

        return word.Length > 0 ? word.ToString() : throw Failure("a key is expected");
    }

    private void SkipSeparators(bool comma = false)
    {
        do
        {
            SkipBlank();
        }
        while ((Peek() == ';' || (comma && Peek() == ',')) && Skip(1));
        if (_at >= _text.Length)
        {
            throw Failure("the file ends inside a table or list");
        }
    }

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(Peek()))
            {
                Skip(1);
            }
            else if (Peek() == '#')
            {
                while (_at < _text.Length && Peek() != '\n')
                {
                    Skip(1);
                }
            }
            else if (!SkipComment())
            {
                return;
            }
        }
    }

    // From <# to the next #>.
    private bool SkipComment()
    {
        if (Peek() != '<' || Peek(1) != '#')
        {
            return false;
        }

        var end = _text.IndexOf("#>", _at + 2, StringComparison.Ordinal);
        return Skip(end < 0 ? throw Failure("a comment does not end") : end + 2 - _at);
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Failure($"'{wanted}' is expected");
        }

        Skip(1);
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Skip(int count)
    {
        for (var i = 0; i < count; i++, _at++)
        {
            (_line, _column) = _text[_at] == '\n' ? (_line + 1, 1) : (_line, _column + 1);
        }

        return true;
    }

    private void Place(string json) => Place(json, _line, _column);

    private void Place(string json, int line, int column)
    {
        for (; _writtenLine < line; _writtenLine++)
        {
            _json.Append('\n');
            _writtenColumn = 1;
        }

        for (; _writtenColumn < column; _writtenColumn++)
        {
            _json.Append(' ');
        }

        _json.Append(json);
        _writtenColumn += json.Length;
    }

    private static string JsonString(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private PluginMarketException Failure(string problem) => Failure(problem, _line, _column);

    private PluginMarketException Failure(string problem, int line, int column) => new(MarketErrorCode.StateFileUnreadable,
        $"{_path}({line},{column}): {problem}.{Remedy.Do($"Fix the file at that place.")}", _path)
    {
        File = _path,
        Line = line,
        Column = column,
    };
}
