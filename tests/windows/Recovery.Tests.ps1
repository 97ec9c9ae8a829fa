Describe 'A home' {
    BeforeAll { . (Join-Path $PSScriptRoot 'Common.ps1') }

    BeforeEach {
        $market = New-Market
        $own = New-TestHome
        Add-PluginMarketplace $market @own
    }

    It 'whose staging a killed install left is cleared by the next command, and the plugin installs' {
        $staging = Join-Path $own.CodexHome 'plugins\.pluginmarket\staging'
        $dead = New-Item -ItemType Directory (Join-Path $staging 'a killed install')
        $null = New-Item -ItemType Directory (Join-Path $dead 'tree\.codex-plugin')
        "$env:COMPUTERNAME`n`n`n4242`n1`n" | Set-Content -NoNewline (Join-Path $dead owner)
        '{}' | Set-Content (Join-Path $dead 'tree\.codex-plugin\plugin.json')

        (Install-Plugin notes @own).Status | Should -Be Installed

        @(Get-ChildItem $staging -ErrorAction Ignore) | Should -BeNullOrEmpty
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
    }

    It 'whose plugin was taken away by a killed replacement gets the old version back' {
        $null = Install-Plugin notes @own
        $path = (Get-InstalledPlugin notes @own).Path
        $before = Get-FolderState $path
        $journal = (New-Item -ItemType Directory -Force (Join-Path $own.CodexHome 'plugins\.pluginmarket\journal')).FullName
        [IO.Path]::GetRelativePath($own.CodexHome, $path) | Set-Content -NoNewline (Join-Path $journal 'killed.note')
        Move-Item $path (Join-Path $journal 'killed.old')

        $null = Install-Plugin deploy @own

        Get-FolderState $path | Should -Be $before
        @(Get-ChildItem $journal) | Should -BeNullOrEmpty
    }

    It 'of a process that was killed while it installed is whole' {
        # Killed as soon as it has begun to stage, or it has ended by then.
        $staging = Join-Path $own.CodexHome 'plugins\.pluginmarket\staging'
        $process = Start-CommandLine add, 'notes@corp' @{ CODEX_HOME = $own.CodexHome }
        while (-not $process.HasExited -and -not (Test-Path "$staging\*")) { }
        if (-not $process.HasExited) { $process.Kill() }
        $process.WaitForExit()

        $null = Install-Plugin notes @own
        (Test-PluginIntegrity @own).IsIntact | Should -BeTrue
        @(Get-ChildItem (Join-Path $own.CodexHome 'plugins\.pluginmarket\staging') -ErrorAction Ignore) | Should -BeNullOrEmpty
    }

    It 'that eight processes change at once has all that they did' {
        1..8 | ForEach-Object { $null = New-TestPlugin $market "plugin-$_" }
        Set-Catalog $market corp (1..8 | ForEach-Object { New-Entry "plugin-$_" })
        $processes = 1..8 | ForEach-Object { Start-CommandLine add, "plugin-$_@corp" @{ CODEX_HOME = $own.CodexHome } }
        $processes | ForEach-Object { $_.WaitForExit() }

        $processes.ExitCode | Should -Be @(, 0 * 8)
        @(Get-InstalledPlugin @own).Name | Sort-Object | Should -Be (1..8 | ForEach-Object { "plugin-$_" })
        (Test-PluginIntegrity @own).IsIntact | Should -Not -Contain $false
        @(Get-InstalledPlugin @own).Enabled | Should -Not -Contain $false
    }
}
