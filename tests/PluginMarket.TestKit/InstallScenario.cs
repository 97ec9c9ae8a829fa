using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;

namespace PluginMarket.TestKit;

/// <summary>One change of one plugin, prepared so that it can be repeated in copies of one home and stopped at every disk call.</summary>
/// <remarks>The marketplace <c>shop</c> has the plugins <c>tool</c>, which is changed, and <c>other</c>,
/// which is installed and stays as it is.</remarks>
internal sealed class InstallScenario
{
    /// <summary>Calls that change what is on the disk: dying before any other call leaves what dying
    /// before the next of these leaves.</summary>
    public static readonly IReadOnlySet<string> ChangingCalls =
        new HashSet<string>(StringComparer.Ordinal) { "mkdir", "create", "write", "append", "rename", "rename-noreplace", "exchange",
            "unlink", "rmdir", "chmod", "chown", "symlink" };

    /// <summary>Those, and what makes them last or keeps others out: where any other call fails, nothing was begun.</summary>
    public static readonly IReadOnlySet<string> ChangingAndSyncingCalls =
        new HashSet<string>(ChangingCalls, StringComparer.Ordinal) { "fsync", "fsync-folder", "lock", "open-lock" };

    public static readonly IReadOnlyList<string> Names = ["install", "replace", "upgrade", "downgrade", "uninstall", "disable", "update",
        "restore", "hold", "lock", "repair"];

    private static readonly PluginReference Tool = PluginReference.Parse("tool@shop");

    private InstallScenario(string name, string home)
    {
        Name = name;
        HomePath = home;
    }

    public string Name { get; }

    /// <summary>The folder with the personal catalog (there is none) and the homes.</summary>
    public string HomePath { get; }

    public static PluginId ToolId { get; } = PluginId.Parse("tool@shop");

    public static PluginId OtherId { get; } = PluginId.Parse("other@shop");

    /// <summary>The home every attempt starts from.</summary>
    public string Template => Path.Join(HomePath, "template");

    /// <summary>Opens a scenario that another process prepared.</summary>
    public static InstallScenario Open(string name, string home) => new(name, home);

    /// <summary>Makes the marketplace, the template home, and the state the change starts from.</summary>
    public static async Task<InstallScenario> PrepareAsync(string name, ScratchFolder scratch)
    {
        var scenario = new InstallScenario(name, scratch.MakeFolder("home"));
        var root = scratch.MakeFolder("market");
        Directory.CreateDirectory(scenario.Template);
        scratch.Write("market/.agents/plugins/marketplace.json",
            """{"name":"shop","plugins":[{"name":"tool","source":"./tool"},{"name":"other","source":"./other"}]}""");
        scratch.Write("home/template/config.toml",
            $"# kept\n[marketplaces.shop]\nsource_type = \"local\"\nsource = \"{root.Replace("\\", "\\\\", StringComparison.Ordinal)}\"\n");
        WritePlugin(scratch, "other", "1.0.0", "first");
        WritePlugin(scratch, "tool", name == "downgrade" ? "2.0.0" : "1.0.0", "first");
        var environment = scenario.Environment(scenario.Template);
        await InstallAsync(environment, new InstallRequest { References = [PluginReference.Parse("other@shop")] }).ConfigureAwait(false);
        if (name != "install")
        {
            await InstallAsync(environment,
                new InstallRequest { References = [Tool], Intent = new InstallIntent.Install { CacheVersion = Rule(name) } })
                .ConfigureAwait(false);
        }

        if (name == "repair")
        {
            File.AppendAllText(Path.Join(environment.Home.Cache.ActivePath(ToolId)!, "skills", "a", "SKILL.md"), "changed");
            return scenario;
        }

        WritePlugin(scratch, "tool", name is "upgrade" or "update" or "restore" ? "2.0.0" : "1.0.0", "second");
        if (name == "lock")
        {
            var locker = scenario.Environment(scenario.CopyHome("locker"));
            await InstallAsync(locker, new InstallRequest
            {
                References = [Tool],
                Intent = new InstallIntent.Install { Reinstall = true, CacheVersion = CacheVersionRule.Manifest },
            }).ConfigureAwait(false);
            new LockFileMaker(locker).Make(scenario.LockPath, [ToolId.ToString()]).File.Write(locker);
        }

        if (name == "restore")
        {
            await InstallAsync(environment, new InstallRequest { References = [Tool], Intent = new InstallIntent.Update() })
                .ConfigureAwait(false);
        }

        return scenario;
    }

    /// <summary>A fresh copy of the template home.</summary>
    public string CopyHome(string name)
    {
        var copy = Path.Join(HomePath, name);
        CopyFolder(Template, copy);
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

    private string LockPath => Path.Join(HomePath, "plugins.lock.json");

    /// <summary>Makes the change.</summary>
    public Task<PluginOperationResult> RunAsync(MarketEnvironment environment) => Name switch
    {
        "uninstall" => new PluginUninstaller(environment).UninstallAsync(Tool, purge: true),
        "lock" => InstallAsync(environment, new InstallRequest
        {
            Intent = new InstallIntent.RestoreLock { Entries = PluginLockFile.Read(environment, LockPath).Entries, Frozen = true },
        }),
        "repair" => new PluginRepairer(environment).RepairAsync(Tool),
        "restore" => new RollBackPlugin(environment).RollBackAsync(Tool, PluginVersion.Parse("1.0.0")),
        "hold" => new HoldPlugin(environment).HoldAsync(Tool),
        "update" => InstallAsync(environment, new InstallRequest { References = [Tool], Intent = new InstallIntent.Update() }),
        "disable" => new PluginActivation(environment).SetEnabledAsync(Tool, false),
        _ => InstallAsync(environment, new InstallRequest
        {
            References = [Tool],
            AllowDowngrade = true,
            Intent = new InstallIntent.Install { Reinstall = Name != "install", CacheVersion = Rule(Name) },
        }),
    };

    /// <summary>Some other command that changes something, as the next one in the same home.</summary>
    public static Task<PluginOperationResult> RunNextAsync(MarketEnvironment environment) =>
        new PluginActivation(environment).SetEnabledAsync(PluginReference.Parse("other@shop"), false);

    internal static void CopyFolder(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(to + folder[from.Length..]);
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, to + file[from.Length..]);
        }
    }

    private static CacheVersionRule Rule(string name) =>
        name is "upgrade" or "downgrade" or "update" or "restore" ? CacheVersionRule.Manifest : CacheVersionRule.Local;

    private static async Task<PluginOperationResult> InstallAsync(MarketEnvironment environment, InstallRequest request)
    {
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(request).ConfigureAwait(false);
        var results = plan.Settled.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items).ConfigureAwait(false))
        {
            results.Add(result);
        }

        return results.Single();
    }

    private static void WritePlugin(ScratchFolder scratch, string name, string version, string text)
    {
        var folder = $"market/{name}";
        scratch.Write($"{folder}/.codex-plugin/plugin.json",
            string.Create(CultureInfo.InvariantCulture, $$"""{"name":"{{name}}","version":"{{version}}","description":"{{text}}"}"""));
        scratch.Write($"{folder}/skills/a/SKILL.md", $"---\nname: a\ndescription: {text}\n---\nDo it.\n");
        scratch.Write($"{folder}/skills/a/scripts/run.txt", text);
        scratch.Write($"{folder}/commands/go.md", $"---\ndescription: {text}\n---\nGo on.\n");
        scratch.Write($"{folder}/assets/{text}.txt", text);
    }
}
