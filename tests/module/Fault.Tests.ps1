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
