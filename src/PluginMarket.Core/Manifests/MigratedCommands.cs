using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The skills that Codex makes of a plugin's Markdown commands at install (contract 2.8).</summary>
internal static class MigratedCommands
{
    /// <summary>The folder of the cache copy that holds them. Codex empties it first, whatever the source ships there.</summary>
    public const string Folder = ".codex-plugin/migrated-command-skills";

    private const int MostNameCharacters = 64;
    private const int MostBytes = 4000;

    /// <summary>Makes the files; none for the Agent format.</summary>
    /// <param name="tree">The plugin's tree.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="limits">Caps on what is read; the documented ones where null.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.LimitExceeded"/> where a command file is too long.</exception>
    public static IReadOnlyList<GeneratedFile> Generate(FileTree tree, PluginManifest manifest, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Dialect == "Agent")
        {
            return [];
        }

        try
        {
            return [.. Read(new PluginPass(tree, manifest.Path, limits ?? Limits.Default), manifest.Json.Root["commands"])
                .Select(c => c.ToFile())];
        }
        catch (RefusedManifestException refusal)
        {
            throw refusal.Refusal.ToException();
        }
    }

    /// <param name="reading">The plugin.</param>
    /// <param name="named">What the manifest says of its commands.</param>
    internal static List<MigratedCommand> Read(PluginPass reading, JsonValue? named)
    {
        if (reading.Tree.Find(Folder) is { } shipped)
        {
            reading.Warn("ShippedMigratedSkills", shipped.Path,
                "The plugin ships files in the folder of generated skills; Codex deletes them when it installs.");
        }

        var candidates = new List<MigratedCommand>();
        foreach (var (file, name) in CommandFiles.Find(reading, named))
        {
            if (file.Path.StartsWith(Folder + "/", StringComparison.Ordinal))
            {
                continue;
            }

            var text = reading.ReadText(file);
            if (text is null)
            {
                reading.Warn("CommandsIgnored", file.Path,
                    "Codex makes no skill of any command: this file is not UTF-8.", "CommandEncoding");
                return [];
            }

            var command = MigratedCommand.Parse(file.Path, name, text, out var finding);
            if (command is null)
            {
                reading.Warn("CommandIgnored", file.Path, $"Codex makes no skill of this command: {finding}.");
                continue;
            }

            candidates.Add(command);
        }

        var made = new List<MigratedCommand>();
        foreach (var sameName in candidates.GroupBy(c => c.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var command = sameName.First();
            var finding = sameName.Count() > 1 ? "another command has the same name"
                : command.Name.Length > MostNameCharacters ? $"its name is longer than {MostNameCharacters} characters"
                : Encoding.UTF8.GetByteCount(command.Render()) > MostBytes ? $"the skill would be longer than {MostBytes} bytes"
                : null;
            if (finding is null)
            {
                made.Add(command);
                continue;
            }

            foreach (var ignored in sameName)
            {
                reading.Warn("CommandIgnored", ignored.Path, $"Codex makes no skill of this command: {finding}.");
            }
        }

        return made;
    }
}
