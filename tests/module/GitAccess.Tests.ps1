# What every command takes that may have to reach a git repository: each is tried with each, so that who installs with them can review with them.
BeforeDiscovery {
    $plugins = @(
        @{ Name = 'Find-Plugin'; Call = { param($with) Find-Plugin tool -Resolve @at @with } }
        @{ Name = 'Get-PluginManifest'; Call = { param($with) Find-Plugin tool @at | Get-PluginManifest @with } }
        @{ Name = 'Get-PluginCapability'; Call = { param($with) Find-Plugin tool @at | Get-PluginCapability @with } }
        @{ Name = 'Compare-Plugin'; Call = { param($with) Find-Plugin tool @at | Compare-Plugin $folder @with } }
        @{ Name = 'Get-PluginUpdate'; Call = { param($with) Get-PluginUpdate tool @at @with } }
        @{ Name = 'Approve-Plugin'; Call = { param($with) Approve-Plugin tool@shop -ApprovalFile (Join-Path $at.HomePath 'approvals.json') @at @with } }
        @{ Name = 'Install-Plugin'; Call = { param($with) Install-Plugin tool@shop -Reinstall @at @with } }
        @{ Name = 'Install-Plugin -LockFile'; Call = { param($with) Install-Plugin -LockFile $lock -Frozen -Reinstall @at @with } }
        @{ Name = 'Update-Plugin'; Call = { param($with) Update-Plugin tool @at @with } }
        @{ Name = 'Repair-Plugin'; Call = { param($with) Repair-Plugin tool @at @with } }
        @{ Name = 'Export-PluginMarketplace'; Call = { param($with) Export-PluginMarketplace (Join-Path $at.HomePath 'frozen') -LockFile $lock -Frozen @at @with } }
        @{ Name = 'Export-PluginDirectory'; Call = { param($with) Export-PluginDirectory (Join-Path $at.HomePath 'page.html') -Resolve @at @with | ForEach-Object { Get-Content -Raw $_.FullName } } }
        @{ Name = 'Test-PluginMarketplace'; Call = { param($with) (Test-PluginMarketplace $shop -ResolveSource @at @with).Diagnostics.Message } }
    )
    $marketplaces = @(
        @{ Name = 'Add-PluginMarketplace'; Call = { param($with) Add-PluginMarketplace $source @at @with } }
        @{ Name = 'Set-PluginMarketplace'; Call = { param($with) Set-PluginMarketplace remote -Source $source @at @with } }
        @{ Name = 'Update-PluginMarketplace'; Call = { param($with) Update-PluginMarketplace remote @at @with } }
        @{ Name = 'Get-PluginUpdate -Refresh'; Call = { param($with) Get-PluginUpdate -Refresh @at @with } }
    )
}

BeforeAll {
    . $PSScriptRoot/Common.ps1

    # A server on loopback that asks for a login, notes the one it gets, and has no repository.
    $listener = [Net.HttpListener]::new()
    for ($try = 0; -not $listener.IsListening; $try++) {
        $authority = "127.0.0.1:$(Get-Random -Minimum 20000 -Maximum 32000)"
        $listener.Prefixes.Clear()
        $listener.Prefixes.Add("http://$authority/")
        try { $listener.Start() } catch { if ($try -eq 20) { throw }; $listener = [Net.HttpListener]::new() }
    }

    $logins = [Collections.Concurrent.ConcurrentBag[string]]::new()
    $server = [powershell]::Create()
    $null = $server.AddScript({
        param($listener, $logins)
        while ($listener.IsListening) {
            try { $context = $listener.GetContext() } catch { return }
            $given = "$($context.Request.Headers['Authorization'])"
            if ($given) { $logins.Add([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(($given -replace '^Basic ')))) }
            $context.Response.StatusCode = if ($given) { 404 } else { 401 }
            if (-not $given) { $context.Response.AddHeader('WWW-Authenticate', 'Basic realm="tests"') }
            $context.Response.Close()
        }
    }.ToString()).AddArgument($listener).AddArgument($logins)
    $run = $server.BeginInvoke()
    $credential = [pscredential]::new('bob', [System.Net.NetworkCredential]::new('', 'open-sesame').SecurePassword)
    $folder = New-TestPlugin (New-Folder) tool

    # A home in which a plugin is installed whose bytes have to be fetched from a source, by whatever command.
    function New-HomeOf([string] $Source) {
        $at = New-TestHome
        $shop = New-Folder
        $null = New-TestPlugin $shop tool
        Set-Catalog $shop shop @(New-Entry tool)
        Add-PluginMarketplace $shop @at
        $installed = Install-Plugin tool@shop -CacheVersion Manifest @at
        $lock = Join-Path $shop 'plugins.lock.json'
        $null = Export-PluginLockFile $lock @at
        $receipt = Join-Path $at.CodexHome 'plugins/.pluginmarket/receipts/shop/tool.json'
        foreach ($file in @{ Path = $lock; Key = 'url' }, @{ Path = $receipt; Key = 'location' }) {
            $text = (Get-Content -Raw $file.Path) -replace '(?s)"source": \{.*?\}', "`"source`": { `"type`": `"git`", `"$($file.Key)`": `"$Source`", `"commit`": `"$('a' * 40)`" }"
            [IO.File]::WriteAllText($file.Path, $text)
        }

        Add-Content (Join-Path $installed.Path 'skills/tool-skill/SKILL.md') 'Changed.'
        Set-Catalog $shop shop @(New-Entry tool @{ source = 'url'; url = $Source })
        @{ at = $at; shop = $shop; lock = $lock }
    }

    # A home with a git marketplace and a plugin of it.
    function New-HomeOfMarketplace([string] $Source) {
        $at = New-TestHome
        Set-Content (Join-Path $at.CodexHome 'config.toml') "[marketplaces.remote]`nsource_type = `"git`"`nsource = `"$Source`"`n[plugins.`"tool@remote`"]`nenabled = true"
        Copy-Item -Recurse $folder (Join-Path (New-Item -ItemType Directory (Join-Path $at.CodexHome 'plugins/cache/remote/tool')) '1.0.0')
        @{ at = $at }
    }

    # All that a command says, errors too.
    function Get-Said([scriptblock] $Call, [hashtable] $With) {
        $ErrorActionPreference = 'Continue'
        "$(& $Call $With *>&1 | ForEach-Object { if ($_ -is [string]) { $_ } else { $_ | Format-List * -Force | Out-String -Width 1000 } })"
    }
}

AfterAll {
    $listener.Stop()
    $null = $server.EndInvoke($run)
    $server.Dispose()
}

Describe 'Commands that may have to fetch' {
    It 'have the same parameters' {
        $commands = (Get-Command -Module PluginMarket).Where{ $_.Parameters.ContainsKey('GitEngine') }
        $commands.Name | Sort-Object | Should -Be ('Add-PluginMarketplace', 'Approve-Plugin', 'Compare-Plugin', 'Export-PluginDirectory', 'Export-PluginMarketplace', 'Find-Plugin', 'Get-PluginCapability', 'Get-PluginManifest',
            'Get-PluginUpdate', 'Install-Plugin', 'Repair-Plugin', 'Save-Plugin', 'Set-PluginMarketplace', 'Sync-Plugin', 'Test-PluginManifest', 'Test-PluginMarketplace', 'Test-PluginPolicy', 'Update-Plugin', 'Update-PluginMarketplace')
        foreach ($command in $commands) {
            $names = @('AllowHttp', 'Credential')
            # Whoever registers a marketplace names its host, so that there is none to allow.
            if ($command.Name -notin 'Add-PluginMarketplace', 'Set-PluginMarketplace', 'Update-PluginMarketplace') { $names += 'AllowHost' }
            foreach ($name in $names) { $command.Parameters.Keys | Should -Contain $name -Because $command.Name }
        }
    }
}

Describe '<Name>' -ForEach $plugins {
    It 'takes -AllowHttp' {
        $with = New-HomeOf 'http://nobody.invalid/tool'
        $at, $shop, $lock = $with.at, $with.shop, $with.lock
        Get-Said $Call @{} | Should -BeLike '*-AllowHttp*'
        $said = Get-Said $Call @{ AllowHttp = $true }
        $said | Should -Not -BeLike '*-AllowHttp*'
        $said | Should -BeLike '*nobody.invalid*'
    }

    It 'takes -Credential and -AllowHost' {
        $with = New-HomeOf "http://$authority/tool"
        $at, $shop, $lock = $with.at, $with.shop, $with.lock
        $logins.Clear()
        $null = Get-Said $Call @{ Credential = $credential }
        $logins | Should -BeNullOrEmpty
        $said = Get-Said $Call @{ Credential = $credential; AllowHost = $authority }
        $logins | Should -Contain 'bob:open-sesame' -Because $said
    }

    It 'takes -GitEngine' {
        $with = New-HomeOf "http://$authority/tool"
        $at, $shop, $lock = $with.at, $with.shop, $with.lock
        $before = $env:PLUGINMARKET_LIBGIT2
        $env:PLUGINMARKET_LIBGIT2 = Join-Path $at.HomePath 'none.so'
        try { Get-Said $Call @{ GitEngine = 'LibGit2' } | Should -BeLike '*none.so*' } finally { $env:PLUGINMARKET_LIBGIT2 = $before }
    }
}

Describe '<Name>' -ForEach $marketplaces {
    It 'takes -AllowHttp' {
        $source = 'http://nobody.invalid/shop'
        $at = (New-HomeOfMarketplace $source).at
        Get-Said $Call @{} | Should -BeLike '*-AllowHttp*'
        $said = Get-Said $Call @{ AllowHttp = $true }
        $said | Should -Not -BeLike '*-AllowHttp*'
        $said | Should -BeLike '*nobody.invalid*'
    }

    It 'takes -Credential for the host that the user named' {
        $source = "http://$authority/shop"
        $at = (New-HomeOfMarketplace $source).at
        $logins.Clear()
        $null = Get-Said $Call @{ Credential = $credential }
        $logins | Should -Contain 'bob:open-sesame'
    }
}
