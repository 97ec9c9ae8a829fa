using PluginMarket.Home;

namespace PluginMarket.Installation;

/// <summary>Plugins to turn on or off in one change of the configuration, which is written last.</summary>
internal sealed class PendingSwitches(MarketEnvironment environment)
{
    private readonly List<(PluginId Id, bool On)> _wanted = [];
    private readonly List<Action> _notes = [];

    /// <summary>Whether a plugin is among them.</summary>
    internal bool Has(string id) => _wanted.Exists(one => one.Id.ToString() == id);

    /// <summary>Adds a plugin.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="on">Whether it is to be on.</param>
    /// <param name="note">Writes into the history what was done; null where the history tells of it already.</param>
    internal void Add(PluginId id, bool on, Action? note)
    {
        _wanted.Add((id, on));
        if (note is not null)
        {
            _notes.Add(note);
        }
    }

    /// <summary>Turns them on or off. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException">See <see cref="AgentConfiguration.SetPluginEnabled"/>.</exception>
    internal void Write()
    {
        AgentConfiguration.Open(environment).SetPluginsEnabled(_wanted);
        _notes.ForEach(note => note());
    }
}
