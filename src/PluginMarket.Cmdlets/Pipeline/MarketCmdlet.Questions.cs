using System.Management.Automation;
using System.Management.Automation.Host;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <content>The questions that cmdlets ask that change something.</content>
public abstract partial class MarketCmdlet
{
    /// <summary>Whether nothing is to be changed, only said.</summary>
    private protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var whatIf)
        ? whatIf is SwitchParameter { IsPresent: true }
        : SessionState.PSVariable.GetValue("WhatIfPreference") is true or SwitchParameter { IsPresent: true };

    /// <summary>Whether -Force stands for the answer, as in PowerShell's own commands: an explicit -Confirm still asks.</summary>
    private bool IsForced => !IsWhatIf && !MyInvocation.BoundParameters.ContainsKey("Confirm")
        && MyInvocation.BoundParameters.TryGetValue("Force", out var force) && force is SwitchParameter { IsPresent: true };

    /// <summary>ShouldProcess, with its own failure where the host cannot ask.</summary>
    /// <exception cref="PluginMarketException">ConfirmationRequired.</exception>
    private protected bool Approve(string target, string action)
    {
        // Of several homes, the same question is asked for each.
        target = _visit is null ? target : $"{target} in {DisplayText.Escape(Market.CodexHome)}";
        if (IsForced)
        {
            WriteVerbose($"{action}: {target}");
            return true;
        }

        try
        {
            return ShouldProcess(target, action);
        }
        catch (Exception exception) when (CannotAsk(exception))
        {
            throw new PluginMarketException(MarketErrorCode.ConfirmationRequired, $"{action} requires confirmation for {target}, "
                + $"but this host is not interactive. {Remedy.Do($"Use -Confirm:$false.")}", target, exception);
        }
    }

    /// <summary>Whether a question failed because the host has no user: a non-interactive one, a runspace, a thread
    /// job, a job in another process.</summary>
    /// <remarks>A NullReferenceException is what the console host makes of an input that has ended, as in a scheduled run.</remarks>
    internal static bool CannotAsk(Exception exception) =>
        exception is PSInvalidOperationException or HostException or RemoteException or NotImplementedException or NullReferenceException;

    /// <summary>Asks about a removal that -Confirm does not name; -Force and an explicit <c>-Confirm:$false</c> answer yes.</summary>
    /// <exception cref="PluginMarketException">ConfirmationRequired.</exception>
    private protected bool Ask(string target, string question, bool force)
    {
        if (force
            || (MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && confirm is SwitchParameter { IsPresent: false }))
        {
            return true;
        }

        try
        {
            return ShouldContinue(question, "Confirm removal");
        }
        catch (Exception exception) when (CannotAsk(exception))
        {
            throw new PluginMarketException(MarketErrorCode.ConfirmationRequired,
                $"{question} This host is not interactive. {Remedy.Use(OperationOption.Force)}", target, exception);
        }
    }
}
