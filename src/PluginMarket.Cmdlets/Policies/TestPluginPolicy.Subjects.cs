using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <content>What is tested, and what leaves the cmdlet.</content>
public sealed partial class TestPluginPolicyCommand
{
    private bool _isAllowed = true;
    private bool _hasAnswered;

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

        if (RequiredPluginFile is not null)
        {
            var state = DesiredStateFile.Read(Market, PathInput.Resolve(this, RequiredPluginFile));
            foreach (var decision in Run(_ => Task.FromResult(
                new StatePolicyQuery(Market, state, GitAccess.Options(this, Market)).Judge().ToList())))
            {
                Write(decision);
            }
        }

        foreach (var path in InventoryPath.SelectMany(path => InventoryInput.Files(this, Market, path)))
        {
            Attempt(path, () => TestReported(InventoryFile.Read(Market, path)));
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
            // What could not be asked is not allowed.
            WriteObject(_isAllowed && !isEmpty && FailureCount == 0);
        }

        if (isEmpty)
        {
            Report(PolicyTester.NothingToCheck());
        }
    }

    private void Test(object? item)
    {
        if (item is not null && PSObject.AsPSObject(item) is var report && PipelineObject.Is(report, typeof(PluginInventory).FullName!)
            && InventoryInput.Read(report) is { } inventory)
        {
            TestReported(inventory);
            return;
        }

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

    private void TestReported(PluginInventory inventory)
    {
        // What could not be read there may be anything.
        inventory.DemandRead();
        var tester = new PolicyTester(Market);
        foreach (var plugin in inventory.Plugins.Where(plugin => plugin.IsInstalled))
        {
            Attempt(plugin.Id, () => Write(Run(_ => Task.FromResult(tester.OfReported(plugin, inventory)))));
        }
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
