BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Sync-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $folder = New-Folder
        $path = Join-Path $folder 'state.json'
        $state = [ordered]@{ format = 1; id = 'dev'; revision = '1'; marketplaces = @{ corp = @{ source = $root } }; plugins = @(@{ id = 'notes@corp' }, @{ id = 'deploy@corp'; enabled = $false }); unlisted = 'remove' }
        Set-Json $path $state
    }

    It 'makes a home what the state says, and then changes nothing' {
        $items = Sync-Plugin $path @at
        $items[0].PSTypeNames[0] | Should -Be 'PluginMarket.PluginSyncItem'
        $items | Where-Object Planned -NE None | ForEach-Object { "$($_.Planned) $($_.Id)" } | Sort-Object | Should -Be 'AddMarketplace corp', 'Install deploy@corp', 'Install notes@corp'
        (Get-InstalledPlugin @at | Sort-Object Id).EffectiveEnabled | Should -Be $false, $true
        (Sync-Plugin $path @at).Status | Sort-Object -Unique | Should -Be 'Unchanged'
    }

    It 'gives the same steps under -WhatIf and writes nothing' {
        $planned = Sync-Plugin $path -WhatIf @at
        $planned.Status | Sort-Object -Unique | Should -Be 'WhatIf'
        Join-Path $at.CodexHome 'config.toml' | Should -Not -Exist
        $done = Sync-Plugin $path @at | Where-Object Planned -NE None
        $done | ForEach-Object { "$($_.Planned) $($_.Id)" } | Sort-Object | Should -Be ($planned | ForEach-Object { "$($_.Planned) $($_.Id)" } | Sort-Object)
    }

    It 'takes a hashtable and a data file' {
        $null = Sync-Plugin -RequiredPlugin @{ marketplaces = @{ corp = @{ source = $root } }; plugins = @(@{ id = 'notes@corp'; hold = 'CHG-1' }) } @at
        (Get-InstalledPlugin notes @at).HoldNote | Should -Be 'CHG-1'
        $data = Join-Path $folder 'state.psd1'
        "@{ format = 1; id = 'dev'; revision = '2'; plugins = @( @{ id = 'notes@corp' } ) }" | Set-Content $data
        (Import-PowerShellDataFile $data).plugins[0].id | Should -Be 'notes@corp'
        (Sync-Plugin $data @at | Where-Object Planned -NE None).Planned | Should -Be 'Release'
        { Sync-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'notes@corp'; what = 1 }) } @at } | Should -Throw -ErrorId 'StateFileUnreadable,PluginMarket.Cmdlets.SyncPluginCommand'
        { Sync-Plugin -RequiredPlugin @{ plugins = (Get-Date) } @at } | Should -Throw -ErrorId 'StateFileUnreadable,PluginMarket.Cmdlets.SyncPluginCommand'
    }

    It 'removes only what it was told to remove' {
        $null = Sync-Plugin $path @at
        $null = Install-Plugin mail@corp @at
        (Sync-Plugin $path @at | Where-Object Id -EQ 'mail@corp').ReasonCode | Should -Be 'RemovalNotRequested'
        { Sync-Plugin $path -RemoveUnlisted -MaximumRemoval 0 @at } | Should -Throw -ErrorId 'RemovalLimitExceeded,PluginMarket.Cmdlets.SyncPluginCommand'
        (Sync-Plugin $path -RemoveUnlisted -Confirm:$false @at | Where-Object Id -EQ 'mail@corp').Status | Should -Be 'Removed'
        (Get-InstalledPlugin @at).Id | Should -Not -Contain 'mail@corp'
    }

    It 'tells a failure as an item and as an error' {
        $state.plugins += @{ id = 'gone@corp' }
        Set-Json $path $state
        $items = Sync-Plugin $path @at -ErrorAction SilentlyContinue -ErrorVariable record
        ($items | Where-Object Status -EQ Failed).Id | Should -Be 'gone@corp'
        Get-ErrorCode $record[0] | Should -Be 'PluginNotFound'
        (Get-InstalledPlugin @at).Id | Sort-Object | Should -Be 'deploy@corp', 'notes@corp'
    }

    It 'fails under -WhatIf where it would fail, and says in plain words what it would do' {
        Add-PluginMarketplace $root @at
        $state.plugins += @{ id = 'gone@corp' }
        Set-Json $path $state
        $items = Sync-Plugin $path -WhatIf -Splay 01:00:00 @at -ErrorAction SilentlyContinue -ErrorVariable record
        $items | ForEach-Object { "$($_.Id) $($_.Status)" } | Sort-Object | Should -Be 'corp Unchanged', 'deploy@corp WhatIf', 'gone@corp Failed', 'notes@corp WhatIf'
        Get-ErrorCode $record[0] | Should -Be 'PluginNotFound'
        { Sync-Plugin $path -Splay 2.00:00:00 @at } | Should -Throw -ErrorId 'SourceInvalid,PluginMarket.Cmdlets.SyncPluginCommand'
    }
}
