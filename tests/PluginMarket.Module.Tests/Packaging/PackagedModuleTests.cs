using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>What holds for the module of the repository holds for the packaged one: its manifest, its import, the
/// help of every command and topic.</summary>
[Collection(nameof(BuiltPackage))]
[Trait("Category", "Slow")]
public sealed class PackagedModuleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_packaged_module_passes_the_tests_of_import_and_manifest()
    {
        await using var worker = new PesterWorker(BuiltPackage.Manifest);
        foreach (var name in new[] { "Import", "Manifest" })
        {
            var results = await worker.RunAsync(Path.Join(RepositoryRoot.Path, "tests", "module", name + ".Tests.ps1"), Task.Delay(Limit));

            Assert.Contains(results, result => result.Passed);
            Assert.Empty(results.Where(result => !result.Passed && result.SkipReason is null)
                .Select(result => $"{result.Name}: {result.Message}"));
        }
    }

    /// <summary>The help of the repository's module is tested; here it has to be the same.</summary>
    [Fact]
    public void The_packaged_help_and_views_are_those_of_the_repository()
    {
        foreach (var folder in new[] { "en-US", "module" })
        {
            var files = Directory.GetFiles(Path.Join(BuiltPackage.Folder, folder));
            Assert.NotEmpty(files);
            Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Join(RepositoryRoot.Path, folder, Path.GetFileName(file))),
                File.ReadAllBytes(file)));
            Assert.Equal(Directory.GetFiles(Path.Join(RepositoryRoot.Path, folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }
}
