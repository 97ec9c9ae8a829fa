using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Marketplaces;

namespace PluginMarket.Validation.Rules;

/// <summary>The policy of entries.</summary>
internal static class PolicyRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM1101", Severity.Error, "The installation policy is not known")
        {
            Why = "AVAILABLE, NOT_AVAILABLE or INSTALLED_BY_DEFAULT, in exactly this form. "
                + "Codex rejects the whole file for any other value; "
                + "PluginMarket lists that entry as skipped.",
            Kinds = ["PolicyInstallation"],
            Bad = SampleText.Entry("\"policy\": { \"installation\": \"available\" }"),
            Good = SampleText.Entry("\"policy\": { \"installation\": \"AVAILABLE\" }"),
        },
        new("PM1102", Severity.Error, "The authentication policy is not known")
        {
            Why = "ON_INSTALL or ON_USE, in exactly this form. Codex rejects the whole file for any other value, NONE included.",
            Kinds = ["PolicyAuthentication"],
            Bad = SampleText.Entry("\"policy\": { \"authentication\": \"NONE\" }"),
            Good = SampleText.Entry("\"policy\": { \"authentication\": \"ON_USE\" }"),
        },
        new("PM1103", Severity.Error, "The products are not known")
        {
            Why = "An array of CODEX, CHATGPT and ATLAS, all upper or all lower case. Codex rejects the whole file for anything else.",
            Kinds = ["PolicyProducts"],
            Bad = SampleText.Entry("\"policy\": { \"products\": [\"CODEX\", \"CLAUDE\"] }"),
            Good = SampleText.Entry("\"policy\": { \"products\": [\"CODEX\"] }"),
        },
        new("PM1104", Severity.Error, "The policy is not an object")
        {
            Why = "Codex rejects the whole file, also for null.",
            Kinds = ["PolicyShape"],
            Bad = SampleText.Entry("\"policy\": null"),
            Good = SampleText.Entry("\"policy\": {}"),
        },
        new("PM1105", Severity.Warning, "The entry is hidden from Codex")
        {
            Why = "Its products do not include CODEX, or are empty: Codex does not list the entry, "
                + "and reports that it does not exist.",
            Kinds = ["PolicyHidden"],
            Bad = SampleText.Entry("\"policy\": { \"products\": [] }"),
            Good = SampleText.Entry("\"policy\": { \"products\": [\"CODEX\"] }"),
        },
        new("PM1106", Severity.Information, "INSTALLED_BY_DEFAULT installs nothing by itself")
        {
            Why = "For local and git marketplaces Codex reports the policy and installs nothing. "
                + "PluginMarket installs such plugins with Install-Plugin -Default.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries.Where(entry => entry.Installation == "INSTALLED_BY_DEFAULT"))
                {
                    report.Value(catalog.Path, entry.Node["policy"]?["installation"] ?? entry.Node["policy"] ?? entry.Node,
                        "Codex does not install this plugin by itself.", null, entry.Name);
                }
            },
            Bad = SampleText.Entry("\"policy\": { \"installation\": \"INSTALLED_BY_DEFAULT\" }"),
            Good = SampleText.Entry("\"policy\": { \"installation\": \"AVAILABLE\" }"),
        },
        new("PM1107", Severity.Warning, "An unknown key of the policy")
        {
            Why = "Codex ignores it without a message: the rule that it was to set is not applied.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    foreach (var member in entry.Node["policy"]?.Members ?? [])
                    {
                        if (member.Name is not ("installation" or "authentication" or "products"))
                        {
                            report.Key(catalog.Path, member.Value, $"Codex does not know \"{member.Name}\" in a policy.",
                                NearestName.FindTypo(member.Name, ["installation", "authentication", "products"]) is { } meant
                                    ? $"Write \"{meant}\"." : "Known are installation, authentication and products.", entry.Name);
                        }
                    }
                }
            },
            Bad = SampleText.Entry("\"policy\": { \"install\": \"NOT_AVAILABLE\" }"),
            Good = SampleText.Entry("\"policy\": { \"installation\": \"NOT_AVAILABLE\" }"),
        },
        new("PM1108", Severity.Warning, "The policy is an array that older versions of Codex refuse")
        {
            Why = "Codex reads an array as installation, authentication and products. Codex 0.171 uses the defaults for missing items; "
                + "0.169 rejects the whole file unless all three are given.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    if (entry.Node["policy"] is { Kind: JsonKind.Array, Items.Count: < EntryPolicy.FieldCount } policy)
                    {
                        report.Value(catalog.Path, policy, "Codex 0.169 rejects the file for a policy with fewer than three items.",
                            "Use an object with the keys installation, authentication and products.", entry.Name);
                    }
                }
            },
            Bad = SampleText.Entry("\"policy\": [\"NOT_AVAILABLE\"]"),
            Good = SampleText.Entry("\"policy\": { \"installation\": \"NOT_AVAILABLE\" }"),
        },
    ];
}
