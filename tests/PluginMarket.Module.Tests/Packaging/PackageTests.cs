using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>What <c>build.ps1 -Task Package</c> makes is what one would publish: it contains what the module needs and nothing
/// else, and works wherever it is.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed partial class PackageTests(BuiltPackage package)
{
    [Fact]
    public async Task The_module_works_from_its_folder_and_from_its_zip()
    {
        var pwsh = package.PowerShell;
        using var scratch = new ScratchFolder();
        await ZipFile.ExtractToDirectoryAsync(BuiltPackage.Zip, scratch["unpacked"]);

        Assert.Equal(Contents(BuiltPackage.ZippedFolder), Contents(scratch["unpacked/PluginMarket"]));
        var unpacked = scratch[$"unpacked/PluginMarket/{BuiltPackage.Version}"];
        foreach (var folder in new[] { BuiltPackage.Folder, unpacked })
        {
            var used = await ModuleUse.RunAsync(pwsh, Path.Join(folder, "PluginMarket.psd1"));
            Assert.Equal((Path.GetFullPath(folder), BuiltPackage.Version), (used.ModuleBase, used.Version));
        }
    }

    [Fact]
    public void The_module_holds_what_it_needs_and_nothing_else()
    {
        var files = FilesOf(BuiltPackage.Folder);
        foreach (var needed in new[] { "LICENSE", "README.md", "CHANGELOG.md", "docs/errors.md", "docs/en-US/Install-Plugin.md", "THIRD-PARTY-NOTICES.txt",
            "en-US/PluginMarket.Cmdlets.dll-Help.xml", "en-US/about_PluginMarket.help.txt", "module/PluginMarket.Format.ps1xml",
            "module/PluginMarket.Types.ps1xml", "module/PluginMarket.Data.psd1", "module/bin/PluginMarket.Cmdlets.dll",
            "module/bin/PluginMarket.Loader.dll",
            "module/bin/core/PluginMarket.Core.dll", "module/bin/core/libgit2/PluginMarket.LibGit2.dll",
            "module/bin/core/libgit2/LibGit2Sharp.dll" })
        {
            Assert.Contains(needed, files);
        }

        // PowerShell has these itself, in newer versions.
        Assert.DoesNotContain(files,
            file => Path.GetFileName(file) is "System.Text.Json.dll" or "System.Management.Automation.dll" or "Newtonsoft.Json.dll");
        Assert.All(files.Where(file => file.StartsWith("module/bin/", StringComparison.Ordinal)
            && !file.Contains("/libgit2/", StringComparison.Ordinal)), file => Assert.EndsWith(".dll", file, StringComparison.Ordinal));
        Assert.All(files, file => Assert.True(
            file is "PluginMarket.psd1" or "LICENSE" or "README.md" or "CHANGELOG.md" or "CONTRIBUTING.md" or "THIRD-PARTY-NOTICES.txt"
                || file.StartsWith("en-US/", StringComparison.Ordinal) || file.StartsWith("docs/", StringComparison.Ordinal)
            || (Path.GetDirectoryName(file) == "module" && Path.GetExtension(file) is ".ps1xml" or ".psd1")
                || file.StartsWith("module/bin/", StringComparison.Ordinal) || file.StartsWith("module/schemas/", StringComparison.Ordinal)
                || file.StartsWith("module/dsc/", StringComparison.Ordinal),
            $"{file} is not needed."));
        Assert.Equal(File.ReadAllBytes(Path.Join(RepositoryRoot.Path, "PluginMarket.psd1")), File.ReadAllBytes(BuiltPackage.Manifest));
    }

    [Fact]
    public void Every_page_links_to_files_of_the_package()
    {
        var pages = Directory.GetFiles(BuiltPackage.Folder, "*.md", SearchOption.AllDirectories);
        Assert.True(pages.Length > 50);
        foreach (var page in pages)
        {
            var broken = Link().Matches(File.ReadAllText(page)).Select(link => link.Groups["to"].Value)
                .Where(to => !to.Contains(':', StringComparison.Ordinal) && !Path.Exists(Path.Join(Path.GetDirectoryName(page), to)));
            Assert.True(!broken.Any(), $"{page} links to {string.Join(", ", broken)}, which the package does not contain.");
        }
    }

    /// <summary>A library that nothing references is loaded by nobody.</summary>
    [Fact]
    public async Task The_libraries_that_are_shipped_are_those_that_the_code_references()
    {
        foreach (var (archive, own) in new[] { (BuiltPackage.ModuleNupkg, new[] { "PluginMarket.Cmdlets", "PluginMarket.Loader",
            "PluginMarket.LibGit2" }), (BuiltPackage.ToolNupkg, ["pluginmarket", "PluginMarket.LibGit2"]) })
        {
            await using var opened = await ZipFile.OpenReadAsync(archive);
            var referenced = opened.Entries.Where(
                entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal) && !entry.Name.StartsWith("git2-", StringComparison.Ordinal)
                    && !CompiledCoreTests.IsCompiled(entry))
                .ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.Name), References, StringComparer.Ordinal);
            var reached = own.ToHashSet(StringComparer.Ordinal);
            for (var pending = new Queue<string>(own); pending.TryDequeue(out var name);)
            {
                foreach (var next in referenced[name].Where(next => referenced.ContainsKey(next) && reached.Add(next)))
                {
                    pending.Enqueue(next);
                }
            }

            Assert.Equal(reached.Order(StringComparer.Ordinal), referenced.Keys.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_file_list_tells_the_hash_of_every_file_in_order()
    {
        var actual = FilesOf(BuiltPackage.Folder).Order(StringComparer.Ordinal)
            .Select(
                file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Join(BuiltPackage.Folder, file))))}  {file}");

        Assert.Equal(string.Join('\n', actual) + "\n", File.ReadAllText(BuiltPackage.FileList));
    }

    /// <summary>Else the same commit would give other bytes in another folder, and the file list would prove nothing.</summary>
    [Fact]
    public async Task Nothing_tells_where_or_when_it_was_made()
    {
        using var scratch = new ScratchFolder();
        foreach (var archive in new[] { BuiltPackage.Zip, BuiltPackage.ModuleNupkg, BuiltPackage.ToolNupkg })
        {
            var folder = scratch[Path.GetFileName(archive)];
            await using (var opened = await ZipFile.OpenReadAsync(archive))
            {
                Assert.All(opened.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
                await opened.ExtractToDirectoryAsync(folder);
            }

            foreach (var file in FilesOf(folder))
            {
                var content = await File.ReadAllBytesAsync(Path.Join(folder, file));
                Assert.True(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(RepositoryRoot.Path)) < 0,
                    $"{file} of {Path.GetFileName(archive)} names the folder it was made in.");
            }
        }
    }

    [GeneratedRegex(@"\]\((?<to>[^)\s#]+)(#[^)\s]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    private static List<string> References(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using (var packed = entry.Open())
        {
            packed.CopyTo(content);
        }

        content.Position = 0;
        using var module = Mono.Cecil.ModuleDefinition.ReadModule(content);
        return [.. module.AssemblyReferences.Select(reference => reference.Name)];
    }

    private static List<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];

    private static List<string> Contents(string folder) =>
        [.. FilesOf(folder).Select(file => $"{file} {TreeDigest.OfBytes(File.ReadAllBytes(Path.Join(folder, file)))}")
            .Order(StringComparer.Ordinal)];
}

/// <summary>Tests of one package, one after the other.</summary>
[CollectionDefinition(nameof(BuiltPackage))]
public sealed class BuiltPackageTests : ICollectionFixture<BuiltPackage>;
