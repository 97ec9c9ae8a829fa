using System.Diagnostics;
using System.Text;
using PluginMarket.Files;

namespace PluginMarket.Cli.Tests;

/// <summary>Another user of this computer, whose home root works in; nothing is known of that user but the number.</summary>
internal static class OtherUser
{
    internal const uint Id = 1234;

    /// <summary>Why the tests with another user cannot run here; null where they can.</summary>
    internal static string? Missing =>
        !OperatingSystem.IsLinux() ? "Files have an owner number on Linux only."
        : !FileOps.Default.IsRoot ? "Only root can work in the home of another user."
        : !File.Exists("/usr/bin/setpriv") ? "setpriv, which runs a program as another user, is not installed."
        : null;

    /// <summary>Gives a folder with all that is in it to the user; links themselves, not what they lead to.</summary>
    internal static void Own(string path) => Give(path, Id);

    internal static void Give(string path, uint user)
    {
        FileOps.Default.SetOwner(path, user, user);
        if (FileOps.Default.Kind(path) == FileKind.Directory)
        {
            foreach (var name in FileOps.Default.List(path))
            {
                Give(Path.Join(path, name), user);
            }
        }
    }

    /// <summary>Everything below a folder that does not belong to the user.</summary>
    internal static IEnumerable<string> NotOwned(string path) => NotOwned(path, Id);

    internal static IEnumerable<string> NotOwned(string path, uint user)
    {
        var facts = FileOps.Default.Examine(path);
        var below = facts.Kind == FileKind.Directory
            ? FileOps.Default.List(path).SelectMany(name => NotOwned(Path.Join(path, name), user)) : [];
        return facts.Owner == user ? below : below.Prepend($"{facts.Owner} {path}");
    }

    /// <summary>Name, kind, mode, owner and bytes of everything below a folder, its own included.</summary>
    internal static string Snapshot(string path)
    {
        var text = new StringBuilder();
        Describe(path, text);
        return text.ToString();
    }

    /// <summary>Runs the program as that user.</summary>
    internal static (int ExitCode, string Text) Run(string codexHome, params string[] arguments) => RunAs(Id, codexHome, arguments);

    /// <summary>Runs a program of the system as that user.</summary>
    internal static (int ExitCode, string Text) RunProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv",
            ["--reuid", $"{Id}", "--regid", $"{Id}", "--clear-groups", program, .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    internal static (int ExitCode, string Text) RunAs(uint user, string codexHome, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = codexHome,
        };
        var program = Path.Join(AppContext.BaseDirectory, "pluginmarket.dll");
        foreach (var argument in (string[])["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", "dotnet", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = Path.GetDirectoryName(codexHome);
        start.Environment["CODEX_HOME"] = codexHome;
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    private static void Describe(string path, StringBuilder text)
    {
        var facts = FileOps.Default.Examine(path);
        text.Append(path).Append(' ').Append(facts.Kind).Append(' ').Append(facts.Mode).Append(' ').Append(facts.Owner).Append(':')
            .Append(facts.Group).Append(' ')
            .Append(facts.Kind switch
            {
                FileKind.File => TreeDigest.OfBytes(File.ReadAllBytes(path)),
                FileKind.SymbolicLink => FileOps.Default.ReadLink(path),
                _ => "",
            }).Append('\n');
        if (facts.Kind == FileKind.Directory)
        {
            foreach (var name in FileOps.Default.List(path))
            {
                Describe(Path.Join(path, name), text);
            }
        }
    }
}
