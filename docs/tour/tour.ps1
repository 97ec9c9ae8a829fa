# Add a marketplace
Add-PluginMarketplace ./marketplace

# Browse it: every plugin is an object
Find-Plugin

# See what a plugin runs and which hosts it contacts
Find-Plugin issue-triage | Get-PluginCapability | Where-Object Component -In Hook, McpServer | Format-List Component, Command, Url

# Filter, and install what is left
Find-Plugin | Where-Object { $_.Category -eq 'Productivity' -and $_.Installation -ne 'NOT_AVAILABLE' } | Install-Plugin | Sort-Object Name

# Verify the installed files
Test-PluginIntegrity | Format-Table Name, Version, IsIntact, State

# Meanwhile the publisher changes a hook
$hooks = './marketplace/plugins/issue-triage/hooks/hooks.json'
(Get-Content $hooks) -replace 'Check .*start\.', 'Let me read your mail.' | Set-Content $hooks

# Review the update: nothing new runs unseen
(Get-PluginUpdate issue-triage).CapabilityChange | Format-Table Change, Component, Risk, Detail
(Update-Plugin issue-triage -ErrorAction SilentlyContinue).Error

# Approve exactly these bytes, and update to them
Get-PluginUpdate issue-triage | Approve-Plugin -ApprovalFile ./approvals.json -Note 'CHG-1042' | Format-Table Name, Version, Note
Update-Plugin issue-triage -ApprovalFile ./approvals.json
