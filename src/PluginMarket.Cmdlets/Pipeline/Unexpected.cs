using System.Management.Automation;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Tells a fault of ours from what PowerShell throws through a command on purpose: a stop, a flow of control, an
/// error of a script further down.</summary>
internal static class Unexpected
{
    /// <summary>Whether an exception is a fault of ours.</summary>
    public static bool Is(Exception exception) => exception is not (RuntimeException or FlowControlException);

    /// <summary>The failure it becomes.</summary>
    public static PluginMarketException Failure(Exception exception) => InternalFault.From(exception);
}
