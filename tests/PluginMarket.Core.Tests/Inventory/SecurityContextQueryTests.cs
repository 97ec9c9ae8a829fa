using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class SecurityContextQueryTests
{
    [Fact]
    public void What_nothing_sets_is_the_agents_default()
    {
        using var home = new TestHome();

        var context = Read(home);

        Assert.Equal((null, "Default", null, "Default"),
            (context.ApprovalPolicy, context.ApprovalPolicySource, context.SandboxMode, context.SandboxModeSource));
        Assert.Equal((true, "Default", true, "Default"),
            (context.PluginsEnabled, context.PluginsEnabledSource, context.HooksAllowed, context.HooksAllowedSource));
        Assert.Empty(context.Hooks);
    }

    [Fact]
    public void Each_value_comes_with_its_layer()
    {
        using var home = new TestHome();
        home.Scratch.Write("etc/config.toml", "approval_policy = \"untrusted\"\nsandbox_mode = \"read-only\"\n");
        home.WriteConfig("approval_policy = \"never\"\n[features]\nhooks = false\n");
        var context = Read(home);
        Assert.Equal(("never", "User", "read-only", "System", false, "User"), (context.ApprovalPolicy, context.ApprovalPolicySource,
            context.SandboxMode, context.SandboxModeSource, context.HooksAllowed, context.HooksAllowedSource));

        home.Scratch.Write("etc/managed_config.toml", "approval_policy = \"on-request\"\n");
        home.Scratch.Write("etc/requirements.toml", "allowed_sandbox_modes = [\"read-only\"]\nallow_managed_hooks_only = true\n");
        context = Read(home);
        Assert.Equal(("on-request", "Managed", false, "Requirements"),
            (context.ApprovalPolicy, context.ApprovalPolicySource, context.HooksAllowed, context.HooksAllowedSource));
        Assert.Equal(["read-only"], context.AllowedSandboxModes!);
        Assert.Null(context.AllowedApprovalPolicies);
        Assert.Equal(3, context.ConfigurationFiles.Length);
        Assert.Equal(home.Scratch["etc/requirements.toml"], context.RequirementsFile);
    }

    [Fact]
    public void Trust_is_told_hook_by_hook_and_nothing_is_written()
    {
        using var home = new TestHome();
        var folder = home.WriteCached("tool", "shop");
        home.Scratch.Write(Path.GetRelativePath(home.Scratch.Path, Path.Join(folder, "hooks/hooks.json")), """
            {"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo one"},{"type":"command","command":"echo two"},{"type":"command","command":"echo three"}]}]}}
            """);
        File.AppendAllText(home.ConfigPath, """
            [hooks.state."tool@shop:hooks/hooks.json:stop:0:0"]
            trusted_hash = "sha256:aa"
            trusted_content_hash = "sha256:bb"

            [hooks.state."tool@shop:hooks/hooks.json:stop:0:1"]
            trusted_hash = "sha256:aa"
            enabled = false
            """);
        var before = ScratchFolder.Inventory(home.Scratch.Path);

        var context = Read(home);

        Assert.Equal(
            [("tool@shop:hooks/hooks.json:stop:0:0", "Approved", "User", "echo one"), ("tool@shop:hooks/hooks.json:stop:0:1", "Disabled",
                "User", "echo two"), ("tool@shop:hooks/hooks.json:stop:0:2", "Untrusted", "Default", "echo three")],
            context.Hooks.Select(hook => (hook.Key, hook.Trust, hook.TrustSource, hook.Command!)));
        Assert.Equal(("sha256:aa", "sha256:bb", 1),
            (context.Hooks[0].TrustedHash, context.Hooks[0].TrustedContentHash, context.UntrustedHooks));
        Assert.Equal(before, ScratchFolder.Inventory(home.Scratch.Path));
    }

    private static PluginSecurityContext Read(TestHome home) => new SecurityContextQuery(home.Environment).Read();
}
