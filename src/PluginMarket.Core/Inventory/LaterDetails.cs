using PluginMarket.Manifests;

namespace PluginMarket.Inventory;

/// <summary>Reads the details of listed plugins once somebody asks for them: of the one that is asked for, or of several ahead where they
/// are asked for in the order of the listing.</summary>
/// <param name="reading">Reads one plugin; nothing of it is disposed.</param>
/// <param name="capacity">How many plugins there may be.</param>
internal sealed class LaterDetails(DescribeEntries reading, int capacity)
{
    /// <summary>The longest listing that is read at once: its table then tells what is refused.</summary>
    internal const int FewPlugins = 50;

    private const int ReadAhead = 64;

    private readonly List<PluginCandidate> _candidates = new(capacity);
    private readonly List<ManifestWords> _words = new(capacity);
    private readonly Dictionary<int, PluginDetail> _ahead = [];
    private readonly object _turn = new();
    private int _last = -1;

    /// <summary>Has the rest of a plugin read later.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="candidate">Its entry.</param>
    /// <param name="words">What was read of it.</param>
    internal void Add(Plugin plugin, PluginCandidate candidate, ManifestWords words)
    {
        plugin.Defer(this, _candidates.Count);
        _candidates.Add(candidate);
        _words.Add(words);
    }

    /// <summary>Reads all of them now, side by side.</summary>
    internal void ReadAll(CancellationToken cancellation)
    {
        lock (_turn)
        {
            Read(0, _candidates.Count, cancellation);
        }
    }

    /// <summary>The details of one plugin; each plugin asks once.</summary>
    internal PluginDetail Get(int place)
    {
        lock (_turn)
        {
            if (!_ahead.Remove(place, out var detail))
            {
                Read(place, place > 0 && place == _last + 1 ? ReadAhead : 1, CancellationToken.None);
                _ahead.Remove(place, out detail);
            }

            _last = place;
            return detail!;
        }
    }

    private void Read(int first, int count, CancellationToken cancellation)
    {
        var wanted = Enumerable.Range(first, Math.Min(count, _candidates.Count - first)).Where(place => !_ahead.ContainsKey(place))
            .ToList();
        var read = SideBySide.Select(wanted, place => reading.Detail(_candidates[place], _words[place]), cancellation);
        for (var i = 0; i < read.Count; i++)
        {
            _ahead[wanted[i]] = read[i];
        }
    }
}
