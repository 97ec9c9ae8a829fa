using System.Collections.Concurrent;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>Runs the Pester files of <c>tests/module</c>, shared among workers.</summary>
internal static class PesterHost
{
    /// <summary>Names the files to run, with wildcards and without an ending: <c>Install-Plugin</c>,
    /// <c>*Lock*</c>. Without it all are run.</summary>
    internal const string Selection = "PLUGINMARKET_PESTER";

    /// <summary>Names another folder to run the files of.</summary>
    internal const string Folder = "PLUGINMARKET_PESTER_FOLDER";

    /// <summary>Those that take more time than their length tells.</summary>
    private static readonly HashSet<string> Longest = new(StringComparer.Ordinal)
    {
        "Fleet.Tests.ps1", "GitEngine.Tests.ps1", "Help.Tests.ps1", "HelpExamples.Tests.ps1", "Import.Tests.ps1", "Pipeline.Tests.ps1",
        "Samples.Tests.ps1", "Secret.Tests.ps1", "WhatIf.Tests.ps1",
    };

    private static readonly TimeSpan FileLimit = TimeSpan.FromMinutes(10);

    /// <summary>Whether somebody chose files.</summary>
    internal static bool IsSelective => Chosen is not null || Environment.GetEnvironmentVariable(Folder) is { Length: > 0 };

    private static string? Chosen => Environment.GetEnvironmentVariable(Selection) is { Length: > 0 } named ? named : null;

    /// <summary>Runs the files whose names are wanted, and gives every test's outcome.</summary>
    internal static async Task<IReadOnlyList<PesterResult>> RunAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        // The longest first, so that no worker is left with one at the end.
        var files = new ConcurrentQueue<string>(Files().Where(file => isWanted(Path.GetFileName(file)))
            .OrderByDescending(file => Longest.Contains(Path.GetFileName(file))).ThenByDescending(file => new FileInfo(file).Length));
        var results = new ConcurrentDictionary<string, IReadOnlyList<PesterResult>>(StringComparer.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, Math.Max(2, Environment.ProcessorCount))
            .Select(_ => WorkAsync(files, results, cancellationToken)));
        return [.. results.OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => one.Value)];
    }

    private static string[] Files()
    {
        var folder = Environment.GetEnvironmentVariable(Folder) is { Length: > 0 } another
            ? another : Path.Join(RepositoryRoot.Path, "tests", "module");
        return Directory.GetFiles(folder, (Chosen ?? "*") + ".Tests.ps1");
    }

    private static async Task WorkAsync(ConcurrentQueue<string> files, ConcurrentDictionary<string, IReadOnlyList<PesterResult>> results,
        CancellationToken cancellationToken)
    {
        PesterWorker? worker = null;
        while (files.TryDequeue(out var file))
        {
            worker ??= new PesterWorker();
            results[file] = await worker.RunAsync(file, Task.Delay(FileLimit, cancellationToken));
            if (!worker.IsUsable)
            {
                await worker.DisposeAsync();
                worker = null;
            }
        }

        if (worker is not null)
        {
            await worker.DisposeAsync();
        }
    }
}
