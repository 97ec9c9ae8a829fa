using System.Text.Json.Nodes;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>PluginMarket in its own home, through the verbs of its core.</summary>
internal sealed class OurSide
{
    internal OurSide(ScratchFolder scratch, string folder)
    {
        var home = scratch.MakeFolder(folder);
        Environment =
            scratch.Environment() with { HomePath = home, CodexHome = Directory.CreateDirectory(Path.Join(home, ".codex")).FullName };
        Environment = Environment with
        {
            Variables = new Dictionary<string, string>(Environment.Variables, StringComparer.Ordinal) { ["HOME"] = home },
        };
    }

    internal OurSide(MarketEnvironment environment) => Environment = environment;

    internal MarketEnvironment Environment { get; }

    /// <summary>The same home with other variables.</summary>
    public OurSide With(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(Environment.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return new OurSide(Environment with { Variables = all });
    }

    /// <summary>Adds a marketplace, lists it, and installs every name asked for.</summary>
    public async Task<CatalogOutcome> ObserveAsync(string root, IReadOnlyList<string> names, CacheVersionRule rule)
    {
        MarketplaceAddition added;
        try
        {
            added = await new MarketplaceRegistry(Environment).AddAsync(new MarketplaceAddRequest { Source = root });
        }
        catch (PluginMarketException refusal)
        {
            return CatalogOutcome.Refused($"{refusal.Code}: {refusal.Message}");
        }

        var listing = await ListAsync(added.Marketplace);
        var installs = names.ToDictionary(name => name, _ => InstallOutcome.Refused("NameInvalid"), StringComparer.Ordinal);
        foreach (var result in await InstallAsync([.. names.Select(name => $"{name}@{added.Marketplace.Name}")], rule))
        {
            installs[result.Name] = result.Status is "Installed" or "Unchanged"
                ? InstallOutcome.Cached(result.Path!)
                : InstallOutcome.Refused($"{result.Error}: {result.Reason}");
        }

        return new CatalogOutcome(true, "", listing, installs);
    }

    /// <summary>Installs plugins by id; a text that is not an id has no result.</summary>
    public Task<IReadOnlyList<PluginOperationResult>> InstallAsync(IReadOnlyList<string> ids,
        CacheVersionRule rule = CacheVersionRule.Manifest, bool reinstall = false) => InstallAsync(new InstallRequest
        {
            References =
                [.. ids.Select(id => PluginReference.TryParse(id, out var reference, out _) ? reference : null).OfType<PluginReference>()],
            Intent = new InstallIntent.Install { CacheVersion = rule, Reinstall = reinstall },
            AcceptCapability = ["All"],
        });

    internal async Task<IReadOnlyList<PluginOperationResult>> InstallAsync(InstallRequest request)
    {
        var installer = new PluginInstaller(Environment);
        var plan = await installer.PlanAsync(request);
        var results = new List<PluginOperationResult>(plan.Settled);
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>The entries that can be used, in the form of Codex's listing.</summary>
    public async Task<IReadOnlyList<ListedPlugin>> ListAsync(Marketplace marketplace)
    {
        var found = await new PluginQuery(Environment).FindAsync(
            new PluginFindRequest { Marketplaces = [marketplace.Name!], IncludeSkipped = true });
        Assert.Empty(found.Failures);
        var catalog = new MarketplaceCatalogReader(Environment).Read(marketplace.Root!, isRemote: false);
        Assert.Equal(catalog.Entries.Count, found.Plugins.Count);
        return [.. found.Plugins.Zip(catalog.Entries).Where(pair => pair.First.Status != "Skipped").Select(pair => new ListedPlugin(
            pair.First.Name, pair.First.Version, pair.First.Installation, pair.First.Authentication,
            SourceJson(pair.Second.Source!, marketplace.Root!)))];
    }

    private static string SourceJson(PluginSource source, string root)
    {
        var json = source switch
        {
            LocalSource local =>
                new JsonObject { ["source"] = "local", ["path"] = local.Path.IsRoot ? root : Path.Join(root, local.Path.Value) },
            GitSource git => new JsonObject { ["source"] = "git", ["url"] = git.Url.Value, ["ref"] = git.Ref, ["sha"] = git.Sha },
            GitSubdirectorySource git => new JsonObject
            {
                ["source"] = "git-subdir",
                ["url"] = git.Url.Value,
                ["path"] = git.PathText,
                ["ref"] = git.Ref,
                ["sha"] = git.Sha,
            },
            NpmSource npm =>
                new JsonObject { ["source"] = "npm", ["package"] = npm.Package, ["version"] = npm.Version, ["registry"] = npm.Registry },
            _ => throw new ArgumentException(source.Kind, nameof(source)),
        };
        foreach (var absent in json.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            json.Remove(absent);
        }

        return json.ToJsonString();
    }
}
