# What the approved views show: rows of every view as an administrator could have them, good and bad, short and long.

$commit = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'
$hash = "sha256:$('9f86d081884c7d659a2feaa0c55ad015' * 2)"
$on = [DateTimeOffset]'2026-03-14T09:26:53Z'

@{
    'Marketplace' = @(
        @{ Name = 'corp'; SourceType = 'git'; Source = 'https://git.example.com/platform/agents/marketplace.git'; Ref = 'main'; Plugins = 124; Scope = 'User' }
        @{ Name = 'corp-marketplace-west'; SourceType = 'local'; Source = '/srv/marketplaces/west'; Ref = $null; Plugins = 7; Scope = 'Repository' }
    )
    'MarketplaceUpdateResult' = @(
        @{ Name = 'corp'; Status = 'Updated'; OldCommit = $commit; NewCommit = 'de9f2c7fd25e1b3afad3e85a0bd17d9b100db4b3'; Added = @('notes', 'mail'); Removed = @(); Changed = @('deploy') }
        @{ Name = 'corp-marketplace-west'; Status = 'Unchanged'; OldCommit = $commit; NewCommit = $commit; Added = @(); Removed = @(); Changed = @() }
    )
    'MarketplaceUpdateResult#Reason' = @(
        @{ Name = 'corp'; Status = 'Updated'; NewCommit = $commit; Reason = $null }
        @{ Name = 'tools'; Status = 'Failed'; NewCommit = $null; Reason = "Cannot reach 'https://git.example.com/tools.git': Could not resolve host. Check the address and the network, then run the command again." }
    )
    'Plugin' = @(
        @{ Name = 'notes'; Version = '1.4.0'; Marketplace = 'corp'; Installed = $true; Installation = 'AVAILABLE'; Category = 'Productivity'; Description = 'Takes notes in meetings and files them in the wiki, with the decisions first.' }
        @{ Name = 'deploy-kit'; Version = '2.1.0-rc.1'; Marketplace = 'corp-marketplace-west'; Installed = $false; Installation = 'INSTALLED_BY_DEFAULT'; Category = 'Dev Tools'; Description = 'Deploys to the clusters of the western region and watches what happens there.' }
        @{ Name = 'mail'; Version = $null; Marketplace = 'corp'; Installed = $false; Installation = 'NOT_AVAILABLE'; Category = $null; Description = $null }
    )
    'Plugin#Reason' = @(
        @{ Name = 'notes'; Version = '1.4.0'; Marketplace = 'corp'; Status = 'Available'; Reason = $null }
        @{ Name = 'old-reports-of-finance'; Version = $null; Marketplace = 'corp'; Status = 'Skipped'; Reason = "The source path '../reports' leads out of the marketplace. Use a path that begins with './'." }
        @{ Name = 'mail'; Version = $null; Marketplace = 'corp-marketplace-west'; Status = $null; Reason = "The folder 'plugins/mail' is missing." }
    )
    'InstalledPlugin' = @(
        @{ Name = 'notes'; Version = '1.4.0'; Marketplace = 'corp'; Enabled = $true; State = 'Installed'; Commit = $commit }
        @{ Name = 'deploy-kit'; Version = '2.1.0-rc.1'; Marketplace = 'corp-marketplace-west'; Enabled = $false; State = 'MarketplaceRemoved'; Commit = $null }
    )
    'PluginOperationResult' = @(
        @{ Name = 'notes'; Marketplace = 'corp'; Action = 'Install'; Version = '1.4.0'; Status = 'Installed'; Reason = $null }
        @{ Name = 'deploy-kit'; Marketplace = 'corp-marketplace-west'; Action = 'Update'; Version = '2.1.0'; Status = 'Failed'; Reason = 'The new version adds a hook (SessionStart: python3 scripts/greet.py) and nobody has accepted it. Use -AcceptCapability Hook to accept it.' }
        @{ Name = 'mail'; Marketplace = 'corp'; Action = 'Uninstall'; Version = '0.9.0'; Status = 'Removed'; Reason = $null }
    )
    'ManifestRepair' = @(
        @{ Status = 'Repaired'; Path = '/srv/marketplaces/west/.agents/plugins/marketplace.json'; Edits = @('PM0102: Remove the byte order mark.', '(12,41) PM1101: Write "AVAILABLE".') }
        @{ Status = 'WhatIf'; Path = '/srv/marketplaces/west/plugins/deploy-kit/hooks/greet.sh'; Edits = @('PM0812: Make the file executable.') }
    )
    'PluginManifest' = @(
        @{ Name = 'deploy-kit'; Version = '2.1.0'; Dialect = 'Codex'; Components = @('Skill', 'Hook', 'McpServer', 'App'); Description = 'Deploys to the clusters of the western region and watches what happens there.' }
    )
    'Skill' = @(
        @{ Id = 'deploy-kit:roll-out'; File = 'skills/roll-out/SKILL.md'; Description = 'Rolls a release out, one cluster after the other, and stops at the first alarm.' }
        @{ Id = 'deploy-kit:roll-back'; File = 'skills/roll-back/SKILL.md'; Description = 'Takes a release back.' }
    )
    'McpServer' = @(
        @{ Name = 'clusters'; Transport = 'stdio'; Enabled = $true; Command = 'node ./servers/clusters.js --read-only'; Url = $null }
        @{ Name = 'alarms'; Transport = 'streamable_http'; Enabled = $false; Command = $null; Url = 'https://alarms.example.com/mcp/v1' }
    )
    'App' = @(
        @{ Name = 'calendar'; Id = 'connector_2128aebfecb84f64a069897515042a44'; Category = 'Productivity'; File = '.app.json' }
    )
    'Hook' = @(
        @{ Event = 'PreToolUse'; Matcher = 'Bash|Write'; Type = 'command'; Timeout = 30; Command = 'python3 ./hooks/check.py --deny-by-default --log /var/log/agent-hooks.log' }
        @{ Event = 'UserPromptSubmit'; Matcher = $null; Type = 'prompt'; Timeout = $null; Command = $null }
    )
    'ManifestFinding' = @(
        @{ Kind = 'UnknownKey'; File = '.codex-plugin/plugin.json'; Line = 12; Message = "'licence' is not a key of the format and is ignored. Did you mean 'license'?" }
    )
    'Capability' = @(
        @{ Component = 'Hook'; Name = 'SessionStart'; Event = 'SessionStart'; Command = 'python3 scripts/greet.py --quietly everybody'; Url = $null }
        @{ Component = 'McpServer'; Name = 'alarms'; Event = $null; Command = $null; Url = 'https://alarms.example.com/mcp/v1' }
    )
    'CapabilityChange' = @(
        @{ Component = 'Hook'; Name = 'SessionStart'; Change = 'Added'; Risk = 'High'; Detail = 'Runs python3 scripts/greet.py --quietly everybody at every start of a session.' }
        @{ Component = 'Skill'; Name = 'deploy-kit:roll-out'; Change = 'Changed'; Risk = 'Low'; Detail = $null }
    )
    'ValidationResult' = @(
        @{ IsValid = $false; ErrorCount = 1; WarningCount = 1; Kind = 'Plugin'; Path = '/srv/marketplaces/west/plugins/deploy-kit'; Diagnostics = @(
                @{ Severity = 'Error'; RuleId = 'PM1104'; File = '/srv/marketplaces/west/plugins/deploy-kit/.codex-plugin/plugin.json'; Line = 3; Column = 14; IsAccepted = $false; Message = "The version '2.1' is not a semantic version. Use three numbers, as in 2.1.0." }
                @{ Severity = 'Warning'; RuleId = 'PM1301'; File = '/srv/marketplaces/west/plugins/deploy-kit/hooks/hooks.json'; Line = $null; Column = $null; IsAccepted = $true; Message = 'The hook runs a program that is not part of the plugin.' })
        }
        @{ IsValid = $true; ErrorCount = 0; WarningCount = 0; Kind = 'Plugin'; Path = '/srv/marketplaces/west/plugins/notes'; Diagnostics = @() }
    )
    'Diagnostic' = @(
        @{ Severity = 'Error'; RuleId = 'PM1104'; Line = 3; Column = 14; Message = "The version '2.1' is not a semantic version. Use three numbers, as in 2.1.0."; File = '.codex-plugin/plugin.json' }
        @{ Severity = 'Information'; RuleId = 'PM1301'; Line = $null; Column = $null; Message = 'The hook runs a program that is not part of the plugin.'; File = 'plugins/deploy-kit/hooks/hooks.json' }
    )
    'ManifestRule' = @(
        @{ Id = 'PM1104'; Severity = 'Error'; Family = 'Manifest'; Title = 'The version is a semantic version' }
        @{ Id = 'PM1301'; Severity = 'Information'; Family = 'Hooks'; Title = 'A hook runs programs of its plugin' }
    )
    'PluginUpdate' = @(
        @{ Name = 'notes'; Marketplace = 'corp'; FromVersion = '1.4.0'; ToVersion = '1.5.0'; Change = 'NewVersion'; Risk = 'None' }
        @{ Name = 'deploy-kit'; Marketplace = 'corp-marketplace-west'; FromVersion = '2.1.0-rc.1'; ToVersion = '2.1.0-rc.1'; Change = 'ContentChanged'; Risk = 'High' }
    )
    'PluginUpdate#Reason' = @(
        @{ Name = 'notes'; Marketplace = 'corp'; FromVersion = '1.4.0'; ToVersion = '1.5.0'; Change = 'NewVersion'; Reason = $null }
        @{ Name = 'mail'; Marketplace = 'corp'; FromVersion = '0.9.0'; ToVersion = $null; Change = 'NoLongerListed'; Reason = "Marketplace 'corp' does not list it any more." }
    )
    'PluginApproval' = @(
        @{ Name = 'deploy-kit'; Marketplace = 'corp-marketplace-west'; Version = '2.1.0'; ApprovedBy = 'ada'; ApprovedOn = $on }
    )
    'PluginHistoryEntry' = @(
        @{ On = $on; By = 'ada'; Action = 'AddMarketplace'; Subject = 'corp'; Version = $null; Note = $null }
        @{ On = $on.AddMinutes(2); By = 'CORP\svc-agents'; Action = 'Install'; Subject = 'deploy-kit@corp-marketplace-west'; Version = '2.1.0-rc.1'; Note = $null }
        @{ On = $on.AddDays(3); By = 'ada'; Action = 'Hold'; Subject = 'notes@corp'; Version = '1.4.0'; Note = 'CHG-7: wait until the release of finance is out.' }
    )
    'CapabilityRecord' = @(
        @{ Component = 'Hook'; Name = 'SessionStart'; File = 'hooks/hooks.json'; Hash = $hash }
    )
    'PluginCacheItem' = @(
        @{ Name = 'notes'; Marketplace = 'corp'; Version = '1.3.0'; Kind = 'Kept'; Status = 'Removed'; Size = 18231 }
        @{ Name = $null; Marketplace = $null; Version = $null; Kind = 'Staging'; Status = 'Removed'; Size = 104857600 }
    )
    'IntegrityResult' = @(
        @{ Name = 'notes'; Version = '1.4.0'; Marketplace = 'corp'; IsIntact = $true; State = 'Intact'; Reason = $null }
        @{ Name = 'deploy-kit'; Version = '2.1.0'; Marketplace = 'corp-west'; IsIntact = $false; State = 'Changed'; Reason = '1 file differs and 1 is missing. Use Repair-Plugin to fetch the recorded bytes again.' }
        @{ Name = 'mail'; Version = $null; Marketplace = 'corp'; IsIntact = $null; State = 'NotRecorded'; Reason = 'Another program installed it, so there is nothing to compare it with.' }
    )
    'PluginLockFile' = @(
        @{ Plugins = 12; Path = '/srv/fleet/plugins.lock.json' }
    )
    'PluginLockEntry' = @(
        @{ Name = 'notes'; Version = '1.4.0'; Marketplace = 'corp'; SourceType = 'git'; Commit = $commit; HeldAgainstCodex = $true }
        @{ Name = 'deploy-kit'; Version = '2.1.0-rc.1'; Marketplace = 'corp-marketplace-west'; SourceType = 'local'; Commit = $null; HeldAgainstCodex = $null }
    )
    'PluginSecurityContext' = @(
        @{ ApprovalPolicy = 'on-request'; SandboxMode = 'workspace-write'; HooksAllowed = $true; UntrustedHooks = 2; CodexHome = '/home/ada/.codex' }
    )
    'PluginPolicy' = @(
        @{ Layer = 'Machine'; Id = 'corp-baseline'; Mode = 'Enforce'; State = 'Active'; Path = '/etc/pluginmarket/policy.json' }
        @{ Layer = 'Codex'; Id = $null; Mode = 'Enforce'; State = 'Active'; Path = '/etc/codex/requirements.toml' }
        @{ Layer = 'Command'; Id = $null; Mode = $null; State = 'Unreadable'; Path = '/home/ada/policies/next-quarter/policy.json' }
    )
    'PluginPolicyRule' = @(
        @{ Id = 'MKT-ALLOW'; Kind = 'marketplace'; Effect = 'allow'; Mode = 'Enforce'; Policy = 'corp-baseline'; Reason = $null }
        @{ Id = 'CAP-NPX'; Kind = 'capability'; Effect = 'deny'; Mode = 'Audit'; Policy = 'corp-baseline'; Reason = 'Packages that npx fetches are not reviewed.' }
    )
    'PluginPolicyResult' = @(
        @{ Subject = 'notes@corp'; Effect = 'Allowed'; Rule = $null; Layer = $null; Reason = $null }
        @{ Subject = 'deploy-kit@corp-marketplace-west'; Effect = 'Denied'; Rule = 'CAP-NPX'; Layer = 'Machine'; Reason = "Its MCP server 'search' runs npx. Packages that npx fetches are not reviewed." }
        @{ Subject = 'mail@corp'; Effect = 'Unknown'; Rule = 'CAP-NPX'; Layer = 'Machine'; Reason = 'What it can do is not known' }
    )
    'PluginPolicyExport' = @(
        @{ Format = 'CodexRequirements'; Path = '/etc/codex/requirements.toml'; Coverage = @('MKT-ALLOW: Exact', 'CAP-NPX: None') }
        @{ Format = 'CodexManagedConfig'; Path = $null; Coverage = @('MKT-ALLOW: None') }
    )
    'PluginPolicyCoverage' = @(
        @{ RuleId = 'MKT-ALLOW'; Fidelity = 'Exact'; Note = 'Codex takes the spellings that are listed.' }
        @{ RuleId = 'PLG-MINER'; Fidelity = 'Looser'; Note = 'Codex turns off the ids that are known today.' }
    )
    'PluginPolicyVerdict' = @(
        @{ Effect = 'Denied'; Rule = 'CAP-NPX'; Policy = 'corp-baseline'; Line = 21; Reason = "Its MCP server 'search' runs npx" }
        @{ Effect = 'Allowed'; Rule = $null; Policy = 'requirements.toml'; Line = $null; Reason = 'Nothing in this layer stands against it.' }
    )
    'PluginHookTrust' = @(
        @{ Plugin = 'deploy-kit@corp-marketplace-west'; Event = 'SessionStart'; Trust = 'Untrusted'; TrustSource = $null; Command = 'python3 scripts/greet.py --quietly everybody' }
        @{ Plugin = 'notes@corp'; Event = 'PreToolUse'; Trust = 'Approved'; TrustSource = 'User'; Command = './hooks/check.sh' }
    )
    'EnvironmentCheck' = @(
        @{ Name = 'Git'; Status = 'OK'; Target = '/usr/bin/git'; Message = 'git 2.51.0' }
        @{ Name = 'Configuration'; Status = 'Failed'; Target = '/home/ada/.codex/config.toml'; Message = "config.toml(12,8): a value is missing after '='. Codex does not start with this file. Add the value or remove the line." }
    )
    'PluginSyncItem' = @(
        @{ Id = 'corp'; Planned = 'AddMarketplace'; Status = 'Changed'; Expected = 'https://git.example.com/plugins.git'; Actual = '(none)'; Reason = $null }
        @{ Id = 'deploy-kit@corp'; Planned = 'Update'; Status = 'Updated'; Expected = '2.1.0'; Actual = '2.0.0'; Reason = $null }
        @{ Id = 'report@corp'; Planned = 'None'; Status = 'Skipped'; Expected = '(none)'; Actual = '1.0.0'; Reason = 'The desired state does not list it.' }
    )
    'PluginDrift' = @(
        @{ ComputerName = 'build01'; Subject = 'deploy-kit@corp'; Kind = 'Content'; Severity = 'Error'; Expected = $hash; Actual = 'sha256:c90ffca70f5e5830221e4b29cf9b13c56ee9883c3dc2779cd40921fefceef460' }
        @{ ComputerName = 'build02'; Subject = 'build02'; Kind = 'NoReport'; Severity = 'Error'; Expected = 'a report'; Actual = '(none)' }
    )
    'PluginHome' = @(
        @{ UserName = 'alice'; CodexHome = '/home/alice/.codex'; Exists = $true; Owner = 'alice'; Plugins = 12; Problem = $null }
        @{ UserName = 'build-agent-of-the-west'; CodexHome = '/home/build-agent-of-the-west/.codex'; Exists = $true; Owner = 'root'; Plugins = 3; Problem = 'It belongs to root, not to build-agent-of-the-west.' }
        @{ UserName = 'carol'; CodexHome = '/home/carol/.codex'; Exists = $false; Owner = $null; Plugins = $null; Problem = $null }
    )
    'PluginInventory' = @(
        @{ ComputerName = 'build01'; UserName = 'dev'; Plugins = @(1, 2, 3); StateId = 'dev-laptop'; StateRevision = '2026-11-29.3'; CollectedOn = $on }
    )
    'PluginFleetSummary' = @(
        @{ Expected = 300; Reporting = 299; InSync = 290; Drifted = 8; Unknown = 2 }
    )
}
