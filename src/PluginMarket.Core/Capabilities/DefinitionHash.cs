using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PluginMarket.Json;

namespace PluginMarket.Capabilities;

/// <summary>Hashes a definition so that equal meaning gives equal hashes: members sorted by name, each
/// part with its kind and length.</summary>
internal sealed class DefinitionHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal DefinitionHash(string component) => Add(component);

    /// <summary>Adds a text; no text and the empty text differ.</summary>
    internal DefinitionHash Add(string? text) => text is null ? Part('0', []) : Part('s', Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes, such as a file's digest.</summary>
    internal DefinitionHash Add(byte[] content) => Part('b', content);

    /// <summary>Adds a JSON value, independent of member order, white space and escapes.</summary>
    internal DefinitionHash Add(JsonValue? value)
    {
        switch (value?.Kind)
        {
            case null:
                return Part('0', []);
            case JsonKind.String:
                return Add(value.GetString());
            case JsonKind.Array:
                Part('[', []);
                foreach (var item in value.Items)
                {
                    Add(item);
                }

                return Part(']', []);
            case JsonKind.Object:
                Part('{', []);
                foreach (var member in value.Members.OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    Add(member.Name).Add(member.Value);
                }

                return Part('}', []);
            default:
                return Part('v', value.RawUtf8);
        }
    }

    /// <summary><c>sha256:</c> and 64 hex digits. Nothing can be added afterwards.</summary>
    internal string Finish()
    {
        using (_hash)
        {
            return "sha256:" + Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant();
        }
    }

    private DefinitionHash Part(char kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], content.Length);
        _hash.AppendData(head);
        _hash.AppendData(content);
        return this;
    }
}
