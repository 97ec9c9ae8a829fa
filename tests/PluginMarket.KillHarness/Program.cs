using System.Globalization;
using PluginMarket;
using PluginMarket.TestKit;

// change SCENARIO HOME CODEX_HOME AT: makes a scenario's change and dies before changing disk call number AT; 0 for never.
// storm MARKETS HOME CODEX_HOME WORKER WORKERS: registers marketplace WORKER and installs its plugins, and plugins of the others as they appear.
// Ends with 0 when done and 1 for a stated failure, which it writes.
switch (args)
{
    case ["change", var name, var home, var codexHome, var at]:
        var scenario = InstallScenario.Open(name, home);
        var files = new FaultingFileOps { Operations = InstallScenario.ChangingCalls, Fault = Fault.Kill, At = int.Parse(at, CultureInfo.InvariantCulture) };
        return Report(await scenario.RunAsync(scenario.Environment(codexHome, files)));

    case ["storm", var markets, var home, var codexHome, var worker]:
        return await Storm.RunAsync(markets, InstallScenario.Open("storm", home).Environment(codexHome), int.Parse(worker, CultureInfo.InvariantCulture));

    default:
        Console.Error.WriteLine("Unknown arguments.");
        return 2;
}

static int Report(PluginOperationResult result)
{
    Console.WriteLine($"{result.Status} {result.Error} {result.Reason}");
    return result.Status == "Failed" ? 1 : 0;
}
