using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;

namespace PluginMarket.TestKit;

/// <summary>One change of one marketplace, prepared so that it can be repeated in copies of one home and stopped at every disk
/// call.</summary>
/// <remarks>The marketplace <c>tools</c> is changed; <c>shop</c> with its installed plugin <c>other</c> stays as it is.</remarks>
internal sealed class MarketplaceScenario
{
    public const string Marketplace = "tools";

    public static readonly IReadOnlyList<string> Names =
        ["marketplace-add", "marketplace-add-local", "marketplace-set", "marketplace-set-local", "marketplace-set-git",
            "marketplace-update", "marketplace-remove"];

    private readonly string _scratch;

    private MarketplaceScenario(string name, string home)
    {
        Name = name;
        HomePath = home;
        _scratch = Path.GetDirectoryName(home)!;
    }

    public string Name { get; }

    /// <summary>The folder with the personal catalog (there is none) and the homes.</summary>
    public string HomePath { get; }

    /// <summary>The home every attempt starts from.</summary>
    public string Template => Path.Join(HomePath, "template");

    private string GitSource => "file://" + Path.Join(_scratch, "repository");

    private string LocalSource => Path.Join(_scratch, "folder");

    /// <summary>Opens a scenario that another process prepared.</summary>
    public static MarketplaceScenario Open(string name, string home) => new(name, home);

    /// <summary>Makes the repository, the template home, and the state the change starts from.</summary>
    public static async Task<MarketplaceScenario> PrepareAsync(string name, ScratchFolder scratch)
    {
        var scenario = new MarketplaceScenario(name, scratch.MakeFolder("home"));
        scratch.Write("shop/.agents/plugins/marketplace.json", """{"name":"shop","plugins":[{"name":"other","source":"./other"}]}""");
        scratch.Write("shop/other/.codex-plugin/plugin.json", """{"name":"other","version":"1.0.0"}""");
        scratch.Write("home/template/config.toml", $"# kept\n[marketplaces.shop]\nsource_type = \"local\"\nsource = "
            + $"\"{scratch["shop"].Replace("\\", "\\\\", StringComparison.Ordinal)}\"\n");
        scratch.Write("folder/.agents/plugins/marketplace.json", Catalog("local"));
        scratch.Write("folder/local/.codex-plugin/plugin.json", """{"name":"local"}""");
        var repository = GitRepository.Create(scratch["repository"]).Write(".agents/plugins/marketplace.json", Catalog("first"))
            .Write("first/.codex-plugin/plugin.json", """{"name":"first"}""");
        repository.Commit();
        repository.Run("tag", "v1");

        var environment = scenario.Environment(scenario.Template);
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("other@shop")] })
            .ConfigureAwait(false);
        await foreach (var _ in installer.ExecuteAsync(plan, plan.Items).ConfigureAwait(false))
        {
        }

        var registered = name switch
        {
            "marketplace-add" or "marketplace-add-local" => null,
            "marketplace-set" => new MarketplaceAddRequest { Source = scenario.GitSource, Ref = "v1" },
            "marketplace-set-git" => new MarketplaceAddRequest { Source = scenario.LocalSource },
            _ => new MarketplaceAddRequest { Source = scenario.GitSource },
        };
        if (registered is not null)
        {
            await new MarketplaceRegistry(environment).AddAsync(registered).ConfigureAwait(false);
        }

        repository.Write(".agents/plugins/marketplace.json", Catalog("second"))
            .Write("second/.codex-plugin/plugin.json", """{"name":"second"}""").Commit();
        return scenario;
    }

    /// <summary>A fresh copy of the template home.</summary>
    public string CopyHome(string name)
    {
        var copy = Path.Join(HomePath, name);
        InstallScenario.CopyFolder(Template, copy);
        return copy;
    }

    public MarketEnvironment Environment(string codexHome, FileOps? files = null) => new()
    {
        CodexHome = codexHome,
        HomePath = HomePath,
        SystemConfigurationFolder = Path.Join(HomePath, "etc"),
        Files = files ?? FileOps.Default,
        Limits = Limits.Default with { LockTime = TimeSpan.FromMinutes(5) },
        Variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "",
            ["HOME"] = HomePath,
        },
    };

    /// <summary>Makes the change; why it failed, or null.</summary>
    public async Task<PluginMarketException?> RunAsync(MarketEnvironment environment)
    {
        var registry = new MarketplaceRegistry(environment);
        try
        {
            switch (Name)
            {
                case "marketplace-add":
                    await registry.AddAsync(new MarketplaceAddRequest { Source = GitSource }).ConfigureAwait(false);
                    return null;
                case "marketplace-add-local":
                    await registry.AddAsync(new MarketplaceAddRequest { Source = LocalSource }).ConfigureAwait(false);
                    return null;
                case "marketplace-set":
                    await registry.SetAsync(new MarketplaceSetRequest { Name = Marketplace, Ref = "main" }).ConfigureAwait(false);
                    return null;
                case "marketplace-set-local":
                    await registry.SetAsync(new MarketplaceSetRequest { Name = Marketplace, Source = LocalSource }).ConfigureAwait(false);
                    return null;
                case "marketplace-set-git":
                    await registry.SetAsync(new MarketplaceSetRequest { Name = Marketplace, Source = GitSource }).ConfigureAwait(false);
                    return null;
                case "marketplace-update":
                    return (await registry.UpdateAsync(new MarketplaceUpdateRequest { Names = [Marketplace] })
                        .ConfigureAwait(false)).Failures is [var first, ..] ? first : null;
                default:
                    await registry.RemoveAsync(new MarketplaceRemoveRequest { Name = Marketplace }).ConfigureAwait(false);
                    return null;
            }
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }

    private static string Catalog(string plugin) => $$"""{"name":"tools","plugins":[{"name":"{{plugin}}","source":"./{{plugin}}"}]}""";
}
