using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What a command costs in system calls for each plugin: a count, which no other program on the machine changes.</summary>
[Trait("Category", "Slow")]
public sealed class SystemCallTests
{
    private const string Counted = "openat,openat2,close,statx,newfstatat,fstat,lseek,read,pread64,readlink,getdents64,access";
    private const string Changing = "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,pwrite64,fsync,syncfs,fchmodat,symlinkat";
    private const int Few = 50;
    private const int Many = 250;

    [Fact]
    public void A_listed_plugin_costs_one_look_at_its_manifest()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed.");
        Assert.InRange((Count(Counted, Many, "list", "--available", "--json") - Count(Counted, Few, "list", "--available", "--json"))
            / (double)(Many - Few), 0, 11);
    }

    [Fact]
    public void A_listing_changes_nothing()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed.");
        Assert.Equal(Count(Changing, Few, "list", "--available", "--json"), Count(Changing, Many, "list", "--available", "--json"));
    }

    private const string Strace = "/usr/bin/strace";

    private static long Count(string calls, int plugins, params string[] arguments)
    {
        using var run = new CliRun();
        var market = run.Marketplace("big", [.. Enumerable.Range(0, plugins).Select(i => $"plugin-{i}")]);
        Assert.Equal(0, run.Run("marketplace", "add", market).ExitCode);
        var counts = Path.Join(run.Folder, "counts");
        var start = new ProcessStartInfo(Strace, ["-f", "-c", "-e", "trace=" + calls, "-o", counts, "dotnet",
            Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"), .. arguments, "--codex-home", run.CodexHome, "--home", run.Home])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = run.Folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(plugins, output.Split("\"pluginId\"").Length - 1);
        return File.ReadLines(counts).Where(line => line.EndsWith(" total", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture)).Sum();
    }
}
