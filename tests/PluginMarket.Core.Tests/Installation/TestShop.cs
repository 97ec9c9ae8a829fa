using System.Text.Json;
using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>A home with the local marketplace <c>shop</c>, and short ways to change and use both.</summary>
internal sealed class TestShop : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    internal TestShop(bool isRegistered = true)
    {
        Environment = _scratch.Environment();
        if (isRegistered)
        {
            WriteConfig($"[marketplaces.shop]\nsource_type = \"local\"\nsource = {JsonSerializer.Serialize(Root)}\n");
        }
    }

    internal MarketEnvironment Environment { get; set; }

    internal ScratchFolder Scratch => _scratch;

    internal string Root => _scratch[Folder];

    /// <summary>Where the shop is, below the scratch folder.</summary>
    internal string Folder { get; private set; } = "shop";

    internal string CodexHome => Environment.CodexHome;

    internal CacheLayout Layout => new(new StateLayout(CodexHome));

    internal string Config
    {
        get => File.ReadAllText(Path.Join(CodexHome, "config.toml"));
    }

    internal void WriteConfig(string text) => _scratch.Write("home/.codex/config.toml", text);

    /// <summary>Makes the shop the snapshot of a git repository that nobody can reach.</summary>
    internal TestShop BecomeSnapshot()
    {
        var before = Root;
        Folder = "home/.codex/.tmp/marketplaces/shop";
        Directory.CreateDirectory(Path.GetDirectoryName(Root)!);
        Directory.Move(before, Root);
        WriteConfig("[marketplaces.shop]\nsource_type = \"git\"\nsource = \"https://git.example.com/shop.git\"\n");
        return this;
    }

    /// <summary>Writes the catalog of the shop, entries as JSON.</summary>
    internal TestShop Catalog(params string[] entries)
    {
        _scratch.Write($"{Folder}/.agents/plugins/marketplace.json", $$"""{"name":"shop","plugins":[{{string.Join(",", entries)}}]}""");
        return this;
    }

    /// <summary>Writes a catalog with one local entry for each name.</summary>
    internal TestShop Listing(params string[] names) =>
        Catalog([.. names.Select(name => $$"""{"name":"{{name}}","source":"./{{name}}"}""")]);

    internal TestShop Plugin(string name, string? version = "1.0.0", string text = "text")
    {
        _scratch.Write($"{Folder}/{name}/.codex-plugin/plugin.json",
            version is null ? $$"""{"name":"{{name}}"}""" : $$"""{"name":"{{name}}","version":"{{version}}"}""");
        _scratch.Write($"{Folder}/{name}/skills/a/SKILL.md", $"---\nname: a\ndescription: {text}\n---\nDo.\n");
        return this;
    }

    internal TestShop Hook(string name, string command)
    {
        _scratch.Write($"{Folder}/{name}/hooks/hooks.json",
            $$$"""{"hooks":{"Stop":[{"hooks":[{"type":"command","command":{{{JsonSerializer.Serialize(command)}}}}]}]}}""");
        return this;
    }

    internal Task<PluginOperationResult> InstallAsync(string name, Func<InstallRequest, InstallRequest>? change = null) =>
        InstallAsync(PluginReference.Parse(name), change);

    internal async Task<PluginOperationResult> InstallAsync(PluginReference reference, Func<InstallRequest, InstallRequest>? change = null)
    {
        var request = new InstallRequest { References = [reference] };
        return Assert.Single(await InstallAllAsync(change is null ? request : change(request)));
    }

    internal async Task<IReadOnlyList<PluginOperationResult>> InstallAllAsync(InstallRequest request)
    {
        var installer = new PluginInstaller(Environment);
        var plan = await installer.PlanAsync(request);
        var results = plan.Settled.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>The one update there is of a plugin.</summary>
    internal async Task<PluginUpdate> FindUpdateAsync(string name, bool includeContent = false)
    {
        var listing = await new PluginUpdateQuery(Environment).FindAsync(
            new PluginUpdateRequest { Names = [name], IncludeContentChange = includeContent });
        Assert.Empty(listing.Failures);
        return Assert.Single(listing.Updates);
    }

    /// <summary>Updates to exactly what was checked.</summary>
    internal Task<PluginOperationResult> UpdateAsync(PluginUpdate update, Func<InstallRequest, InstallRequest>? change = null) =>
        UpdateAsync(PluginReference.Parse(update.Id) with
        {
            TreeHash = update.ToTreeHash,
            CodexHome = update.CodexHome,
            ComputerName = update.ComputerName,
        }, change);

    internal Task<PluginOperationResult> UpdateAsync(PluginReference reference, Func<InstallRequest, InstallRequest>? change = null) =>
        InstallAsync(reference, request => (change is null ? request : change(request)) with { Intent = new InstallIntent.Update() });

    internal Task<PluginOperationResult> UpdateAsync(string name, Func<InstallRequest, InstallRequest>? change = null) =>
        UpdateAsync(PluginReference.Parse(name), change);

    internal Task<PluginOperationResult> RollBackAsync(string name, string? version = null) =>
        new RollBackPlugin(Environment).RollBackAsync(PluginReference.Parse(name), version is null ? null : PluginVersion.Parse(version));

    internal IReadOnlyList<KeptVersion> Kept(string id) => Environment.Home.Kept.List(PluginId.Parse(id));

    /// <summary>Makes a plugin come from its own repository instead of the shop's folder.</summary>
    internal GitRepository Repository(string name, string version = "1.0.0")
    {
        var repository = GitRepository.Create(_scratch[$"repositories/{name}"]);
        repository.Write(".codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"{{version}}"}""").Commit();
        Catalog($$$"""{"name":"{{{name}}}","source":{"source":"url","url":"{{{repository.FileUrl}}}"}}""");
        return repository;
    }

    internal Task<PluginOperationResult> UninstallAsync(PluginReference reference, bool purge = false) =>
        new PluginUninstaller(Environment).UninstallAsync(reference, purge);

    internal Task<PluginOperationResult> UninstallAsync(string name, bool purge = false) =>
        UninstallAsync(PluginReference.Parse(name), purge);

    internal string Cached(string id, string version = "local") => Layout.VersionPath(PluginId.Parse(id), PluginVersion.Parse(version));

    internal IReadOnlyList<string> Inventory() => ScratchFolder.Inventory(CodexHome);

    internal static void AssertFailed(MarketErrorCode code, PluginOperationResult result)
    {
        Assert.True(result.Error == code.ToString(), $"{result.Status} {result.Error} {result.Reason}");
        Assert.Equal("Failed", result.Status);
        Assert.Equal(code, result.GetFailure()!.Code);

        // Another program's words at the end are left as it said them.
        Assert.Matches(@"[.?]$|(said|ended with): ", result.Reason);
        Assert.DoesNotMatch(@"\w\.\.(\s|$)|\(\d+\) [A-Z]", result.Reason);
    }

    public void Dispose() => _scratch.Dispose();
}
