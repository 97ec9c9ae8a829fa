using PluginMarket.Home;
using PluginMarket.Messages;

namespace PluginMarket.Diagnosis;

/// <summary>Each configuration file that has a say, and whether it can be read.</summary>
internal sealed class ConfigurationChecks(MarketEnvironment environment)
{
    /// <returns>The layers, or null where one of them cannot be read.</returns>
    internal ConfigurationLayers? Run(Findings findings)
    {
        try
        {
            var layers = ConfigurationLayers.Read(environment);
            foreach (var file in layers.Files)
            {
                findings.Passed("Configuration", $"The file can be read.", file);
            }

            if (layers.Files.Count == 0)
            {
                findings.Inform("Configuration", $"The configuration file does not exist yet.",
                    $"Nothing to do: {Operation.AddMarketplace} creates it.", AgentHome.Open(environment).ConfigPath);
            }

            if (!layers.PluginsFeatureEnabled)
            {
                findings.Warn("Configuration", $"Plugins are disabled ([features] plugins = false), so none is loaded.",
                    $"Set [features] plugins = true in the file that disables them, or ask your administrator.");
            }

            return layers;
        }
        catch (PluginMarketException failure)
        {
            findings.Fail("Configuration", failure.Said,
                $"Fix the file at that place. Until then Codex and PluginMarket refuse to use this home.", failure.File);
            return null;
        }
    }
}
