BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Remove-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        Add-PluginMarketplace (New-SampleMarketplace 'extra') @at
    }

    It 'removes by name, and gives what was removed with -PassThru' {
        Remove-PluginMarketplace extra @at -Confirm:$false | Should -BeNullOrEmpty
        (Remove-PluginMarketplace corp @at -Confirm:$false -PassThru).Name | Should -Be 'corp'
        Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Not -Match 'marketplaces'
    }

    It 'takes wildcards' {
        Remove-PluginMarketplace 'e*' @at -Confirm:$false
        (Get-PluginMarketplace @at -Scope User).Name | Should -Be 'corp'
    }

    It 'removes the snapshot of a git marketplace' {
        $root = New-SampleMarketplace 'repo'
        $null = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
        Join-Path $at.CodexHome '.tmp/marketplaces/repo' | Should -Exist
        Remove-PluginMarketplace repo @at -Confirm:$false
        Join-Path $at.CodexHome '.tmp/marketplaces/repo' | Should -Not -Exist
    }

    It 'takes marketplaces and names from the pipeline' {
        Get-PluginMarketplace corp @at | Remove-PluginMarketplace -Confirm:$false
        'extra' | Remove-PluginMarketplace @at -Confirm:$false
        Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty
    }

    It 'refuses plugins' {
        $record = $null
        Find-Plugin notes@corp @at | Remove-PluginMarketplace @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'InputNotAMarketplace'
        "$($record[0])" | Should -Match "'notes@corp'"
        (Get-PluginMarketplace @at -Scope User).Count | Should -Be 2
    }

    It 'leaves installed plugins, and says so' {
        $null = Install-Plugin notes@corp @at
        $warning = $null
        Remove-PluginMarketplace corp @at -Confirm:$false -WarningVariable warning -WarningAction SilentlyContinue
        "$warning" | Should -Match 'notes@corp'
        (Get-InstalledPlugin @at).State | Should -Be 'MarketplaceRemoved'
    }

    It 'warns of nothing where nothing was removed' {
        $null = Install-Plugin notes@corp @at
        $root = (Get-PluginMarketplace corp @at).Root
        $config = Join-Path $at.CodexHome 'config.toml'
        $text = "marketplaces = { corp = { source_type = 'local', source = '$root' } }`n[plugins.'notes@corp']`nenabled = true`n"
        $text | Set-Content -NoNewline $config
        (Get-Item $config).IsReadOnly = $true
        $warning = $record = $null
        $record = { Remove-PluginMarketplace corp @at -Confirm:$false -WarningVariable warning -WarningAction SilentlyContinue } | Should -Throw -PassThru
        Get-ErrorCode $record | Should -Be 'HomeNotWritable'
        $warning | Should -BeNullOrEmpty
        Get-Content -Raw $config | Should -BeExactly $text
        (Get-Item $config).IsReadOnly = $false
    }

    It 'uninstalls them with -UninstallPlugin' {
        $null = Install-Plugin notes@corp, deploy@corp, notes@extra @at
        Remove-PluginMarketplace corp -UninstallPlugin -Force @at -Confirm:$false
        (Get-InstalledPlugin @at).Id | Should -Be 'notes@extra'
    }

    It 'needs confirmation, and says how to give it in a host that is not interactive' {
        $record = $null
        Remove-PluginMarketplace corp @at -Confirm -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'ConfirmationRequired'
        "$($record[0])" | Should -Match '-Confirm:\$false'
        (Get-PluginMarketplace @at -Scope User).Count | Should -Be 2
    }

    It 'says the same where the input has ended, as in a scheduled run' {
        $command = "Import-Module '$ModuleManifest'; Remove-PluginMarketplace corp -CodexHome '$($at.CodexHome)' -HomePath '$($at.HomePath)' -ErrorAction SilentlyContinue; `$Error[0].FullyQualifiedErrorId"
        $output = $null | Invoke-PowerShell -NoProfile -OutputFormat Text -Command $command 2>&1
        $output -join "`n" | Should -Match 'ConfirmationRequired,'
        (Get-PluginMarketplace @at -Scope User).Count | Should -Be 2
    }

    It 'does nothing under -WhatIf, and asks nothing' {
        $null = Install-Plugin notes@corp @at
        $before = Get-FolderState $at.CodexHome
        Remove-PluginMarketplace corp -UninstallPlugin @at -WhatIf
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'fails for a name that is not there' {
        { Remove-PluginMarketplace nope @at -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotFound,*'
    }
}
