BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'The home of the agent' {
    BeforeEach {
        $saved = $env:HOME, $env:CODEX_HOME, $PWD.Path
        $folder = New-Folder
        $env:HOME = (New-Item -ItemType Directory (Join-Path $folder 'user')).FullName
        $null = New-Item -ItemType Directory (Join-Path $env:HOME '.codex'), (Join-Path $folder 'work/job/.codex')
        $env:CODEX_HOME = $null
        Set-Location (Join-Path $folder 'work')
        $market = New-Folder
        Set-Catalog $market 'mk' @{ name = 'notes'; source = './plugins/notes' }
        $null = New-TestPlugin $market 'notes'
    }

    AfterEach {
        Set-Location $saved[2]
        $env:HOME, $env:CODEX_HOME = $saved[0, 1]
    }

    It 'is the relative CODEX_HOME of the current location' {
        $env:CODEX_HOME = 'job/.codex'
        Add-PluginMarketplace $market
        Join-Path $folder 'work/job/.codex/config.toml' | Should -Exist
        Join-Path $env:HOME '.codex/config.toml' | Should -Not -Exist
    }

    It 'is never another one where CODEX_HOME cannot be used: <_>' -ForEach 'missing', '~/.codex', 'file', ' ' {
        'x' | Set-Content file
        $env:CODEX_HOME = $_
        foreach ($command in { Get-InstalledPlugin }, { Find-Plugin }, { Add-PluginMarketplace $market }, { Install-Plugin notes@mk }, { Update-Plugin }, { Get-PluginMarketplace }, { Uninstall-Plugin notes }, { Get-PluginSecurityContext }, { Export-PluginLockFile lock.json }) {
            $failure = { & $command -ErrorAction Stop } | Should -Throw -PassThru
            $failure.FullyQualifiedErrorId | Should -BeLike 'HomeNotFound,*'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.Exception.Message | Should -BeLike '*failed to resolve CODEX_HOME*'
        }

        Get-ChildItem -Force (Join-Path $env:HOME '.codex') | Should -BeNullOrEmpty
        Test-Path -LiteralPath (Join-Path $folder 'work/missing') | Should -BeFalse
        (Test-PluginEnvironment | Where-Object Name -EQ Home).Status | Should -Be 'Failed'
    }

    It 'is an error where -CodexHome names none, and -Quiet says false' {
        $problem = $null
        $answer = try { Test-PluginIntegrity -Quiet -CodexHome ./typo/.codex } catch { $problem = $_ }
        $answer | Should -BeFalse
        $answer | Should -BeOfType bool
        $problem.FullyQualifiedErrorId | Should -BeLike 'HomeNotFound,*'
        { Find-Plugin -CodexHome ./typo/.codex } | Should -Throw '*-CodexHome*typo*'
        './typo' | Should -Not -Exist
        Add-PluginMarketplace $market -CodexHome ./typo/.codex
        './typo/.codex/config.toml' | Should -Exist
    }

    It 'has no say in the personal catalog, which follows HOME as it is now' {
        $stranger = New-Item -ItemType Directory -Force (Join-Path $folder 'work/repo/.codex')
        Set-Catalog $stranger.Parent.FullName 'stranger' @{ name = 'tool'; source = './plugins/tool' }
        $null = New-TestPlugin $stranger.Parent.FullName 'tool'
        $env:CODEX_HOME = $stranger.FullName
        Set-Location $stranger.Parent.FullName
        { Install-Plugin tool@stranger -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotTrusted,*'
        (Get-PluginMarketplace stranger).Scope | Should -Be 'Repository'

        Set-Location $folder
        Get-PluginMarketplace | Should -BeNullOrEmpty
        $env:HOME = $stranger.Parent.FullName
        (Get-PluginMarketplace stranger).Scope | Should -Be 'Personal'
        Get-PluginMarketplace -HomePath (Join-Path $folder 'user') | Should -BeNullOrEmpty
    }
}
