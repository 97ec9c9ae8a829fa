namespace PluginMarket;

/// <summary>How a plugin presents itself (contract 2.2, <c>interface</c>). Every text is escaped for a terminal.</summary>
public sealed class PluginInterface
{
    /// <summary>The name shown to people.</summary>
    public string? DisplayName { get; internal init; }

    /// <summary>One line.</summary>
    public string? ShortDescription { get; internal init; }

    /// <summary>Paragraphs.</summary>
    public string? LongDescription { get; internal init; }

    /// <summary>Who publishes it.</summary>
    public string? DeveloperName { get; internal init; }

    /// <summary>The manifest's category; a catalog entry's category replaces it.</summary>
    public string? Category { get; internal init; }

    /// <summary>What it claims to do; free words, not what it can do.</summary>
    public string[] Capabilities { get; internal init; } = [];

    /// <summary>The home page.</summary>
    public string? WebsiteUrl { get; internal init; }

    /// <summary>The privacy policy's page.</summary>
    public string? PrivacyPolicyUrl { get; internal init; }

    /// <summary>The terms of service's page.</summary>
    public string? TermsOfServiceUrl { get; internal init; }

    /// <summary>A colour, as written.</summary>
    public string? BrandColor { get; internal init; }

    /// <summary>The composer icon's file, relative to the plugin, normalised.</summary>
    public string? ComposerIcon { get; internal init; }

    /// <summary>The logo's file, relative to the plugin, normalised.</summary>
    public string? Logo { get; internal init; }

    /// <summary>The dark logo's file, relative to the plugin, normalised.</summary>
    public string? LogoDark { get; internal init; }

    /// <summary>Picture files, relative to the plugin, normalised.</summary>
    public string[] Screenshots { get; internal init; } = [];

    /// <summary>At the most three prompts of at the most 512 characters, white space collapsed.</summary>
    public string[] DefaultPrompts { get; internal init; } = [];

    /// <summary>The display name.</summary>
    public override string ToString() => DisplayName ?? "";
}
