using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PluginMarket.Sources.Git;

/// <summary>Ends a process and all that it started.</summary>
internal static partial class ProcessTree
{
    private const int StopSignal = 19;
    private const int KillSignal = 9;

    /// <summary>Returns when all have been told to end; the caller waits for the first.</summary>
    internal static void Kill(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                process.Kill(entireProcessTree: true);
            }
            else if (!process.HasExited)
            {
                KillOnLinux(process.Id);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended in the meantime.
        }
    }

    /// <summary>The base library checks every thread of every process once for each member of the tree: seconds on a busy
    /// machine, in which nothing ends.</summary>
    private static void KillOnLinux(int root)
    {
        // Who is stopped starts nothing more and keeps the ids of its children from being given to others; so
        // the tree is taken level by level.
        var members = new HashSet<int> { root };
        var level = new List<int> { root };
        while (level.Count > 0)
        {
            level.ForEach(member => Signal(member, StopSignal));
            level = [.. ReadParents().Where(process => members.Contains(process.Parent) && !members.Contains(process.Id))
                .Select(process => process.Id)];
            members.UnionWith(level);
        }

        foreach (var member in members)
        {
            Signal(member, KillSignal);
        }
    }

    private static List<(int Id, int Parent)> ReadParents()
    {
        var processes = new List<(int Id, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ParentOf(folder) is { } parent)
            {
                processes.Add((id, parent));
            }
        }

        return processes;
    }

    /// <summary>From <c>ID (NAME) STATE PARENT …</c>; the name may hold anything, parentheses too.</summary>
    private static int? ParentOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Join(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
                ? parent : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
