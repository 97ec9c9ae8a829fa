BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe '-WhatIf' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $empty = New-Folder
        $full = New-Folder
        'x' | Set-Content (Join-Path $full 'x')
        $null = New-TestPlugin $root 'spare'
    }

    It 'fails as the real run fails: <Name>' -ForEach @(
        @{ Name = 'New-PluginMarketplace, a catalog is there'; Command = { New-PluginMarketplace $root corp @at @more } }
        @{ Name = 'New-PluginMarketplace, a bad name'; Command = { New-PluginMarketplace (Join-Path $empty m) 'a b' @at @more } }
        @{ Name = 'New-PluginMarketplace, a reserved name'; Command = { New-PluginMarketplace (Join-Path $empty m) 'openai-curated' @at @more } }
        @{ Name = 'New-Plugin, a bad name'; Command = { New-Plugin 'Bad Name' -Path $empty @at @more } }
        @{ Name = 'New-Plugin, the folder holds something'; Command = { New-Plugin notes -Path (Join-Path $root plugins) @at @more } }
        @{ Name = 'New-Plugin, no such marketplace'; Command = { New-Plugin kit -MarketplacePath (Join-Path $empty nowhere) @at @more } }
        @{ Name = 'New-Plugin, outside of its marketplace'; Command = { New-Plugin kit -Path $empty -MarketplacePath $root @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, listed already'; Command = { Add-PluginMarketplaceEntry $root notes ./plugins/notes @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, no folder'; Command = { Add-PluginMarketplaceEntry $root gone ./plugins/gone @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, another name'; Command = { Add-PluginMarketplaceEntry $root other ./plugins/spare @at @more } }
        @{ Name = 'Set-PluginMarketplaceEntry, no such entry'; Command = { Set-PluginMarketplaceEntry $root gone -Category x @at @more } }
        @{ Name = 'Remove-PluginMarketplaceEntry, no such entry'; Command = { Remove-PluginMarketplaceEntry $root gone @at @more } }
        @{ Name = 'Add-PluginMarketplace, no catalog'; Command = { Add-PluginMarketplace $empty @at @more } }
        @{ Name = 'Add-PluginMarketplace, another name'; Command = { Add-PluginMarketplace $root -Name other @at @more } }
        @{ Name = 'Add-PluginMarketplace, no such folder'; Command = { Add-PluginMarketplace (Join-Path $empty gone) @at @more } }
        @{ Name = 'Remove-PluginMarketplace, unknown'; Command = { Remove-PluginMarketplace gone @at @more } }
        @{ Name = 'Set-PluginMarketplace, unknown'; Command = { Set-PluginMarketplace gone -Ref main @at @more } }
        @{ Name = 'Disable-Plugin, not installed'; Command = { 'gone@corp' | Disable-Plugin @at @more } }
        @{ Name = 'Enable-Plugin, not installed'; Command = { 'gone@corp' | Enable-Plugin @at @more } }
        @{ Name = 'Uninstall-Plugin, not installed'; Command = { 'gone@corp' | Uninstall-Plugin @at @more } }
        @{ Name = 'Export-PluginDirectory, a folder'; Command = { Export-PluginDirectory $empty @at @more } }
        @{ Name = 'Export-PluginDirectory, no such marketplace'; Command = { Export-PluginDirectory (Join-Path $empty p.html) -Marketplace gone @at @more } }
    ) {
        $more = @{ WhatIf = $true }
        $dry = { & $Command } | Should -Throw -PassThru
        $more = @{ Confirm = $false }
        $real = { & $Command } | Should -Throw -PassThru
        $dry.FullyQualifiedErrorId | Should -Be $real.FullyQualifiedErrorId
        $dry.Exception.Message | Should -Be $real.Exception.Message
    }

    It 'changes nothing' {
        $before = Get-ChildItem -Recurse -Force $root, $empty, $at.CodexHome | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" }
        New-PluginMarketplace (Join-Path $empty m) corp @at -WhatIf
        New-Plugin kit -MarketplacePath $root @at -WhatIf
        Add-PluginMarketplaceEntry $root spare ./plugins/spare @at -WhatIf
        Set-PluginMarketplaceEntry $root notes -Category x @at -WhatIf
        Remove-PluginMarketplaceEntry $root notes @at -WhatIf
        Add-PluginMarketplace $root @at -WhatIf
        Get-ChildItem -Recurse -Force $root, $empty, $at.CodexHome | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" } | Should -Be $before
    }
}
