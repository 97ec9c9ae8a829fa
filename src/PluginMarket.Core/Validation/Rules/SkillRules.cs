using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>Skills, and the commands that become skills.</summary>
internal static class SkillRules
{
    private const int DocumentedDescription = 1024;
    private const string Hello = "name: hello\ndescription: Says hello.";

    internal static readonly CheckRule[] All =
    [
        new("PM0501", Severity.Error, "The skill is not UTF-8")
        {
            Why = "Codex cannot read the file and does not load the skill.",
            Kinds = ["SkillEncoding"],
            Bad = SampleText.Manifest("", "skills/hello/SKILL.md (latin-1)",
                "---\nname: hello\ndescription: Gr\u00fc\u00dft.\n---\nSay hello.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Gr\u00fc\u00dft."),
        },
        new("PM0502", Severity.Error, "The skill has no front matter")
        {
            Why = "A SKILL.md begins with YAML between two lines of three hyphens. Codex does not load a skill without it.",
            Suggestion = "Add a line ---, name and description, and another line --- at the top of the file.",
            Kinds = ["SkillFrontMatter"],
            Bad = SampleText.Manifest("", "skills/hello/SKILL.md", "# Hello\n\nSay hello.\n"),
            Good = SampleText.Skill(Hello),
        },
        new("PM0503", Severity.Error, "The skill's front matter cannot be used")
        {
            Why = "Codex does not load a skill whose front matter is not YAML, or "
                + "has a name, description or metadata of the wrong type.",
            Kinds = ["SkillYaml"],
            Bad = SampleText.Skill("name: hello\ndescription:\n  - Says hello."),
            Good = SampleText.Skill(Hello),
        },
        new("PM0504", Severity.Error, "The skill has no description")
        {
            Why = "The model decides by the description when to use a skill. Codex does not load a skill without one.",
            Kinds = ["SkillDescription"],
            Bad = SampleText.Skill("name: hello"),
            Good = SampleText.Skill(Hello),
        },
        new("PM0505", Severity.Error, "The skill's name is too long")
        {
            Why = "Codex does not load a skill whose name has more than 64 characters.",
            Kinds = ["SkillNameTooLong"],
            Bad = SampleText.Skill($"name: {new string('h', 70)}\ndescription: Says hello."),
            Good = SampleText.Skill(Hello),
        },
        new("PM0506", Severity.Error, "The skill is outside the folders that Codex reads")
        {
            Why = "Codex looks for SKILL.md down to six folders below a skills folder, "
                + "and in the Agent Plugin format only directly in the folders of skills/.",
            Kinds = ["SkillTooDeep"],
            Bad = SampleText.Manifest("", "skills/1/2/3/4/5/6/7/SKILL.md",
                $"---\nname: \"7\"\ndescription: Says hello.\n---\nSay hello.\n"),
            Good = SampleText.Skill(Hello),
        },
        new("PM0507", Severity.Warning, "agents/openai.yaml is ignored")
        {
            Why = "One wrong type, and Codex ignores the whole file: display name, prompt and policy of the skill.",
            Kinds = ["SkillMetadataIgnored"],
            Bad = SampleText.Manifest("", "skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/hello/agents/openai.yaml",
                "policy:\n  allow_implicit_invocation: sometimes\n"),
            Good = SampleText.Manifest("", "skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/hello/agents/openai.yaml",
                "policy:\n  allow_implicit_invocation: false\n"),
        },
        new("PM0508", Severity.Information, "The skill is for other products only")
        {
            Why = "agents/openai.yaml names products without CODEX, so Codex does not load the skill.",
            Kinds = ["SkillOtherProduct"],
            Bad = SampleText.Manifest("", "skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/hello/agents/openai.yaml",
                "policy:\n  products: [CHATGPT]\n"),
            Good = SampleText.Manifest("", "skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/hello/agents/openai.yaml",
                "policy:\n  products: [CODEX, CHATGPT]\n"),
        },
        new("PM0509", Severity.Warning, "Two skills have one id")
        {
            Why = "Codex keeps both, and the name is ambiguous.",
            Plugin = static (plugin, report) =>
            {
                foreach (var same in (plugin.Manifest?.Skills ?? []).GroupBy(skill => skill.Id, StringComparer.Ordinal)
                    .Where(group => group.Skip(1).Any()))
                {
                    foreach (var second in same.Skip(1))
                    {
                        Front(second, "name", report, $"The skill \"{second.Name}\" is in {same.First().File} too.");
                    }
                }
            },
            Bad = SampleText.Manifest("", "skills/a/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/b/hello/SKILL.md",
                "---\nname: hello\ndescription: Says it again.\n---\nSay hello.\n"),
            Good = SampleText.Manifest("", "skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n", "skills/more/SKILL.md",
                "---\nname: more\ndescription: Says it again.\n---\nSay hello.\n"),
        },
        new("PM0510", Severity.Warning, "The skill has no body")
        {
            Why = "The instructions for the model follow the front matter. A skill without them is offered, but does nothing.",
            Plugin = static (plugin, report) =>
            {
                foreach (var skill in plugin.Manifest?.Skills ?? [])
                {
                    if (skill.Text is { } text && string.IsNullOrWhiteSpace(BodyOf(text)))
                    {
                        report.File(skill.Path, "The skill has no body after its front matter.");
                    }
                }
            },
            Bad = SampleText.Skill(Hello, ""),
            Good = SampleText.Skill(Hello),
        },
        new("PM0511", Severity.Warning, "A skill file's name differs in letter case")
        {
            Why = "The file must be named exactly SKILL.md; Codex ignores any other.",
            Suggestion = "Rename it to SKILL.md.",
            Plugin = static (plugin, report) =>
            {
                foreach (var file in plugin.Tree.Files.Where(file => file.Name != SkillReader.FileName && file.Name.Equals(
                    SkillReader.FileName, StringComparison.OrdinalIgnoreCase) && file.Path.StartsWith("skills/", StringComparison.Ordinal)))
                {
                    report.File(file.Path, $"Codex ignores a skill in a file named \"{file.Name}\".");
                }
            },
            Bad = SampleText.Manifest("", "skills/hello/Skill.md", $"---\n{Hello}\n---\nSay hello.\n"),
            Good = SampleText.Skill(Hello),
        },
        new("PM0512", Severity.Information, "The skill's description is longer than the documentation allows")
        {
            Why = "The published skill format allows 1024 characters. "
                + "Codex accepts more, other agents do not, and the whole description is part of every prompt.",
            Plugin = static (plugin, report) =>
            {
                foreach (var skill in plugin.Manifest?.Skills ?? [])
                {
                    if (skill.Text is not null && skill.Description.Length > DocumentedDescription)
                    {
                        Front(skill, "description", report, $"The description has {skill.Description.Length} characters.");
                    }
                }
            },
            Bad = SampleText.Skill($"name: hello\ndescription: {string.Join(' ', Enumerable.Repeat("again", 200))}"),
            Good = SampleText.Skill(Hello),
        },
        new("PM0513", Severity.Information, "The skill's name is not its folder's")
        {
            Why = "Codex uses the name in the front matter, other agents use the folder's: the skill has two names.",
            Plugin = static (plugin, report) =>
            {
                foreach (var skill in plugin.Manifest?.Skills ?? [])
                {
                    if (skill.Text is not null && skill.Path.Split('/') is [.., var folder, _] && folder != "skills"
                        && !folder.Equals(skill.Name, StringComparison.OrdinalIgnoreCase))
                    {
                        Front(skill, "name", report, $"The skill is named \"{skill.Name}\", its folder \"{folder}\".");
                    }
                }
            },
            Bad = SampleText.Skill("name: greet\ndescription: Says hello."),
            Good = SampleText.Skill(Hello),
        },
        new("PM0514", Severity.Warning, "A command does not become a skill")
        {
            Why = "When a plugin is installed, Codex creates a skill from each Markdown file in commands/, "
                + "or of each that the manifest's \"commands\" names, that has a description and uses no templating ($ARGUMENTS, $1, "
                + "{{…}}, !`…`, @file) and is not too long. It ignores the others.",
            Kinds = ["CommandIgnored"],
            Bad = SampleText.Manifest("", "commands/greet.md", "---\ndescription: Greets.\n---\nGreet $ARGUMENTS.\n"),
            Good = SampleText.Manifest("", "commands/greet.md", "---\ndescription: Greets.\n---\nGreet whom the user names.\n"),
        },
        new("PM0515", Severity.Warning, "A command that is not UTF-8")
        {
            Why = "Codex then turns no command of the plugin into a skill.",
            Kinds = ["CommandEncoding"],
            Bad = SampleText.Manifest("", "commands/greet.md (latin-1)", "---\ndescription: Gr\u00fc\u00dft.\n---\nGreet.\n"),
            Good = SampleText.Manifest("", "commands/greet.md", "---\ndescription: Gr\u00fc\u00dft.\n---\nGreet.\n"),
        },
        new("PM0517", Severity.Warning, "Commands of the wrong type")
        {
            Why = "\"commands\" is a path or an array of paths. For anything else (an object, a number, an array with something other than "
                + "a string) Codex creates no skill from any command; without the key, or with null, it uses commands/.",
            Kinds = ["CommandsFieldType"],
            Bad = SampleText.Manifest("\"commands\": { \"greet\": \"./commands/greet.md\" }", "commands/greet.md",
                "---\ndescription: Greets.\n---\nGreet whom the user names.\n"),
            Good = SampleText.Manifest("\"commands\": [\"./commands/greet.md\"]", "commands/greet.md",
                "---\ndescription: Greets.\n---\nGreet whom the user names.\n"),
        },
        new("PM0518", Severity.Warning, "Commands do not exist")
        {
            Why = "The paths in \"commands\" replace the default folder commands/ even if they do not exist; "
                + "only the Markdown files that it names become skills.",
            Kinds = ["CommandsNamedMissing"],
            Bad = SampleText.Manifest("\"commands\": \"./prompts\"", "commands/greet.md",
                "---\ndescription: Greets.\n---\nGreet whom the user names.\n"),
            Good = SampleText.Manifest("\"commands\": \"./prompts\"", "prompts/greet.md",
                "---\ndescription: Greets.\n---\nGreet whom the user names.\n"),
        },
        new("PM0516", Severity.Warning, "Files in the folder of generated skills")
        {
            Why = "Installing empties .codex-plugin/migrated-command-skills before it creates skills from commands: "
                + "files that the plugin has there are lost.",
            Kinds = ["ShippedMigratedSkills"],
            Bad = SampleText.Manifest("", ".codex-plugin/migrated-command-skills/hello/SKILL.md", $"---\n{Hello}\n---\nSay hello.\n"),
            Good = SampleText.Skill(Hello),
        },
    ];

    private static string BodyOf(string text)
    {
        var lines = text.Split('\n');
        var end = Array.FindIndex(lines, 1, line => line.Trim() == "---");
        return end < 0 ? text : string.Join('\n', lines[(end + 1)..]);
    }

    // At the line of a field of the front matter; its first line where it has none of that name.
    private static void Front(Skill skill, string field, RuleReport report, string message)
    {
        if (skill.Text is not { } text)
        {
            report.File(skill.Path, message);
            return;
        }

        var at = Array.FindIndex(text.Split('\n'), line => line.StartsWith(field + ":", StringComparison.Ordinal));
        report.Add(skill.Path, TextPlaces.Line(text, at < 0 ? 1 : at + 1), null, message, null, null);
    }
}
