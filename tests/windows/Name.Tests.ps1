Describe 'A name' {
    BeforeAll { . (Join-Path $PSScriptRoot 'Common.ps1') }

    It 'that is a device (<_>) is refused by New-Plugin and New-PluginMarketplace' -ForEach 'con', 'nul', 'aux', 'com1', 'lpt9' {
        $folder = New-Folder

        Get-Failure { New-Plugin $_ -Path $folder -ErrorAction Stop } | Should -Be NameInvalid
        Get-Failure { New-PluginMarketplace -Path (Join-Path $folder m) -Name $_ -ErrorAction Stop } | Should -Be NameInvalid
        @(Get-ChildItem $folder) | Should -BeNullOrEmpty
    }

    It 'of a plugin in a catalog that is a device (<_>) is listed and not installed' -ForEach 'CON', 'aux.txt', 'nul' {
        $root = New-Folder
        $null = New-TestPlugin $root notes
        Set-Catalog $root corp @((New-Entry notes), (New-Entry $_ -Source './plugins/notes'))
        $own = New-TestHome
        Add-PluginMarketplace $root @own

        Get-Failure { Install-Plugin "$_@corp" @own -ErrorAction Stop } | Should -Not -BeIn 'none', ''
        (Install-Plugin notes @own).Status | Should -Be Installed
    }

    It 'of a catalog with <Title> is refused before anything is made' -ForEach @(
        @{ Title = 'a dot at its end'; Value = 'corp.' }
        @{ Title = 'a space at its end'; Value = 'corp ' }
        @{ Title = 'a colon'; Value = 'c:orp' }
        @{ Title = 'a backslash'; Value = 'c\orp' }
    ) {
        $root = New-Market (New-Folder) $Value
        $own = New-TestHome

        Get-Failure { Add-PluginMarketplace $root @own -ErrorAction Stop } | Should -Not -BeIn 'none', ''
        Join-Path $own.CodexHome config.toml | Should -Not -Exist
    }

    It 'that differs from another only by letter case is one folder, so that neither plugin is installed and the check says so' {
        $root = New-Folder
        $null = New-TestPlugin $root notes
        Set-Catalog $root corp @((New-Entry notes), (New-Entry Notes -Source './plugins/notes'))
        $own = New-TestHome
        Add-PluginMarketplace $root @own

        foreach ($name in 'notes', 'Notes') { Get-Failure { Install-Plugin "$name@corp" @own -ErrorAction Stop } | Should -BeIn NameInvalid, PluginNameAmbiguous }
        @(Find-Plugin -Marketplace corp @own).Name | Should -BeExactly 'notes', 'Notes'
        Get-InstalledPlugin @own | Should -BeNullOrEmpty
        (Test-PluginMarketplace -Path $root).Diagnostics.RuleId | Should -Contain 'PM1006'
    }
}
