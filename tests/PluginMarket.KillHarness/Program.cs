// change SCENARIO HOME CODEX_HOME AT: makes a scenario's change and dies before changing disk call number AT; 0 for never.
// storm MARKETS HOME CODEX_HOME WORKER [nolocks]: registers marketplace WORKER and the shared ones and installs their plugins, where asked
// on a disk without locks. Ends with 0 when done and 1 for a stated failure, which it writes.
using System.Globalization;
using PluginMarket;
using PluginMarket.Files;
using PluginMarket.TestKit;

switch (args)
{
    case ["change", var name, var home, var codexHome, var at]:
        var files = new FaultingFileOps
        {
            Operations = InstallScenario.ChangingCalls,
            Fault = Fault.Kill,
            At = int.Parse(at, CultureInfo.InvariantCulture),
        };
        if (MarketplaceScenario.Names.Contains(name))
        {
            var change = MarketplaceScenario.Open(name, home);
            var failure = await change.RunAsync(change.Environment(codexHome, files));
            Console.WriteLine(failure?.Message);
            return failure is null ? 0 : 1;
        }

        var scenario = InstallScenario.Open(name, home);
        return Report(await scenario.RunAsync(scenario.Environment(codexHome, files)));

    case ["storm", var markets, var home, var codexHome, var worker, .. var options]:
        var disk = options is ["nolocks"] ? new FaultingFileOps { CanLock = false } : FileOps.Default;
        return await Storm.RunAsync(markets, InstallScenario.Open("storm", home).Environment(codexHome, disk),
            int.Parse(worker, CultureInfo.InvariantCulture), Console.Out);

    default:
        Console.Error.WriteLine("Unknown arguments.");
        return 2;
}

static int Report(PluginOperationResult result)
{
    Console.WriteLine($"{result.Status} {result.Error} {result.Reason}");
    return result.Status == "Failed" ? 1 : 0;
}
