namespace PluginMarket;

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
                findings.Passed("Configuration", "The file can be read and has a say.", file);
            }

            if (layers.Files.Count == 0)
            {
                findings.Inform("Configuration", "There is no configuration file yet.", "Nothing to do: Add-PluginMarketplace makes one.", AgentHome.Open(environment).ConfigPath);
            }

            if (!layers.PluginsFeatureEnabled)
            {
                findings.Warn("Configuration", "Plugins are switched off ([features] plugins = false), so none is loaded.", "Set [features] plugins = true in the file that switches them off, or ask your administrator.");
            }

            return layers;
        }
        catch (PluginMarketException failure)
        {
            findings.Fail("Configuration", failure.Message, "Mend the file at that place. Until then Codex and this tool refuse to work with this home.", failure.File);
            return null;
        }
    }
}
