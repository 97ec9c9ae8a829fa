BeforeDiscovery {
    # Each form names the folder <Root>\market of drive C.
    $forms = @(
        @{ Form = 'backslashes'; Path = '<Root>\market' }
        @{ Form = 'forward slashes'; Path = '<RootSlashes>/market' }
        @{ Form = 'mixed slashes'; Path = '<RootSlashes>\market/' }
        @{ Form = 'a backslash at its end'; Path = '<Root>\market\' }
        @{ Form = 'another letter case'; Path = '<RootUpper>\MARKET' }
        @{ Form = 'a relative path'; Path = '.\market' }
        @{ Form = 'a relative path with slashes'; Path = './market' }
        @{ Form = 'dots on the way'; Path = '<Root>\market\..\.\market' }
        @{ Form = 'a drive-relative path'; Path = 'C:market' }
        @{ Form = 'a path from the root of the drive'; Path = '<NoDrive>\market' }
        @{ Form = 'the verbatim prefix'; Path = '\\?\<Root>\market' }
        @{ Form = 'the device prefix'; Path = '\\.\<Root>\market' }
        @{ Form = 'another drive'; Path = 'D:<NoDrive>\market' }
        @{ Form = 'a drive of PowerShell'; Path = 'Work:\market' }
        @{ Form = 'a drive of PowerShell with one letter'; Path = 'Q:\market' }
        @{ Form = 'the provider'; Path = 'FileSystem::<Root>\market' }
        @{ Form = 'the provider with its module'; Path = 'Microsoft.PowerShell.Core\FileSystem::<Root>\market' }
    )
    $wrong = @(
        @{ Form = 'a registry key'; Path = 'HKLM:\Software' }
        @{ Form = 'a drive that is not there'; Path = 'Nowhere:\market' }
        @{ Form = 'a NUL character'; Path = "C:\a`0b" }
        @{ Form = 'a stream'; Path = '<Root>\market:stream' }
        @{ Form = 'a character that no name has'; Path = '<Root>\a|b' }
        @{ Form = 'a device'; Path = '<Root>\CON' }
        @{ Form = 'a device as the whole path'; Path = 'NUL' }
        @{ Form = 'a missing share'; Path = '\\nowhere\share\market' }
        @{ Form = 'a missing verbatim path'; Path = '\\?\<Root>\missing' }
        @{ Form = 'a drive alone'; Path = 'D:' }
    )
}

Describe 'A path' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Common.ps1')
        $root = New-Folder
        $market = New-Market (Join-Path $root market)
        $null = New-PSDrive -Name Work -PSProvider FileSystem -Root $root -Scope Global
        $null = New-PSDrive -Name Q -PSProvider FileSystem -Root $root -Scope Global
        function Expand-Form([string] $Path) {
            $Path.Replace('<RootSlashes>', $root.Replace('\', '/')).Replace('<RootUpper>', $root.ToUpperInvariant()).Replace('<Root>', $root).Replace('<NoDrive>', $root.Substring(2))
        }
    }

    BeforeEach { Push-Location $root }
    AfterEach { Pop-Location }
    AfterAll { Remove-PSDrive Work, Q -Scope Global }

    It 'with <Form> is read by Get-PluginMarketplace' -ForEach $forms {
        $found = Get-PluginMarketplace -Path (Expand-Form $Path)

        $found.Name | Should -Be corp
        @(Find-Plugin -Path (Expand-Form $Path)).Name | Should -Be notes, deploy
        Find-MixedSeparator $found.Root, $found.CatalogPath | Should -BeNullOrEmpty
    }

    It 'with <Form> is registered by Add-PluginMarketplace under one spelling' -ForEach $forms {
        $own = New-TestHome

        Add-PluginMarketplace (Expand-Form $Path) @own

        (Get-PluginMarketplace corp @own).Root | Should -BeExactly $market
        (Find-Plugin notes @own).Marketplace | Should -Be corp
    }

    It 'with <Form> is checked by Test-PluginMarketplace, which names files with backslashes alone' -ForEach $forms {
        $result = Test-PluginMarketplace -Path (Expand-Form $Path)

        $result.IsValid | Should -BeTrue
        Find-MixedSeparator (@($result.Path) + $result.Diagnostics.File) | Should -BeNullOrEmpty
    }

    It 'with <Form> fails with an error of PluginMarket in every reader' -ForEach $wrong {
        $path = Expand-Form $Path
        $own = New-TestHome

        Get-Failure { Get-PluginMarketplace -Path $path @own -ErrorAction Stop } | Should -BeIn SourceInvalid, SourceUnreachable, CatalogUnreadable
        Get-Failure { Add-PluginMarketplace $path @own -ErrorAction Stop } | Should -BeIn SourceInvalid, SourceUnreachable, CatalogUnreadable
        Get-Failure { Find-Plugin -Path $path @own -ErrorAction Stop } | Should -BeIn SourceInvalid, SourceUnreachable, CatalogUnreadable
    }

    It 'of a share is read and registered' {
        $share = New-Market $env:PLUGINMARKET_TEST_SHARE
        $own = New-TestHome

        (Get-PluginMarketplace -Path $share).Root | Should -BeExactly $share
        (Get-PluginMarketplace -Path "\\?\UNC\$($share.Substring(2))").Root | Should -BeExactly $share
        Add-PluginMarketplace $share @own
        (Find-Plugin notes @own | Install-Plugin @own).Status | Should -Be Installed
    }

    It 'of a share can be the home' {
        $own = @{ CodexHome = "$env:PLUGINMARKET_TEST_SHARE-home\.codex"; HomePath = "$env:PLUGINMARKET_TEST_SHARE-home" }
        $null = New-Item -ItemType Directory -Force $own.CodexHome
        Add-PluginMarketplace $market @own

        (Install-Plugin notes @own).Status | Should -Be Installed
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
    }

    It 'can be the home with the verbatim prefix' {
        $own = New-TestHome
        $own.CodexHome = "\\?\$($own.CodexHome)"
        Add-PluginMarketplace $market @own

        (Install-Plugin notes @own).Status | Should -Be Installed
        (Get-InstalledPlugin @own).Name | Should -Be notes
    }

    It 'names one home whatever its letter case' {
        $own = New-TestHome
        Add-PluginMarketplace $market @own
        $null = Install-Plugin notes @own
        $other = @{ CodexHome = $own.CodexHome.ToUpperInvariant(); HomePath = $own.HomePath }

        Get-InstalledPlugin @own | Uninstall-Plugin @other -Confirm:$false -ErrorAction Stop
        Get-InstalledPlugin @own | Should -BeNullOrEmpty
    }

    It 'longer than 260 characters works for catalog, home and plugin' {
        $deep = Join-Path (New-Folder) (('d' * 60 + '\') * 5)
        $far = New-Market $deep
        $codexHome = Join-Path (New-Folder) (('h' * 60 + '\') * 4) '.codex'
        $null = New-Item -ItemType Directory $codexHome
        $own = @{ CodexHome = $codexHome; HomePath = Split-Path $codexHome }
        $far.Length | Should -BeGreaterThan 260

        Add-PluginMarketplace $far @own
        (Install-Plugin notes @own).Status | Should -Be Installed
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
        (Test-PluginMarketplace -Path $far).IsValid | Should -BeTrue
        (Uninstall-Plugin notes @own -Confirm:$false).Status | Should -Be Removed
    }

    It 'is written into config.toml so that it reads back' {
        $own = New-TestHome

        Add-PluginMarketplace $market @own

        $text = Get-Content -Raw (Join-Path $own.CodexHome config.toml)
        $text | Should -BeLike "*source = *$($market.Replace('\', '\\'))*"
    }
}
