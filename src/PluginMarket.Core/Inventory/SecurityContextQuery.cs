using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Inventory;

/// <summary>Reads the security settings that hold for a home's plugins from every configuration layer;
/// writes nothing (contract 5, 5.5).</summary>
internal sealed class SecurityContextQuery
{
    private const string Default = "Default";
    private const string RequirementsSource = "Requirements";

    private readonly MarketEnvironment _environment;
    private readonly ConfigurationLayers _layers;
    private readonly TomlTable? _requirements;

    /// <summary>Reads the layers of one home.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public SecurityContextQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _layers = ConfigurationLayers.Read(environment);
        _requirements = _layers.Requirements.File is { } file ? ConfigurationFile.Read(environment, file)?.Root : null;
    }

    /// <summary>The context.</summary>
    public PluginSecurityContext Read(CancellationToken cancellation = default)
    {
        var (approval, approvalSource) = Setting(root => Text(root, "approval_policy"));
        var (sandbox, sandboxSource) = Setting(root => Text(root, "sandbox_mode"));
        var (plugins, pluginsSource) = Feature("plugins");
        var (hooks, hooksSource) = HooksAllowed();
        return new PluginSecurityContext
        {
            ApprovalPolicy = approval,
            ApprovalPolicySource = approvalSource,
            AllowedApprovalPolicies = Allowed("allowed_approval_policies"),
            SandboxMode = sandbox,
            SandboxModeSource = sandboxSource,
            AllowedSandboxModes = Allowed("allowed_sandbox_modes"),
            PluginsEnabled = plugins,
            PluginsEnabledSource = pluginsSource,
            HooksAllowed = hooks && plugins,
            HooksAllowedSource = plugins ? hooksSource : pluginsSource,
            Hooks = [.. new InstalledPluginQuery(_environment).List(new InstalledPluginRequest(), cancellation).Plugins
                .Where(plugin => plugin.Path is not null).SelectMany(HooksOf)],
            ConfigurationFiles = [.. _layers.Files.Select(DisplayText.Escape)],
            RequirementsFile = _layers.Requirements.File is { } file ? DisplayText.Escape(file) : null,
            ComputerName = Origin.ComputerName,
            UserName = _environment.UserName,
            CodexHome = DisplayText.Escape(_environment.CodexHome),
        };
    }

    private static string? Text(TomlTable table, string key) =>
        table.Text(key) is { } text ? DisplayText.Escape(text) : table.Table(key) is not null ? "granular" : null;

    private (string? Value, string Source) Setting(Func<TomlTable, string?> read)
    {
        foreach (var (layer, _, root) in _layers.Layers.Reverse())
        {
            if (read(root) is { } value)
            {
                return (value, layer.ToString());
            }
        }

        return (null, Default);
    }

    private (bool Value, string Source) Feature(string name)
    {
        if ((_requirements?.Table("features") ?? _requirements?.Table("feature_requirements"))?.Flag(name) is { } demanded)
        {
            return (demanded, RequirementsSource);
        }

        var (value, source) = Setting(root => root.Table("features")?.Flag(name)?.ToString());
        return (value != bool.FalseString, source);
    }

    private (bool Value, string Source) HooksAllowed() =>
        _requirements?.Flag("allow_managed_hooks_only") == true ? (false, RequirementsSource) : Feature("hooks");

    private string[]? Allowed(string key) => _requirements?.Texts(key)?.Select(DisplayText.Escape).ToArray();

    private IEnumerable<PluginHookTrust> HooksOf(InstalledPlugin plugin)
    {
        PluginManifest? manifest;
        try
        {
            manifest = ManifestReader.Read(FolderTree.ReadInstalled(plugin.Path!, _environment.Files, _environment.Limits), plugin.Path!,
                plugin.Name, null, _environment.Limits).Manifest;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Warn($"The hooks of '{plugin.Id}' cannot be read: {problem}");
            yield break;
        }

        foreach (var hook in (manifest?.Hooks ?? []).OrderBy(hook => hook.Key, StringComparer.Ordinal))
        {
            yield return Describe(plugin, hook);
        }
    }

    private PluginHookTrust Describe(InstalledPlugin plugin, Hook hook)
    {
        var key = $"{plugin.Id}:{hook.Key}";
        string? trusted = null;
        string? content = null;
        bool? enabled = null;
        var source = Default;
        foreach (var (layer, _, root) in _layers.Layers)
        {
            if (root.Table("hooks")?.Table("state")?.Table(key) is { } state)
            {
                trusted = state.Text("trusted_hash") ?? trusted;
                content = state.Text("trusted_content_hash") ?? content;
                enabled = state.Flag("enabled") ?? enabled;
                source = layer.ToString();
            }
        }

        return new PluginHookTrust
        {
            Plugin = plugin.Id,
            Event = hook.Event,
            Trust = enabled == false ? "Disabled" : trusted is null ? "Untrusted" : "Approved",
            TrustSource = source,
            Command = hook.Type switch { "command" => hook.Command, "mcp_tool" => $"{hook.Server}: {hook.Tool}", _ => hook.Prompt },
            Key = DisplayText.Escape(key),
            TrustedHash = trusted is null ? null : DisplayText.Escape(trusted),
            TrustedContentHash = content is null ? null : DisplayText.Escape(content),
            PluginEnabled = plugin.EffectiveEnabled,
        };
    }
}
