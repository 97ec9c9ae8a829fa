using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginPolicy</c>: what the policies say of plugins and marketplaces, and which rule says it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginPolicy", DefaultParameterSetName = ByInputObject,
    HelpUri = OnlineHelp.Pages + "Test-PluginPolicy.md")]
[OutputType(typeof(PluginPolicyResult), typeof(bool))]
public sealed class TestPluginPolicyCommand : FetchCmdlet
{
    private bool _isAllowed = true;
    private bool _hasAnswered;

    /// <summary>Plugins, installed plugins, updates, marketplaces, entries of a lock file, or texts <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>Sources of marketplaces, in the forms that Add-PluginMarketplace takes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>A lock file, of which every plugin is tested.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LockFile")]
    [ValidateNotNullOrEmpty]
    public string? LockFile { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Fetches files that are not on this computer, so that what they can do is known.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <summary>Tells what allows something too, and not only what forbids it.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Effects that are an error, with the id that a command would end with.</summary>
    [Parameter]
    [ValidateSet("Denied", "Audited", "Unknown")]
    public string[] FailOn { get; set; } = [];

    /// <summary>Accepts that there is nothing to test, as in an empty lock file. Without it that is the error
    /// <c>NothingToCheck</c>.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>Gives true or false: whether all of them are allowed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override void Process()
    {
        foreach (var source in Source)
        {
            Attempt(source, () => Write(Run(_ => Task.FromResult(new PolicyTester(Market).OfSource(
                PathInput.ResolveDrive(this, source), GitAccess.Options(Credential, [], AllowHttp, GitEngine, AllowHost))))));
        }

        if (LockFile is not null)
        {
            foreach (var entry in PluginLockFile.Read(Market, PathInput.Resolve(this, LockFile)).Entries)
            {
                Attempt(entry.Id, () => TestLocked(Market, entry));
            }
        }

        foreach (var item in InputObject.SelectMany(PipelineObject.Items).Where(item => !PipelineObject.IsBlankLine(item)))
        {
            Attempt(item, () => Test(item));
        }
    }

    private protected override void End()
    {
        var isEmpty = !_hasAnswered && FailureCount == 0 && !AllowEmpty;
        if (Quiet)
        {
            WriteObject(_isAllowed && !isEmpty && FailureCount == 0);
        }

        if (isEmpty)
        {
            Report(PolicyTester.NothingToCheck());
        }
    }

    private void Test(object? item)
    {
        var input = PluginInput.From(item);
        if (input.Reference is not { } reference)
        {
            var marketplace = MarketplaceInput.From(item);
            if (marketplace.Name is null)
            {
                throw input.Failure(MarketErrorCode.InputNotAPlugin);
            }

            var home = HomeOf(marketplace.Name.Value, marketplace.CodexHome, marketplace.ComputerName);
            Write(Run(_ => Task.FromResult(new PolicyTester(home).OfMarketplace(marketplace.Name.Value))));
            return;
        }

        var market = HomeOf(reference.Id, reference.CodexHome, reference.ComputerName);
        if (input.Locked is { } locked)
        {
            TestLocked(market, locked);
            return;
        }

        var isInstalled = item is PSObject source && PipelineObject.Is(source, typeof(InstalledPlugin).FullName!);
        Write(Run(token =>
            new PolicyTester(market).OfPluginAsync(reference, isInstalled, Resolve, GitAccess.Options(this, market), token)));
    }

    private void TestLocked(MarketEnvironment market, PluginLockEntry entry) =>
        Write(Run(token => new PolicyTester(market).OfLockedAsync(entry, Resolve, GitAccess.Options(this, market), token)));

    private void Write(PolicyDecision decision)
    {
        var result = DescribePolicy.Of(decision, All);
        _hasAnswered = true;
        _isAllowed &= result.IsAllowed == true;
        if (!Quiet)
        {
            WriteObject(result);
        }

        if (FailOn.Contains(result.Effect, StringComparer.OrdinalIgnoreCase))
        {
            Report(result.GetFailure() ?? PolicyDecision.Refusal(decision.Subject, decision.Worst!), result.Subject);
        }
    }
}
