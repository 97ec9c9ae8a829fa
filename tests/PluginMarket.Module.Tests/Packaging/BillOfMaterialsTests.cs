using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>The bill of materials and the notices name what is really shipped, told by bytes, and nothing
/// whose license forbids MIT.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed class BillOfMaterialsTests
{
    private static readonly string[] Compatible = ["MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0",
        "GPL-2.0-only WITH GCC-exception-2.0"];

    [Fact]
    public async Task Every_library_is_in_the_bill_by_the_hash_of_its_package_and_in_the_notices()
    {
        var components = Libraries();
        var own = (Module: "pkg:nuget/PluginMarket@" + BuiltPackage.Version, Tool: "pkg:nuget/PluginMarket.Cli@" + BuiltPackage.Version);
        var needs = Needs();

        await using var module = await ZipFile.OpenReadAsync(BuiltPackage.ModuleNupkg);
        await using var tool = await ZipFile.OpenReadAsync(BuiltPackage.ToolNupkg);
        foreach (var (archive, reference) in new[] { (module, own.Module), (tool, own.Tool) })
        {
            var notices = await TextAsync(archive, "THIRD-PARTY-NOTICES.txt");
            var origins = new HashSet<string>();
            foreach (var entry in archive.Entries.Where(IsLibraryOfOthers))
            {
                var origin = Assert.Single(components, component => Holds(component, entry));
                Assert.Contains($"\n{origin.Name} {origin.Version}\n", notices, StringComparison.Ordinal);
                Assert.Contains($"\nLicense: {origin.License}\n", notices, StringComparison.Ordinal);
                Assert.Contains(origin.License, Compatible);
                origins.Add(origin.Reference);
            }

            Assert.NotEmpty(origins);
            Assert.Equal(origins.Order(StringComparer.Ordinal), needs[reference].Order(StringComparer.Ordinal));
        }

        Assert.Equal(components.Select(component => component.Reference).Order(StringComparer.Ordinal),
            needs[own.Module].Union(needs[own.Tool]).Order(StringComparer.Ordinal));
        Assert.Equal([own.Module, own.Tool], needs["PluginMarket"]);
        Assert.All(needs.Values.SelectMany(one => one), reference => Assert.Contains(reference, needs.Keys));
    }

    [Fact]
    public async Task The_notices_bring_the_text_of_every_license()
    {
        var notices = await File.ReadAllTextAsync(Path.Join(BuiltPackage.Folder, "THIRD-PARTY-NOTICES.txt"),
            TestContext.Current.CancellationToken);
        var parts = notices.Split(new string('-', 80) + "\n")[1..];

        Assert.NotEmpty(parts);
        Assert.All(parts, part => Assert.Contains("Copyright", part, StringComparison.OrdinalIgnoreCase));
        Assert.All(parts, part => Assert.Contains("WARRANTY",
            part.ToUpperInvariant().Replace("WARRANTIES", "WARRANTY", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    // What is compiled ahead has the identity of the portable library beside it, which CompiledCoreTests compares.
    private static bool IsLibraryOfOthers(ZipArchiveEntry entry) =>
        Path.GetExtension(entry.Name) is ".dll" or ".so" or ".dylib"
        && !CompiledCoreTests.IsCompiled(entry)
        && !entry.Name.StartsWith("PluginMarket", StringComparison.OrdinalIgnoreCase);

    private static bool Holds(Component component, ZipArchiveEntry shipped)
    {
        using var archive = ZipFile.OpenRead(component.Package);
        return archive.Entries.Any(entry => entry.Name == shipped.Name && entry.Length == shipped.Length && Hash(entry) == Hash(shipped));
    }

    private static string Hash(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static async Task<string> TextAsync(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(await archive.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private static JsonElement Bill()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(BuiltPackage.BillOfMaterials));
        var root = document.RootElement.Clone();
        Assert.Equal(("CycloneDX", "1.6", 1), (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString(),
            root.GetProperty("version").GetInt32()));
        return root;
    }

    private static Dictionary<string, List<string>> Needs() => Bill().GetProperty("dependencies").EnumerateArray().ToDictionary(
        one => one.GetProperty("ref").GetString()!,
        one => one.GetProperty("dependsOn").EnumerateArray().Select(reference => reference.GetString()!).ToList());

    private static List<Component> Libraries() =>
        [.. Bill().GetProperty("components").EnumerateArray().Where(one => one.GetProperty("type").GetString() == "library")
            .Select(Component.Read)];

    private sealed record Component(string Name, string Version, string Reference, string License, string Package)
    {
        internal static Component Read(JsonElement told)
        {
            var (name, version) = (told.GetProperty("name").GetString()!, told.GetProperty("version").GetString()!);
            var license = told.GetProperty("licenses")[0];
            var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
                ? named : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            var package = Path.Join(folder, name.ToLowerInvariant(), version, $"{name.ToLowerInvariant()}.{version}.nupkg");
            Assert.Equal($"pkg:nuget/{name}@{version}", told.GetProperty("purl").GetString());
            var hash = Assert.Single(told.GetProperty("hashes").EnumerateArray());
            Assert.Equal("SHA-512", hash.GetProperty("alg").GetString());
            Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(File.ReadAllBytes(package))), hash.GetProperty("content").GetString());
            return new Component(
                name, version, told.GetProperty("bom-ref").GetString()!,
                license.TryGetProperty("expression", out var expression)
                    ? expression.GetString()! : license.GetProperty("license").GetProperty("id").GetString()!, package);
        }
    }
}
