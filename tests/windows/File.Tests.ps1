Describe 'A file' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Common.ps1')
        function Set-Version([string] $Market, [string] $Version) {
            $path = Join-Path $Market 'plugins\notes\.codex-plugin\plugin.json'
            (Get-Content -Raw $path) -replace '"version": "[^"]*"', "`"version`": `"$Version`"" | Set-Content -NoNewline $path
        }
    }

    BeforeEach {
        $market = New-Market
        $own = New-TestHome
        Add-PluginMarketplace $market @own
    }

    It 'cannot be replaced while a program runs in its folder, and the old version stays whole until that ends' {
        $null = Install-Plugin notes @own
        $folder = (Get-InstalledPlugin notes @own).Path
        $before = Get-FolderState $folder
        Set-Version $market '1.1.0'
        $current = [Environment]::CurrentDirectory
        [Environment]::CurrentDirectory = $folder
        try {
            Get-Failure { Install-Plugin notes -Reinstall @own -ErrorAction Stop } | Should -Be PluginInUse
            [Environment]::CurrentDirectory = Split-Path $folder
            Get-Failure { Uninstall-Plugin notes @own -Confirm:$false -ErrorAction Stop } | Should -Be PluginInUse
            Get-FolderState $folder | Should -Be $before
        }
        finally {
            [Environment]::CurrentDirectory = $current
        }

        (Install-Plugin notes -Reinstall @own).Status | Should -BeIn Updated, Installed
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
        (Uninstall-Plugin notes @own -Confirm:$false).Status | Should -Be Removed
    }

    It 'that is read-only in the source is installed, replaced and removed' {
        $file = Get-Item (Join-Path $market 'plugins\notes\skills\notes-skill\SKILL.md')
        $file.IsReadOnly = $true

        (Install-Plugin notes @own).Status | Should -Be Installed
        (Install-Plugin notes -Reinstall @own).Status | Should -BeIn Updated, Unchanged, Installed
        $file.IsReadOnly = $false
        (Uninstall-Plugin notes @own -Confirm:$false).Status | Should -Be Removed
    }

    It 'of the installed version that is read-only does not keep the plugin' {
        $null = Install-Plugin notes @own
        Get-ChildItem -Recurse -File (Get-InstalledPlugin notes @own).Path | ForEach-Object { $_.IsReadOnly = $true }
        Set-Version $market '1.1.0'

        (Install-Plugin notes -Reinstall @own).Status | Should -Be Updated
        (Uninstall-Plugin notes @own -Confirm:$false).Status | Should -Be Removed
        Join-Path $own.CodexHome 'plugins\cache\corp\notes' | Should -Not -Exist
    }

    It 'config.toml that is read-only is refused with the reason and left as it is' {
        $config = Get-Item (Join-Path $own.CodexHome config.toml)
        $before = Get-FileHash $config
        $config.IsReadOnly = $true
        try {
            Get-Failure { Disable-Plugin 'notes@corp' @own -ErrorAction Stop } | Should -Not -BeIn 'none', ''
            (Get-FileHash $config).Hash | Should -Be $before.Hash
        }
        finally {
            $config.IsReadOnly = $false
        }
    }

    It 'config.toml keeps its line ends' {
        $config = Join-Path $own.CodexHome config.toml
        "# mine`r`nmodel = `"x`"`r`n`r`n" + ((Get-Content -Raw $config) -replace "(?<!`r)`n", "`r`n") | Set-Content -NoNewline $config

        $null = Install-Plugin notes @own
        $null = Disable-Plugin 'notes@corp' @own

        $text = Get-Content -Raw $config
        $text | Should -BeLike "# mine`r`nmodel = *enabled = false*"
        $text | Should -Not -Match "(?<!`r)`n"
    }

    It 'tree has the digest that it has on Linux' {
        $root = $env:PLUGINMARKET_TEST_TREE
        Add-PluginMarketplace $root @own

        $null = Install-Plugin 'same@tree' @own
        $lock = Join-Path (New-Folder) plugins.lock.json
        $null = Export-PluginLockFile -Path $lock @own

        ((Get-Content -Raw $lock | ConvertFrom-Json).plugins | Where-Object id -EQ 'same@tree').treeHash | Should -BeExactly $env:PLUGINMARKET_TEST_DIGEST
    }

    It 'of locks has forward slashes and line feeds alone, and restores on another home' {
        $null = Install-Plugin notes, deploy @own
        $lock = Join-Path (Split-Path $market) plugins.lock.json
        $null = Export-PluginLockFile -Path $lock @own
        $other = New-TestHome
        Add-PluginMarketplace $market @other

        $text = Get-Content -Raw $lock
        $text | Should -Not -Match '\\\\'
        $text | Should -Not -Match "`r"
        $text | Should -Match '"path": "\./[^"]*/plugins/notes"'
        (Install-Plugin -LockFile $lock -Frozen @other).Status | Should -Be Installed, Installed
        (Test-PluginIntegrity -LockFile $lock @other).IsIntact | Should -Be $true, $true
    }

    It 'of states and inventories are written, read and applied' {
        $null = Install-Plugin notes @own
        $folder = New-Folder
        $state = (Export-PluginState -Path (Join-Path $folder 'mine.json') @own).FullName
        (Sync-Plugin $state @own).Status | Sort-Object -Unique | Should -Be 'Unchanged'
        $file = Export-PluginInventory $folder @own
        (Import-PluginInventory $file.FullName).Plugins.Id | Should -Be (Get-PluginInventory @own).Plugins.Id
        Get-PluginDrift -InventoryPath $file.FullName -RequiredPluginFile $state -Quiet @own | Should -BeTrue
    }

    It 'of profiles are listed with their homes, and a home of this call is worked in' {
        $found = Get-PluginHome @own
        $found.CodexHome, $found.Exists, $found.Problem | Should -Be $own.CodexHome, $true, $null
        @($found | Get-PluginHome).CodexHome | Should -Be $own.CodexHome
        @(Get-PluginHome -AllUsers -IncludeSystem @own).HomePath | Should -Contain $env:USERPROFILE
    }

    It 'of locks on another drive names its plugins with forward slashes too' {
        $null = Install-Plugin notes @own
        $lock = Join-Path (New-Folder) 'plugins.lock.json'
        $null = Export-PluginLockFile -Path ('D:' + $lock.Substring(2)) @own

        Get-Content -Raw $lock | Should -Match '"path": "(C:|\.)/[^"\\]*plugins/notes"'
        @(Get-PluginLockFile $lock).Count | Should -BeGreaterThan 0
        (Get-PluginPolicy @own).State | Should -Contain 'Absent'
        Test-PluginPolicy -LockFile $lock -Quiet @own | Should -BeTrue
        $policy = New-PluginPolicy (Join-Path (Split-Path $lock) 'policy.json') @own
        (Export-PluginPolicy CodexManagedConfig -PolicyPath $policy.FullName -AllowPartial @own).Format | Should -Be 'CodexManagedConfig'
    }
}
