using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>What a server says of itself before anything is asked of it.</summary>
internal sealed class Advertisement
{
    private readonly Dictionary<string, string> _capabilities = new(StringComparer.Ordinal);

    /// <summary>Whether it speaks the newer protocol, in which every object can be wanted by its id.</summary>
    internal bool IsVersion2 { get; private set; }

    /// <summary>Names to ids; in the older protocol alone.</summary>
    internal Dictionary<string, string> References { get; } = new(StringComparer.Ordinal);

    internal string ObjectFormat => _capabilities.GetValueOrDefault("object-format", "sha1");

    internal bool StatesObjectFormat => _capabilities.ContainsKey("object-format");

    internal bool CutsHistory => IsVersion2 ? Features.Contains("shallow") : _capabilities.ContainsKey("shallow");

    internal bool LeavesOut => IsVersion2 ? Features.Contains("filter") : _capabilities.ContainsKey("filter");

    /// <summary>Whether an object that no reference names can be wanted.</summary>
    internal bool GivesAnyObject =>
        IsVersion2 || _capabilities.ContainsKey("allow-reachable-sha1-in-want") || _capabilities.ContainsKey("allow-any-sha1-in-want");

    private string[] Features => _capabilities.GetValueOrDefault("fetch", "").Split(' ');

    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static async Task<Advertisement> ReadAsync(PacketReader reader, long byteLimit, CancellationToken cancellationToken)
    {
        var read = new Advertisement();
        long total = 0;
        var isFirst = true;
        for (var kind = await reader.ReadAsync(cancellationToken).ConfigureAwait(false); kind != PacketKind.End;
            kind = await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            total += reader.Payload.Length;
            if (total > byteLimit)
            {
                throw new PluginMarketException(MarketErrorCode.LimitExceeded, $"The repository has more references than the allowed "
                    + $"{byteLimit} bytes of them. {Remedy.Do($"Use a smaller repository.")}");
            }

            if (kind != PacketKind.Data || reader.Line.StartsWith("# service=", StringComparison.Ordinal))
            {
                continue;
            }

            read.Take(reader.Line, isFirst);
            isFirst = false;
        }

        return isFirst ? throw new InvalidDataException("the server says nothing of the repository") : read;
    }

    private void Take(string line, bool isFirst)
    {
        if (line.StartsWith("ERR ", StringComparison.Ordinal))
        {
            throw new InvalidDataException("fatal: remote error: " + line[4..]);
        }

        if (isFirst && line == "version 2")
        {
            IsVersion2 = true;
        }
        else if (IsVersion2)
        {
            AddCapability(line);
        }
        else
        {
            TakeReference(line);
        }
    }

    private void TakeReference(string line)
    {
        var end = line.IndexOf('\0', StringComparison.Ordinal);
        if (end >= 0)
        {
            foreach (var capability in line[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                AddCapability(capability);
            }

            line = line[..end];
        }

        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && GitReference.IsFullId(line[..space]) && line[(space + 1)..] is var name && name != "capabilities^{}")
        {
            References[name] = line[..space];
        }
    }

    private void AddCapability(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        _capabilities[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
    }
}
