using System.Reflection;

namespace PluginMarket.Cli.Try;

/// <summary>The marketplace that ships inside the program, for a first look without a network.</summary>
internal static class SampleMarketplace
{
    private const string Prefix = "sample/";

    /// <summary>Writes it below a folder.</summary>
    public static void WriteTo(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var path = Path.Join(folder, name[Prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var content = assembly.GetManifestResourceStream(name)!;
            using var file = new FileStream(path, FileMode.CreateNew);
            content.CopyTo(file);
        }
    }
}
