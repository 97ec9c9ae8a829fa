using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>A page that a test generates and that is read before it is committed.</summary>
internal static class ApprovedPage
{
    /// <summary>Compares a page with its file, or writes the file where <c>PLUGINMARKET_WRITE_PAGES</c> is 1.</summary>
    /// <param name="file">The file, from the root of the repository.</param>
    /// <param name="page">The page as it is generated now.</param>
    /// <param name="tests">The class that generates it.</param>
    internal static void Demand(string file, string page, string tests)
    {
        var path = Path.Join(RepositoryRoot.Path, file);
        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(page == (File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : ""),
            $"{file} differs from what the program says now. If the new page reads well, write it: PLUGINMARKET_WRITE_PAGES=1 "
                + $"dotnet test tests/PluginMarket.Cli.Tests --filter {tests}");
    }
}
