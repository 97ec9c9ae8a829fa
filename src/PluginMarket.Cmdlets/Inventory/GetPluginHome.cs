using System.Management.Automation;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginHome</c>: the Codex homes of this computer, for commands that work in several.</summary>
[Cmdlet(VerbsCommon.Get, "PluginHome",
    HelpUri = OnlineHelp.Pages + "Get-PluginHome.md")]
[OutputType(typeof(PluginHome))]
public sealed class GetPluginHomeCommand : MarketCmdlet
{
    /// <summary>Lists the homes of all accounts of people, also homes that do not exist yet.</summary>
    [Parameter]
    public SwitchParameter AllUsers { get; set; }

    /// <summary>The names of accounts, wildcards allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] UserName { get; set; } = [];

    /// <summary>The paths of homes, wildcards allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Path { get; set; } = [];

    /// <summary>Lists service accounts too.</summary>
    [Parameter]
    public SwitchParameter IncludeSystem { get; set; }

    private protected override void Process()
    {
        var homes = new FindHomes(Market);
        var isOfOthers = AllUsers || UserName.Length > 0 || Path.Length > 0 || IncludeSystem;
        foreach (var home in isOfOthers ? homes.All(IncludeSystem) : [homes.Own()])
        {
            if (Fits(UserName, home.UserName) && Fits(Path, home.CodexHome))
            {
                WriteObject(home);
            }
        }
    }

    private protected override bool ProcessHome(PluginHome home)
    {
        WriteObject(new FindHomes(Market).Again(home));
        return true;
    }

    private static bool Fits(string[] patterns, string text) => patterns.Length == 0 || patterns.Any(pattern =>
        WildcardPattern.Get(pattern, OperatingSystem.IsWindows() ? WildcardOptions.IgnoreCase : WildcardOptions.None).IsMatch(text));
}
