using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Loads the assembly that reaches git repositories by libgit2, when it is asked for and not before
/// (decision D-libgit2-assembly).</summary>
/// <remarks>It gets the load context of the core: that of the module inside PowerShell, the default one in the command line. One for the
/// life of the process, as assemblies are.</remarks>
internal sealed class LibGit2Assembly
{
    private const string FolderName = "libgit2";
    private static readonly LibGit2Assembly Shipped = new(FindFolder());

    private readonly Lazy<(IGitLibrary? Library, Message? Problem)> _loaded;

    /// <param name="folder">Where it is.</param>
    internal LibGit2Assembly(string folder)
    {
        _loaded = new(() => Load(folder));
    }

    /// <summary>The version of the native library in use; null as long as none is.</summary>
    internal static string? Version => Shipped._loaded.IsValueCreated ? Shipped._loaded.Value.Library?.Version : null;

    /// <summary>Why libgit2 cannot be used and what to do about it; null where it can.</summary>
    internal static Message? Check(MarketEnvironment environment) => Shipped.CheckLibrary(environment);

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitNotFound"/>: libgit2 cannot be used.</exception>
    internal static IGitEngine Open(MarketEnvironment environment, string folder) => Shipped.OpenEngine(environment, folder);

    internal Message? CheckLibrary(MarketEnvironment environment) =>
        _loaded.Value.Library is { } library ? library.Check(environment) : _loaded.Value.Problem;

    internal IGitEngine OpenEngine(MarketEnvironment environment, string folder) =>
        CheckLibrary(environment) is { } finding
            ? throw new PluginMarketException(MarketErrorCode.GitNotFound, $"{finding}", "libgit2")
            : _loaded.Value.Library!.Open(environment, folder);

    // A core that was compiled ahead of time is in a separate folder, below the portable one.
    private static string FindFolder()
    {
        var own = Path.GetDirectoryName(OwnPath());
        var above = Path.Join(Path.GetDirectoryName(own), FolderName);
        return !Directory.Exists(Path.Join(own, FolderName)) && Directory.Exists(above) ? above : Path.Join(own, FolderName);
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Nothing is loaded where there is no file.")]
    private static string OwnPath() => typeof(LibGit2Assembly).Assembly.Location;

    private static (IGitLibrary? Library, Message? Problem) Load(string folder)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return (null, $"This build of the command line is native code, which reaches repositories by the git command only. "
                + $"{Remedy.Do($"Install git.")}");
        }

        var file = Path.Join(folder, "PluginMarket.LibGit2.dll");
        try
        {
            var core = typeof(LibGit2Assembly).Assembly;
            var context = AssemblyLoadContext.GetLoadContext(core)!;

            // A context gives an assembly that it has to whoever asks for its name: the second finds the first.
            context.LoadFromAssemblyPath(Path.Join(folder, "LibGit2Sharp.dll"));
            var assembly = context.LoadFromAssemblyPath(file);
            return assembly.GetName().Version == core.GetName().Version
                ? ((IGitLibrary)Activator.CreateInstance(assembly.GetType("PluginMarket.LibGit2", throwOnError: true)!, nonPublic: true)!,
                    null)
                : (null, Unusable($"it is of version {assembly.GetName().Version}"));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or TypeLoadException
            or MissingMemberException or InvalidCastException)
        {
            return (null, Unusable(e.Message));
        }

        Message Unusable(string reason) =>
            $"'{file}', which is part of PluginMarket, cannot be used ({reason.ReplaceLineEndings(" ").Trim()}). "
                + $"{Remedy.Do($"Install PluginMarket again, or install git.")}";
    }
}
