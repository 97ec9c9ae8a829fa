using System.Runtime.InteropServices;
using System.Runtime.Loader;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>Finds the native library, checks its version before anything else is called in it, and gives it to LibGit2Sharp.</summary>
/// <remarks>One for the life of the process, as native libraries are; which file it is, the first use decides.</remarks>
internal static unsafe class LibGit2Library
{
    /// <summary>Structures passed to the library are those of this version.</summary>
    private const string Needed = "1.8";

    private static readonly object Gate = new();
    private static nint _handle;

    /// <summary>The version of the library in use; null as long as none is.</summary>
    internal static string? Version { get; private set; }

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitNotFound"/>: there is none, or not one that can be
    /// used.</exception>
    internal static nint Demand(MarketEnvironment environment)
    {
        lock (Gate)
        {
            return Check(environment) is { } finding
                ? throw new PluginMarketException(MarketErrorCode.GitNotFound, $"{finding}", "libgit2") : _handle;
        }
    }

    /// <summary>Why libgit2 cannot be used and what to do about it; null where it can.</summary>
    internal static Message? Check(MarketEnvironment environment)
    {
        lock (Gate)
        {
            if (_handle != 0)
            {
                return null;
            }

            var named = environment.Variables.GetValueOrDefault("PLUGINMARKET_LIBGIT2");
            var remedy = Remedy.Do($"Set PLUGINMARKET_LIBGIT2 to the absolute path of a libgit2 {Needed} library file, or install git.");
            string? file;
            if (string.IsNullOrEmpty(named))
            {
                file = FindShipped(environment.Files);
                if (file is null)
                {
                    return $"This build ships no libgit2 for {RuntimeInformation.RuntimeIdentifier}. {remedy}";
                }
            }
            else
            {
                file = named;
                if (!Path.IsPathFullyQualified(file) || environment.Files.Kind(file) == FileKind.Missing)
                {
                    return $"PLUGINMARKET_LIBGIT2 names '{file}', which is not a file of this machine. {remedy}";
                }
            }

            return Load(file) is { } finding ? (Message)$"'{file}' {finding}. {remedy}" : null;
        }
    }

    private static string? Load(string file)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return $"cannot be loaded ({e.Message.ReplaceLineEndings(" ").Trim()})";
        }

        if (VersionOf(handle) is not { } version)
        {
            NativeLibrary.Free(handle);
            return "is not libgit2";
        }

        if (!version.StartsWith(Needed + ".", StringComparison.Ordinal))
        {
            NativeLibrary.Free(handle);
            return $"is libgit2 {version}, and {Needed} is needed";
        }

        _handle = handle;
        Version = version;
        Bind();
        return null;
    }

    private static void Bind()
    {
        var assembly = typeof(LibGit2Sharp.GlobalSettings).Assembly;
        AssemblyLoadContext.GetLoadContext(assembly)!.ResolvingUnmanagedDll += (asking, name) =>
            asking == assembly && name.StartsWith("git2-", StringComparison.Ordinal) ? _handle : 0;

        // What the user configured is read by us and no more of it than is meant; the library itself gets none.
        foreach (var level in new[] { LibGit2Sharp.ConfigurationLevel.Global, LibGit2Sharp.ConfigurationLevel.Xdg,
            LibGit2Sharp.ConfigurationLevel.System, LibGit2Sharp.ConfigurationLevel.ProgramData })
        {
            LibGit2Sharp.GlobalSettings.SetConfigSearchPaths(level, "");
        }
    }

    private static string? VersionOf(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "git_libgit2_version", out var export)
            || !NativeLibrary.TryGetExport(handle, "git_indexer_new", out _))
        {
            return null;
        }

        int major, minor, revision;
        ((delegate* unmanaged[Cdecl]<int*, int*, int*, int>)export)(&major, &minor, &revision);
        return FormattableString.Invariant($"{major}.{minor}.{revision}");
    }

    /// <summary>The library of this build, which is beside this assembly for every runtime that there is one for.</summary>
    private static string? FindShipped(FileOps files)
    {
        var folder = Path.Join(Path.GetDirectoryName(typeof(LibGit2Library).Assembly.Location), Runtime);
        return files.Kind(folder) == FileKind.Directory
            ? files.List(folder).Select(name => Path.Join(folder, name)).FirstOrDefault() : null;
    }

    private static string Runtime
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win"
                : OperatingSystem.IsMacOS() ? "osx"
                : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }
}
