namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>The schemas that ship with the module.</summary>
internal enum SchemaKind
{
    /// <summary><c>plugin.json</c> in one of the three metadata folders; the root manifest of the Agent
    /// format has a schema of its own authors.</summary>
    Plugin,
    /// <summary><c>marketplace.json</c>.</summary>
    Marketplace,
    /// <summary><c>hooks/hooks.json</c>, or a manifest's <c>hooks</c>.</summary>
    Hooks,
    /// <summary><c>.mcp.json</c>, or a manifest's <c>mcpServers</c>.</summary>
    Mcp,
    /// <summary><c>.app.json</c>.</summary>
    App,
    /// <summary>A file of approvals.</summary>
    Approvals,
    /// <summary><c>plugins.lock.json</c>.</summary>
    Lock,
    /// <summary>Settings of the checks.</summary>
    Settings,
    /// <summary>A desired state.</summary>
    State,
}
