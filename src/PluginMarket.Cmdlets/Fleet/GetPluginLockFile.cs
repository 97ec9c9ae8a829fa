using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginLockFile</c>: the plugins of a lock file, and whether this home's Codex would leave each alone.</summary>
[Cmdlet(VerbsCommon.Get, "PluginLockFile",
    HelpUri = OnlineHelp.Pages + "Get-PluginLockFile.md")]
[OutputType(typeof(PluginLockEntry))]
public sealed class GetPluginLockFileCommand : MarketCmdlet
{
    /// <summary>Lock files, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () =>
            {
                foreach (var file in PathInput.Expand(this, path))
                {
                    Attempt(file, () =>
                        WriteObject(Run(_ => Task.FromResult(new LockFileQuery(Market).Read(file))).Entries, enumerateCollection: true));
                }
            });
        }
    }
}
