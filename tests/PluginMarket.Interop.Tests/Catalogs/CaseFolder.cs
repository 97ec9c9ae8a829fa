using System.Diagnostics;

namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>The marketplace root of one case while its files are written.</summary>
public sealed class CaseFolder(string root)
{
    public string Root { get; } = root;

    public void Text(string path, string text) => Bytes(path, Encoding.UTF8.GetBytes(text));

    public void Bytes(string path, byte[] bytes)
    {
        var file = Place(path);
        File.WriteAllBytes(file, bytes);
    }

    public void Executable(string path, string text)
    {
        Text(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Place(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    public void Link(string path, string target) => File.CreateSymbolicLink(Place(path), target);

    public void Folder(string path) => Directory.CreateDirectory(Path.Join(Root, path));

    public void Pipe(string path)
    {
        using var made = Process.Start("mkfifo", [Place(path)])!;
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private string Place(string path)
    {
        var file = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}
