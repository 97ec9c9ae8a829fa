using System.Text.Json;
using PluginMarket.Sources.Local;

namespace PluginMarket.Showcase;

/// <summary>One plugin on the page: what its card shows and finds, and what is read only when somebody opens it.</summary>
internal sealed class DirectoryEntry
{
    private const int MostListed = 200;
    private const int MostSearchNames = 60;

    private readonly Plugin _plugin;
    private readonly PictureSet _pictures;
    private readonly IReadOnlyList<string> _roots;

    /// <param name="plugin">The plugin.</param>
    /// <param name="pictures">Its pictures.</param>
    /// <param name="roots">Folders of this computer that are of no use to a reader elsewhere, longest first.</param>
    internal DirectoryEntry(Plugin plugin, PictureSet pictures, IReadOnlyList<string> roots)
    {
        _plugin = plugin;
        _pictures = pictures;
        _roots = roots;
    }

    internal void WriteCard(Utf8JsonWriter writer, IReadOnlyList<Marketplace> marketplaces)
    {
        var shown = _plugin.Interface;
        writer.WriteStartObject();
        writer.WriteString("id", _plugin.Id);
        writer.WriteString("name", _plugin.Name);
        writer.WriteNumber("marketplace", IndexOf(marketplaces));
        Text(writer, "title", _plugin.DisplayName);
        Text(writer, "summary", shown?.ShortDescription ?? _plugin.Description);
        Text(writer, "category", _plugin.Category);
        Text(writer, "publisher", shown?.DeveloperName ?? _plugin.Author?.Name);
        Text(writer, "version", _plugin.Version);
        writer.WriteString("installation", _plugin.Installation);
        writer.WriteString("authentication", _plugin.Authentication);
        if (_plugin.Status == "Skipped")
        {
            writer.WriteBoolean("skipped", true);
        }

        Text(writer, "reason", _plugin.Reason is { } reason ? WithoutRoots(reason) : null);
        if (_plugin.Manifest is { } manifest)
        {
            writer.WriteStartObject("brings");
            Count(writer, "Skill", manifest.Skills.Length);
            Count(writer, "App", manifest.Apps.Length);
            Count(writer, "McpServer", manifest.McpServers.Length);
            Count(writer, "Hook", manifest.Hooks.Length);
            Count(writer, "Command", manifest.Commands.Length);
            writer.WriteEndObject();
        }

        if (BrandColor.Parse(shown?.BrandColor) is { } brand)
        {
            writer.WriteString("fill", brand.Fill);
            writer.WriteString("ink", brand.Ink);
        }

        Number(writer, "logo", _pictures.Logo);
        Number(writer, "logoDark", _pictures.LogoDark);
        Text(writer, "words", string.Join(' ', SearchWords()));
        writer.WriteEndObject();
    }

    internal void WriteDetail(Utf8JsonWriter writer)
    {
        var (shown, manifest) = (_plugin.Interface, _plugin.Manifest);
        writer.WriteStartObject();
        Text(writer, "description", shown?.LongDescription ?? _plugin.Description);
        Texts(writer, "prompts", shown?.DefaultPrompts);
        Texts(writer, "claims", shown?.Capabilities);
        Texts(writer, "keywords", _plugin.Keywords ?? []);
        Text(writer, "license", _plugin.License);
        Text(writer, "author", _plugin.Author?.Name);
        Text(writer, "source", SourceText());
        Text(writer, "commit", _plugin.Sha ?? _plugin.Commit);
        Text(writer, "ref", _plugin.Ref);
        if (_plugin.HasHiddenText == true)
        {
            writer.WriteBoolean("hiddenText", true);
        }

        if (manifest is not null)
        {
            Items(writer, "skills",
                manifest.Skills.Select(skill => (skill.DisplayName ?? skill.Name, skill.ShortDescription ?? skill.Description)));
            Items(writer, "servers", manifest.McpServers.Select(
                server => (server.Name, server.Url ?? string.Join(' ', server.Arguments.Prepend(server.Command ?? "")))));
            Items(writer, "hooks", manifest.Hooks.Select(hook => (hook.Matcher is null ? hook.Event : $"{hook.Event} ({hook.Matcher})",
                hook.Command ?? hook.Prompt ?? $"{hook.Server}: {hook.Tool}")));
            Items(writer, "apps", manifest.Apps.Select(app => (app.Name, app.Category ?? "")));
            Items(writer, "commands", manifest.Commands.Select(command => (command.Name, command.Description)));
        }

        WriteLinks(writer);
        writer.WriteStartArray("screenshots");
        foreach (var picture in _pictures.Screenshots)
        {
            writer.WriteNumberValue(picture);
        }

        writer.WriteEndArray();
        Texts(writer, "notes", [.. _pictures.Notes.Select(WithoutRoots)]);
        WriteCommands(writer, InstallCommands.ForPlugin(_plugin));
        writer.WriteEndObject();
    }

    internal static void WriteCommands(Utf8JsonWriter writer, InstallCommands? commands)
    {
        if (commands is not null)
        {
            writer.WriteStartObject("install");
            writer.WriteString("PowerShell", commands.PowerShell);
            writer.WriteString("Codex", commands.Codex);
            writer.WriteString("Shell", commands.Shell);
            writer.WriteEndObject();
        }
    }

    private void WriteLinks(Utf8JsonWriter writer)
    {
        var (shown, manifest) = (_plugin.Interface, _plugin.Manifest);
        WebLink?[] links =
        [
            WebLink.Read("Website", shown?.WebsiteUrl ?? manifest?.Homepage),
            WebLink.Read("Source code", manifest?.Repository),
            WebLink.Read("Privacy policy", shown?.PrivacyPolicyUrl),
            WebLink.Read("Terms of service", shown?.TermsOfServiceUrl),
        ];
        writer.WriteStartArray("links");
        foreach (var link in links.OfType<WebLink>())
        {
            writer.WriteStartObject();
            writer.WriteString("label", link.Label);
            writer.WriteString("address", link.Address);
            writer.WriteString("host", link.Host);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private IEnumerable<string> SearchWords()
    {
        var manifest = _plugin.Manifest;
        string?[] texts = [_plugin.Description, _plugin.Interface?.LongDescription, .. _plugin.Keywords ?? []];
        IEnumerable<string> names = manifest is null ? []
            : [.. manifest.Skills.Select(s => s.Name), .. manifest.McpServers.Select(s => s.Name), .. manifest.Apps.Select(a => a.Name)];
        return texts.OfType<string>().Concat(names.Take(MostSearchNames)).Distinct(StringComparer.Ordinal);
    }

    private string? SourceText() => _plugin.GetEntry()?.Entry.Source switch
    {
        LocalSource local => local.Path.IsRoot ? "the marketplace's own folder" : $"{local.Path} in the marketplace",
        { } other => other.Description,
        null => null,
    };

    private int IndexOf(IReadOnlyList<Marketplace> marketplaces)
    {
        for (var i = 0; i < marketplaces.Count; i++)
        {
            if (marketplaces[i].CatalogPath == _plugin.CatalogPath)
            {
                return i;
            }
        }

        return -1;
    }

    private string WithoutRoots(string text) =>
        _roots.Aggregate(text, (rest, root) => rest.Replace(root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(root,
            "the marketplace's folder", StringComparison.Ordinal));

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            writer.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Count(Utf8JsonWriter writer, string name, int count)
    {
        if (count > 0)
        {
            writer.WriteNumber(name, count);
        }
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyCollection<string>? values)
    {
        if (values is { Count: > 0 })
        {
            writer.WriteStartArray(name);
            foreach (var value in values.Take(MostListed))
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }

    private static void Items(Utf8JsonWriter writer, string name, IEnumerable<(string Name, string Text)> items)
    {
        var all = items.ToList();
        if (all.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var (title, text) in all.Take(MostListed))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(title);
            writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
