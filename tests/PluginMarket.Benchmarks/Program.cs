// jobs [NAME,...] [--codex PROGRAM] [--plugins FOLDER] [--runs N] [--no-build] [--tiny]: measures every line of docs/performance.md, or the
// named ones, beside its reference, and renews the page after each job; --page only writes it again from what is stored, --tiny runs every
// job on a hundredth and leaves the page alone.
// git [FILES ...]: installs one plugin of 500 files from repositories of so many files, with each program, and prints a table; 5,000 and
// 50,000 by default. install ENGINE HOME: one measured run, started by the above.
// fleet [HOMES]: compares so many inventories with one home, 10,000 by default, beside Import-Clixml; fleet-compare FOLDER REFERENCE: one
// measured run of it.
// apply [HOMES [MARKETPLACE]]: applies one state of 20 plugins to so many homes and again, 50 by default, beside a plain copy, and counts
// the disk calls; the plugins are made in memory, or are the first ones of a marketplace, and the homes are then on the disk.
// together MARKETPLACE: installs all plugins of a marketplace in one command, and again, and counts the disk calls.
using System.Globalization;
using PluginMarket;
using PluginMarket.Benchmarks;
using PluginMarket.Benchmarks.Jobs;
using PluginMarket.Installation;
using PluginMarket.Sources.Git;

switch (args)
{
    case ["jobs", .. var jobs]:
        return await JobRun.RunAsync(jobs);

    case ["git", .. var sizes]:
        return await GitBenchmark.RunAsync(sizes is []
            ? [5_000, 50_000] : [.. sizes.Select(size => int.Parse(size, CultureInfo.InvariantCulture))], Console.Out);

    case ["fleet", .. var homes]:
        return await FleetBenchmark.RunAsync(homes is [] ? 10_000 : int.Parse(homes[0], CultureInfo.InvariantCulture), Console.Out);

    case ["fleet-compare", var folder, var reference]:
        return FleetBenchmark.Compare(folder, reference, Console.Out);

    case ["apply", .. var homes]:
        return await ApplyBenchmark.RunAsync(homes is [] ? 50 : int.Parse(homes[0], CultureInfo.InvariantCulture),
            homes is [_, var marketplace] ? Path.GetFullPath(marketplace) : null, Console.Out);

    case ["together", var market]:
        return await ApplyBenchmark.InstallAsync(Path.GetFullPath(market), Console.Out);

    case ["install", var engine, var home]:
        return await InstallAsync(Enum.Parse<GitEngine>(engine), home);

    default:
        Console.Error.WriteLine("dotnet run -c Release --project tests/PluginMarket.Benchmarks -- jobs [NAME,...]\n"
            + "dotnet run -c Release --project tests/PluginMarket.Benchmarks -- git [FILES ...]\n"
            + "dotnet run -c Release --project tests/PluginMarket.Benchmarks -- fleet [HOMES]\n"
            + "dotnet run -c Release --project tests/PluginMarket.Benchmarks -- apply [HOMES [MARKETPLACE]]\n"
            + "dotnet run -c Release --project tests/PluginMarket.Benchmarks -- together MARKETPLACE");
        return 2;
}

static async Task<int> InstallAsync(GitEngine engine, string home)
{
    var installer = new PluginInstaller(MarketEnvironment.FromProcess(Path.Join(home, ".codex"), home, home, SilentActivityLog.Instance));
    var plan = await installer.PlanAsync(new InstallRequest
    {
        References = [PluginReference.Parse(LargeRepository.Plugin)],
        AcceptCapability = ["All"],
        Git = new GitOptions { Engine = engine },
    });
    var failures = plan.Failures.ToList();
    await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
    {
        if (result.Status != "Installed")
        {
            failures.Add(result);
        }
    }

    failures.ForEach(failure => Console.Error.WriteLine($"{failure.Status} {failure.Error} {failure.Reason}"));
    return failures.Count == 0 ? 0 : 1;
}
