using System.Diagnostics.CodeAnalysis;

namespace PluginMarket;

/// <summary>The receipts of one home: <c>plugins/.pluginmarket/receipts/MARKETPLACE/PLUGIN.json</c>.</summary>
public sealed class ReceiptStore
{
    private readonly MarketEnvironment _environment;

    /// <summary>The receipts of an environment's home; nothing is touched.</summary>
    public ReceiptStore(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>The receipt of a plugin, or null where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateCorrupt"/>.</exception>
    public Receipt? Find(PluginId id) => throw new NotImplementedException();

    /// <summary>The receipt of a plugin; one that cannot be read counts as none.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="receipt">The receipt, where there is a readable one.</param>
    /// <param name="problem">Why there is one that cannot be read, or null.</param>
    public bool TryFind(PluginId id, [NotNullWhen(true)] out Receipt? receipt, out PluginMarketException? problem) => throw new NotImplementedException();

    /// <summary>Writes a plugin's receipt over an older one, in one step.</summary>
    public void Write(Receipt receipt) => throw new NotImplementedException();

    /// <summary>Removes a plugin's receipt, where there is one.</summary>
    public void Remove(PluginId id) => throw new NotImplementedException();
}
