BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Test-PluginIntegrity' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $cached = (Get-InstalledPlugin notes @at).Path
    }

    It 'finds nothing in an untouched home' {
        $results = Test-PluginIntegrity @at
        $results.Id | Should -Be 'deploy@corp', 'notes@corp'
        $results.IsIntact | Should -Not -Contain $false
        $results[0].PSTypeNames[0] | Should -Be 'PluginMarket.IntegrityResult'
        Test-PluginIntegrity -Quiet @at | Should -BeTrue
    }

    It 'names what was changed, removed and added' {
        Add-Content (Join-Path $cached 'skills/notes-skill/SKILL.md') 'evil'
        Remove-Item (Join-Path $cached '.codex-plugin/plugin.json')
        'x' | Set-Content (Join-Path $cached 'more.txt')
        $result = Test-PluginIntegrity notes @at
        $result.State | Should -Be 'Changed'
        $result.Modified | Should -Be 'skills/notes-skill/SKILL.md'
        $result.Missing | Should -Be '.codex-plugin/plugin.json'
        $result.Unexpected | Should -Be 'more.txt'
        Test-PluginIntegrity 'n*' -Quiet @at | Should -BeFalse
        Test-PluginIntegrity deploy -Quiet @at | Should -BeTrue
    }

    It 'takes plugins from the pipeline, each in its home' {
        Remove-Item (Join-Path $cached '.codex-plugin/plugin.json')
        (Get-InstalledPlugin @at | Test-PluginIntegrity | Where-Object { -not $_.IsIntact }).Id | Should -Be 'notes@corp'
        'deploy@corp' | Test-PluginIntegrity -Quiet @at | Should -BeTrue
        @() | Test-PluginIntegrity -AllowEmpty @at | Should -BeNullOrEmpty
    }

    It 'compares with a lock file' {
        $lock = Join-Path $TestDrive "$([guid]::NewGuid()).json"
        $null = Export-PluginLockFile $lock @at
        Test-PluginIntegrity -LockFile $lock -Quiet @at | Should -BeTrue
        $other = New-TestHome
        $result = Test-PluginIntegrity notes -LockFile $lock @other
        $result.State | Should -Be 'NotInstalled'
        $result.LockFile | Should -Be $lock
        Test-PluginIntegrity -LockFile $lock -Quiet @other | Should -BeFalse
    }

    It 'is false where something cannot be checked at all' {
        Test-PluginIntegrity nots -Quiet @at -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeFalse
        Get-ErrorCode $record[0] | Should -Be 'PluginNotInstalled'
        Test-PluginIntegrity -LockFile (Join-Path $TestDrive none.json) -Quiet @at -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeFalse
        Get-ErrorCode $record[0] | Should -Be 'SourceUnreachable'
    }

    It 'is an error where there is nothing to check: <Name>' -ForEach @(
        @{ Name = 'an empty home'; Check = { param($more) Test-PluginIntegrity @more @empty } }
        @{ Name = 'a pattern that fits nothing'; Check = { param($more) Test-PluginIntegrity 'none*' @more @at } }
        @{ Name = 'an empty pipeline'; Check = { param($more) @() | Test-PluginIntegrity @more @at } }
    ) {
        $empty = New-TestHome
        & $Check @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:record' } | Should -BeNullOrEmpty
        Get-ErrorCode $record[0] | Should -Be 'NothingToCheck'
        & $Check @{ Quiet = $true; ErrorAction = 'SilentlyContinue' } | Should -BeFalse
        & $Check @{ Quiet = $true; AllowEmpty = $true } | Should -BeTrue
        & $Check @{ AllowEmpty = $true } | Should -BeNullOrEmpty
    }

    It 'changes nothing' {
        $before = Get-FolderState $at.CodexHome
        $null = Test-PluginIntegrity @at
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
