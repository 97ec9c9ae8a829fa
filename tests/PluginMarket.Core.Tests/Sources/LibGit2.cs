using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What tests need to run with libgit2.</summary>
internal static class LibGit2
{
    private static readonly string? File = LibGit2File.Find();

    /// <summary>Skips the test where there is no library.</summary>
    public static void Demand() => Assert.SkipWhen(File is null, LibGit2File.Missing);

    /// <summary>Makes an environment and options use an engine.</summary>
    public static GitOptions Prepare(GitEngine engine, GitOptions? options, Dictionary<string, string> variables)
    {
        if (engine == GitEngine.LibGit2)
        {
            Demand();
            variables["PLUGINMARKET_LIBGIT2"] = File!;
        }

        options ??= GitOptions.Default;
        return engine == GitEngine.Auto ? options : options with { Engine = engine };
    }
}
