using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets.Installation;

/// <summary>Asks, once for each, whether a marketplace that is not registered is trusted.</summary>
internal sealed class TrustQuestion
{
    private readonly Dictionary<string, bool> _answers = new(StringComparer.Ordinal);
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>The answer; no where nobody can be asked.</summary>
    public bool Ask(Cmdlet cmdlet, InstallPlanItem item)
    {
        if (_answers.TryGetValue(item.MarketplaceRoot, out var answer))
        {
            return answer;
        }

        try
        {
            return _answers[item.MarketplaceRoot] = cmdlet.ShouldContinue(
                $"The catalog {item.CatalogPath} is not registered. "
                    + $"Installing {item.Id} registers {item.MarketplaceRoot} as a marketplace of this home. Do you trust it?",
                "Untrusted marketplace",
                ref _yesToAll,
                ref _noToAll);
        }
        catch (Exception exception) when (MarketCmdlet.CannotAsk(exception))
        {
            return false;
        }
    }
}
