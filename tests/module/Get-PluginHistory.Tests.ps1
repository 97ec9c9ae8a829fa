BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginHistory' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $served = New-SampleMarketplace served
        $commit = Save-Repository $served
        Add-PluginMarketplace $root @at
        Add-PluginMarketplace (Get-FileUrl $served) @at
        $null = Install-Plugin notes@corp @at
        $null = Install-Plugin mail@corp @at
        Disable-Plugin notes @at
        Disable-Plugin notes @at
        Enable-Plugin notes @at
        Suspend-PluginUpdate notes -Note 'CHG-7' @at
        Resume-PluginUpdate notes @at
        $null = Approve-Plugin deploy@corp -ApprovalFile (Join-Path (New-Folder) approvals.json) -Note 'reviewed' @at
        $null = New-TestPlugin $served notes '2.0.0'
        $null = Save-Repository $served
        $null = Update-PluginMarketplace served @at
        $null = Update-PluginMarketplace served @at
        Set-PluginMarketplace corp -Source $root @at
        $null = Uninstall-Plugin mail @at -Confirm:$false
        Remove-PluginMarketplace served @at -Confirm:$false
        $history = Get-PluginHistory @at
    }

    It 'tells everything that was done, in its order, and nothing that changed nothing' {
        $history[0].PSTypeNames[0] | Should -Be 'PluginMarket.PluginHistoryEntry'
        # Holding a plugin renames its folder, so that Codex does not replace it.
        $history.ForEach{ "$($_.Action) $($_.Subject)" } | Should -Be @(
            'AddMarketplace corp', 'AddMarketplace served', 'Install notes@corp', 'Install mail@corp', 'Disable notes@corp', 'Enable notes@corp', 'Rename notes@corp',
            'Hold notes@corp', 'Release notes@corp', 'Approve deploy@corp', 'UpdateMarketplace served', 'Uninstall mail@corp', 'RemoveMarketplace served')
    }

    It 'tells when, by whom, where and why' {
        $hold = $history | Where-Object Action -EQ Hold
        $hold.Note, $hold.By, $hold.Version, $hold.CodexHome | Should -Be 'CHG-7', ([Environment]::UserName), '1.0.0', $at.CodexHome
        $hold.On | Should -BeOfType ([datetimeoffset])
        ([datetimeoffset]::UtcNow - $hold.On).TotalMinutes | Should -BeLessThan 30
        $added = $history | Where-Object { $_.Action -eq 'AddMarketplace' -and $_.Marketplace -eq 'served' }
        $added.Source, $added.Commit, $added.Name | Should -Be (Get-FileUrl $served), $commit, $null
        ($history | Where-Object Action -EQ UpdateMarketplace).Note | Should -Be "It was at $commit"
        $approved = $history | Where-Object Action -EQ Approve
        $approved.Note, $approved.Version | Should -Be 'reviewed', '2.1.0'
        $approved.TreeHash | Should -Match '^sha256:'
    }

    It 'finds by name, marketplace, action and time' {
        (Get-PluginHistory no* @at).Id | Sort-Object -Unique | Should -Be 'notes@corp'
        ('mail@corp' | Get-PluginHistory @at).Action | Should -Be 'Install', 'Uninstall'
        (Get-PluginHistory -Marketplace ser* @at).Action | Should -Be 'AddMarketplace', 'UpdateMarketplace', 'RemoveMarketplace'
        (Get-PluginHistory -Action *able @at).Action | Should -Be 'Disable', 'Enable'
        Get-PluginHistory -After ([datetimeoffset]::UtcNow.AddHours(1)) @at | Should -BeNullOrEmpty
        (Get-PluginHistory -Before ($history[1].On) @at).Count | Should -Be 2
        { Get-PluginHistory nots @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*' -PassThru | ForEach-Object { $_.Exception.Message } | Should -BeLike "*Did you mean 'notes'?"
    }

    It 'ignores lines that it cannot read, and tells nothing of an empty home' {
        $path = Join-Path $at.CodexHome plugins/.pluginmarket/history
        Add-Content $path '{ "on": "torn'
        @(Get-PluginHistory @at).Count | Should -Be $history.Count
        $fresh = New-TestHome
        Get-PluginHistory @fresh | Should -BeNullOrEmpty
        { Get-PluginHistory -CodexHome (Join-Path (New-Folder) none) -ErrorAction Stop } | Should -Throw -ErrorId 'HomeNotFound,*'
    }
}
