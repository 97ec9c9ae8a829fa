using PluginMarket.Interop.Tests.Answers;

namespace PluginMarket.Interop.Tests;

/// <summary>The words of a requirements.toml about marketplaces; <c>SCENE</c> stands for the folder of the scene.</summary>
internal static class RequirementText
{
    internal const string Restricted = "[marketplaces]\nrestrict_to_allowed_sources = true\n";

    internal static string Git(string url, string? reference = null) =>
        $"[marketplaces.allowed_sources.a]\nsource = \"git\"\nurl = \"{url}\"\n" + (reference is null ? "" : $"ref = \"{reference}\"\n");

    internal static string Host(string pattern) =>
        $"[marketplaces.allowed_sources.a]\nsource = \"host_pattern\"\nhost_pattern = \"{pattern}\"\n";

    internal static string Local(string folder, string key = "a") =>
        $"[marketplaces.allowed_sources.{key}]\nsource = \"local\"\npath = \"SCENE/{folder}\"\n";

    /// <summary>Puts a text in place for the runs of a scene; an empty one is none.</summary>
    internal static void Put(AnswerScene scene, string requirements)
    {
        if (requirements.Length > 0)
        {
            scene.Administer("requirements.toml", requirements.Replace("SCENE", scene[""].TrimEnd('/'), StringComparison.Ordinal));
        }
    }
}
