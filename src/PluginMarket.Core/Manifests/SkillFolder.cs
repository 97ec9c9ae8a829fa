using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>A folder with a skill that is to become part of a plugin.</summary>
/// <param name="Files">Its files; links are entries and are never followed.</param>
/// <param name="Skill">The skill as a plugin's reader sees it.</param>
/// <param name="FolderName">What its folder in the plugin is called: the skill's name where a folder may be called so on every
/// system.</param>
internal sealed record SkillFolder(FileTree Files, Skill Skill, string FolderName)
{
    /// <summary>Reads the folder.</summary>
    /// <exception cref="PluginMarketException">SourceUnreachable for a folder that cannot be read, ManifestInvalid for one
    /// without a usable skill, LimitExceeded.</exception>
    internal static SkillFolder Read(MarketEnvironment environment, string path)
    {
        FolderTree files;
        try
        {
            files = FolderTree.Read(path, environment.Files, environment.Limits);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The skill's folder '{path}' cannot be read: "
                + $"{problem} {Remedy.Do($"Choose a folder that exists and that you can read.")}", path, problem);
        }

        var own = Path.GetFileName(path);
        var place = IsFolderName(own) ? own : "skill";
        var probe = new AssembledTree().Add(".codex-plugin/plugin.json", """{"name":"probe"}""").Add("skills/" + place, files);
        var reading = ManifestReader.Read(probe, path, "probe", null, environment.Limits);
        var skill = reading.GetManifest().Skills.FirstOrDefault(found => found.Path == $"skills/{place}/{SkillReader.FileName}");
        if (skill is null)
        {
            var reason = reading.Warnings is [var warning, ..] ? warning.Message : $"It has no regular file {SkillReader.FileName}.";
            throw new PluginMarketException(MarketErrorCode.ManifestInvalid, $"'{path}' does not contain a skill that Codex loads. "
                + $"{reason} {Remedy.Do($"Fix the skill, or choose another folder.")}", path);
        }

        return new SkillFolder(files, skill, IsFolderName(skill.Name) ? skill.Name : place);
    }

    private static bool IsFolderName(string name) => PluginName.TryParse(name, out _, out _) && NameRules.CheckPortability(name) is null;
}
