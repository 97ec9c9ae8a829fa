Describe 'A git marketplace without a git command' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Common.ps1')
        $url = $env:PLUGINMARKET_TEST_URL
        $own = New-TestHome
    }

    It 'has no git command on this machine' {
        Get-Command git -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'is added over http by libgit2, with Add-PluginMarketplace' {
        $market = Add-PluginMarketplace $url @own -PassThru

        $market.Name | Should -Be remote
        $market.Root | Should -BeExactly (Join-Path $own.CodexHome '.tmp\marketplaces\remote')
        Find-MixedSeparator $market.CatalogPath | Should -BeNullOrEmpty
    }

    It 'installs a plugin of the snapshot, with its commit' {
        $result = Install-Plugin 'tool@remote' @own

        $result.Status | Should -Be Installed
        $result.Commit | Should -BeExactly $env:PLUGINMARKET_TEST_COMMIT
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
    }

    It 'installs a plugin of a repository of its own' {
        (Install-Plugin 'apart@remote' @own).Status | Should -Be Installed
    }

    It 'is asked for what is new by Update-PluginMarketplace and Get-PluginUpdate' {
        (Update-PluginMarketplace remote @own).Status | Should -Be Unchanged
        Get-PluginUpdate @own -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'takes another reference by Set-PluginMarketplace' {
        Set-PluginMarketplace remote -Ref main @own -Confirm:$false
        (Get-PluginMarketplace remote @own).Ref | Should -Be main
    }

    It 'restores from a lock file' {
        $lock = Join-Path (New-Folder) plugins.lock.json
        $null = Export-PluginLockFile -Path $lock @own
        $other = New-TestHome

        (Install-Plugin -LockFile $lock -Frozen @other).Status | Should -Not -Contain Failed
        Get-Content -Raw $lock | Should -Not -Match '\\\\'
    }

    It 'says what failed for a repository that is not there' {
        Get-Failure { Add-PluginMarketplace "$url-missing" @own -ErrorAction Stop } | Should -BeIn RepositoryNotFound, SourceNotFound, SourceUnreachable, AuthenticationRequired
    }

    It 'is gone once it is removed' {
        Remove-PluginMarketplace remote @own -Confirm:$false

        Join-Path $own.CodexHome '.tmp\marketplaces\remote' | Should -Not -Exist
    }
}
