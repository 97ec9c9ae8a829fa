BeforeAll {
    . $PSScriptRoot/Common.ps1
    Add-Type -TypeDefinition @'
using System;
using System.Collections;

public class FailingTable : Hashtable
{
    public override object this[object key] { get { throw new InvalidOperationException("injected"); } set { } }
}

public class FailingList : IEnumerable
{
    public IEnumerator GetEnumerator() { throw new NotSupportedException("injected"); }
}

public class FailingText
{
    public string Id { get { throw new NotSupportedException("injected"); } }
    public override string ToString() { throw new NotSupportedException("injected"); }
}
'@
}

Describe 'An error that no code expected' {
    BeforeEach {
        $at = New-TestHome
        $plain = New-TestHome
    }

    It 'is told as a fault of PluginMarket, and the home is untouched' {
        Add-PluginMarketplace -Marketplace ([FailingTable]::new()) @at -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -Be 'InternalError,PluginMarket.Cmdlets.AddPluginMarketplaceCommand'
        $problem[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $problem[0].Exception.Message | Should -BeLike '*System.InvalidOperationException*fault of PluginMarket*Get-Error*'
        $problem[0].Exception.Message | Should -Not -BeLike '*injected*'
        $problem[0].Exception.InnerException | Should -BeOfType InvalidOperationException
        Get-ChildItem -Force $at.CodexHome | Should -BeNullOrEmpty
    }

    It 'is told while a parameter is read: <_>' -ForEach 'Install-Plugin', 'Update-Plugin', 'Uninstall-Plugin', 'Enable-Plugin', 'Test-PluginIntegrity', 'Get-PluginCapability', 'Export-PluginLockFile', 'Remove-PluginMarketplace', 'Update-PluginMarketplace', 'Find-Plugin' {
        $more = if ($_ -eq 'Export-PluginLockFile') { @{ Path = Join-Path $at.HomePath 'lock.json' } } else { @{} }
        $parameter = if ((Get-Command $_).Parameters.ContainsKey('InputObject')) { 'InputObject' } else { 'Marketplace' }
        $more[$parameter] = [FailingList]::new()
        & $_ @at @more -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InternalError,*'
        $problem[0].Exception.InnerException | Should -BeOfType NotSupportedException
    }

    It 'does not hide what scripts further down throw, nor stop what they stop' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        { Find-Plugin @at | ForEach-Object { throw 'mine' } } | Should -Throw 'mine'
        (Find-Plugin @at | Select-Object -First 1) | Should -HaveCount 1
        $seen = foreach ($once in 1) { Find-Plugin @at | ForEach-Object { $_; break } }
        $seen | Should -HaveCount 1
        { Find-Plugin nothing-of-that-name @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*'
    }

    It 'never leaves a completer' {
        (TabExpansion2 -inputScript "Install-Plugin -CodexHome /nowhere/at/all ").CompletionMatches | Should -BeNullOrEmpty
    }
}

Describe 'The category of a failure' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at -WarningAction SilentlyContinue
        $null = Install-Plugin notes@corp @at
        $gone = Join-Path (New-Folder) gone
        $file = Join-Path $gone file.json
    }

    It 'is ObjectNotFound for a path that does not exist: <Name>' -ForEach @(
        @{ Name = 'Test-PluginManifest'; Command = { Test-PluginManifest $gone } }
        @{ Name = 'Test-PluginMarketplace'; Command = { Test-PluginMarketplace -LiteralPath $gone } }
        @{ Name = 'Test-PluginManifest -Settings'; Command = { Test-PluginManifest $root -Settings $file } }
        @{ Name = 'Repair-PluginManifest'; Command = { Repair-PluginManifest $gone } }
        @{ Name = 'Find-Plugin -Path'; Command = { Find-Plugin -Path $gone @at } }
        @{ Name = 'Get-PluginMarketplace -Path'; Command = { Get-PluginMarketplace -Path $gone @at } }
        @{ Name = 'Get-PluginCapability -Path'; Command = { Get-PluginCapability -Path $gone @at } }
        @{ Name = 'Get-PluginManifest -Path'; Command = { Get-PluginManifest -Path $gone @at } }
        @{ Name = 'Add-PluginMarketplace'; Command = { Add-PluginMarketplace $gone @at } }
        @{ Name = 'Set-PluginMarketplace'; Command = { Set-PluginMarketplace corp -Source $gone @at } }
        @{ Name = 'Get-PluginLockFile'; Command = { Get-PluginLockFile $file @at } }
        @{ Name = 'Install-Plugin -LockFile'; Command = { Install-Plugin -LockFile $file @at } }
        @{ Name = 'Test-PluginIntegrity -LockFile'; Command = { Test-PluginIntegrity -LockFile $file @at } }
        @{ Name = 'Sync-Plugin'; Command = { Sync-Plugin $file @at } }
        @{ Name = 'Add-PluginMarketplaceEntry'; Command = { Add-PluginMarketplaceEntry $root gone ./plugins/gone @at } }
    ) {
        $failure = { & $Command } | Should -Throw -PassThru
        "$($failure.CategoryInfo.Category)" | Should -Be 'ObjectNotFound' -Because $failure
    }

    It 'is WriteError for a file that cannot be written: <Name>' -ForEach @(
        @{ Name = 'Export-PluginLockFile'; Command = { Export-PluginLockFile $file @at } }
        @{ Name = 'Export-PluginInventory'; Command = { Export-PluginInventory $file @at } }
        @{ Name = 'Export-PluginState'; Command = { Export-PluginState $file @at } }
        @{ Name = 'New-PluginPolicy'; Command = { New-PluginPolicy $file -Id corp @at } }
        @{ Name = 'Approve-Plugin'; Command = { Approve-Plugin notes@corp -ApprovalFile $file @at } }
    ) {
        $failure = { & $Command } | Should -Throw -PassThru
        "$($failure.CategoryInfo.Category)" | Should -Be 'WriteError' -Because $failure
    }

    It 'is ConnectionError for a connection' {
        $failure = { Add-PluginMarketplace 'https://127.0.0.1:1/o/r.git' @at } | Should -Throw -PassThru
        "$($failure.CategoryInfo.Category)" | Should -Be 'ConnectionError'
    }
}
