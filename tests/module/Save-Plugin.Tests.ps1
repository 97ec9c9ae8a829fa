BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Save-Plugin' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $home0 = Get-FolderState $at.CodexHome
    }

    BeforeEach { $folder = New-Folder }

    It 'puts the bytes that would be installed into a folder of the plugin''s name and leaves the home as it is' {
        $result = Save-Plugin deploy@corp (Join-Path $folder new) @at
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.PluginOperationResult'
        $result.Action, $result.Status, $result.Version | Should -Be 'Save', 'Saved', '2.1.0'
        $result.Path | Should -Be (Join-Path $folder new/deploy)
        $result.Capabilities.Component | Should -Contain 'Hook'
        (Get-FolderState $result.Path) -join "`n" | Should -Be ((Get-FolderState (Join-Path $root plugins/deploy)) -join "`n")
        Get-FolderState $at.CodexHome | Should -Be $home0
        $result.TreeHash | Should -Be (Find-Plugin deploy@corp @at | Install-Plugin -WhatIf).TreeHash
    }

    It 'takes plugins from the pipeline, each into a folder of its own' {
        (Find-Plugin notes, mail @at | Save-Plugin -Path $folder).Path | Sort-Object | Should -Be (Join-Path $folder mail), (Join-Path $folder notes)
        'notes@corp', '# none', '' | Save-Plugin -Path (New-Folder) @at | Should -HaveCount 1
    }

    It 'replaces what is there only with -Force, and never a git repository' {
        $null = New-Item -ItemType Directory (Join-Path $folder notes)
        'mine' | Set-Content (Join-Path $folder notes/mine.txt)
        { Save-Plugin notes@corp $folder @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginAlreadyExists,*'
        Join-Path $folder notes/mine.txt | Should -Exist
        (Save-Plugin notes@corp $folder -Force @at).Status | Should -Be 'Saved'
        Join-Path $folder notes/mine.txt | Should -Not -Exist
        @(Get-ChildItem -Force $folder).Name | Should -Be 'notes'
        $null = New-Item -ItemType Directory (Join-Path $folder notes/.git)
        { Save-Plugin notes@corp $folder -Force @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginAlreadyExists,*'
    }

    It 'says what it would do, and writes nothing, with -WhatIf' {
        (Save-Plugin notes@corp $folder -WhatIf @at).Status | Should -Be 'WhatIf'
        Get-ChildItem -Force $folder | Should -BeNullOrEmpty
    }

    It 'tells what is left out, and refuses it with -Strict' -Skip:$IsWindows {
        $linked = New-SampleMarketplace linked
        $null = New-Item -ItemType SymbolicLink -Path (Join-Path $linked plugins/notes/link) -Target /etc/hostname
        $other = New-TestHome
        Add-PluginMarketplace $linked @other
        (Save-Plugin notes@linked $folder @other -WarningAction SilentlyContinue).LeftOut | Should -Be 'link'
        { Save-Plugin notes@linked (New-Folder) -Strict @other -ErrorAction Stop } | Should -Throw -ErrorId 'PathEscapesRoot,*'
    }

    It 'saves the commit that was asked for, and exactly the bytes of a lock file' {
        $tool = New-TestPlugin (New-Folder) tool '1.0.0'
        $null = Save-Repository $tool
        $null = Invoke-Git $tool tag v1
        $shop = New-Folder
        Set-Catalog $shop shop @(New-Entry tool @{ source = 'url'; url = (Get-FileUrl $tool) })
        $other = New-TestHome
        Add-PluginMarketplace $shop @other
        $null = Install-Plugin tool@shop @other
        $lock = Join-Path (New-Folder) plugins.lock.json
        $null = Export-PluginLockFile $lock @other
        Add-Content (Join-Path $tool skills/tool-skill/SKILL.md) 'more'
        $null = Save-Repository $tool
        $latest = Save-Plugin tool@shop (New-Folder) @other
        $first = Save-Plugin tool@shop (New-Folder) -Ref v1 @other
        $locked = Get-PluginLockFile $lock @other | Save-Plugin -Path (New-Folder) @other
        $latest.TreeHash | Should -Not -Be $first.TreeHash
        $locked.TreeHash | Should -Be $first.TreeHash
        $locked.Commit | Should -Match '^[0-9a-f]{40}$'
    }

    It 'fails where nothing can be saved: <Name>' -ForEach @(
        @{ Name = 'gone@corp'; Id = 'PluginNotFound' }
        @{ Name = 'notes@gone'; Id = 'MarketplaceNotFound' }
        @{ Name = 'locked@corp'; Id = 'PluginNotAvailable' }
    ) {
        $result = Save-Plugin $Name $folder @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be $Id
        $result.Action, $result.Status | Should -Be 'Save', 'Failed'
        Get-ChildItem -Force $folder | Should -BeNullOrEmpty
    }

    It 'takes the one marketplace that a pattern means, as Install-Plugin does' {
        $other = New-TestHome
        Add-PluginMarketplace $root @other
        Add-PluginMarketplace (New-SampleMarketplace corporate) @other
        Add-PluginMarketplace (New-SampleMarketplace team) @other
        (Save-Plugin notes $folder -Marketplace te* @other).Id | Should -Be 'notes@team'
        (Install-Plugin notes -Marketplace te* @other).Id | Should -Be 'notes@team'
        (Get-PluginManifest notes -Marketplace te* @other).Name | Should -Be 'notes'
        { Install-Plugin mail -Marketplace corp* @other -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNameAmbiguous,*'
        { Install-Plugin mail -Marketplace x* @other -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*'
    }
}
