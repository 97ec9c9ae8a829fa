namespace PluginMarket.Sources.Git;

/// <summary>The user's ssh command, made to fail instead of asking (threat C7).</summary>
internal static class SshCommand
{
    /// <param name="configured">GIT_SSH_COMMAND or core.sshCommand; null for plain ssh.</param>
    internal static string WithoutPrompts(string? configured)
    {
        var command = string.IsNullOrWhiteSpace(configured) ? "ssh" : configured.Trim();
        return IsPutty(command) ? command + " -batch" : command + " -o BatchMode=yes";
    }

    private static bool IsPutty(string command) =>
        command.Contains("plink", StringComparison.OrdinalIgnoreCase) && !command.Contains(" -o ", StringComparison.Ordinal);
}
