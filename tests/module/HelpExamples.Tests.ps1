# The examples of the help run, in a home and a folder made for them, and print what their pages show.
BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $manifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path $repository 'PluginMarket.psd1' }
    $commands = (Import-PowerShellDataFile $manifest).CmdletsToExport
    $topics = (Get-ChildItem (Join-Path $repository 'docs/en-US') -Filter 'about_*.md').BaseName
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    . $PSScriptRoot/HelpPages.ps1
}

# They need no other module to be run with than the repository's.
Describe 'Examples' -Skip:($null -ne $env:PLUGINMARKET_TEST_MANIFEST) {
    BeforeAll {
        # The indented parts of a topic that call the module's commands.
        function Get-TopicCode([string] $Text) {
            foreach ($match in [regex]::Matches($Text, '(?m)(?<=\n\n)( {4,}\S[^\n]*\n|\n(?= {4}))+')) {
                $code = ($match.Value -replace '(?m)^ {4}').Trim("`n")
                if ($code -match '(?m)(^|[|(]\s*)[A-Z][A-Za-z]+-(Installed)?Plugin') { $code }
            }
        }

        # Some topics tell of a folder of their own, or of what was approved before.
        function Enter-TopicFolder([string] $Topic) {
            switch ($Topic) {
                'about_PluginMarket_Rules' { Set-Location $corp }
                'about_PluginMarket_CI' { $null = Get-PluginUpdate | Approve-Plugin -ApprovalFile ./approvals.json; Copy-Item *.json $corp; Set-Location $corp }
                'about_PluginMarket_Manifests' { Set-Location (New-Item -ItemType Directory own); Copy-Item ../my-skill . -Recurse }
            }
        }

        function Reset-World {
            Set-Location $location
            [IO.Directory]::Delete($world, $true)
            Copy-Folder $template $world
            Set-Location $work
            $env:CODEX_HOME = Join-Path $world 'home/.codex'
        }

        # Everything lies at one place, since a home's configuration names absolute paths; each page gets it as it was.
        $world = New-Folder
        $template = New-Folder
        $before = @{ CODEX_HOME = $env:CODEX_HOME; HOME = $env:HOME }
        $location = Get-Location
        $rendering = $PSStyle.OutputRendering
        $culture = [cultureinfo]::CurrentCulture
        # Lines are broken between words in the languages that PowerShell knows.
        [cultureinfo]::CurrentCulture = 'en-US'
        $PSStyle.OutputRendering = 'PlainText'
        $env:HOME = (New-Item -ItemType Directory (Join-Path $world home)).FullName
        $env:CODEX_HOME = (New-Item -ItemType Directory (Join-Path $world 'home/.codex')).FullName
        $work = (New-Item -ItemType Directory (Join-Path $world work)).FullName
        Set-Location $work

        $corp = Join-Path $work corp
        $null = New-TestPlugin $corp notes
        $kit = New-TestPlugin $corp deploy-kit '2.1.0' -Component Skill, Hook
        # In an order that stays, since it is the order of what is printed.
        Set-Json (Join-Path $kit '.mcp.json') @{ mcpServers = [ordered]@{ 'deploy-kit-remote' = @{ url = 'https://mcp.example.com/api' }; 'deploy-kit-server' = [ordered]@{ command = 'node'; args = @('server.js', '--quiet'); env = @{ TOKEN = 'topsecret' } } } }
        $null = New-TestPlugin $corp mail -Component App
        $entries = @((New-Entry notes -Category Productivity), (New-Entry deploy-kit -Category 'Dev Tools'), (New-Entry mail -Category Productivity -Installation INSTALLED_BY_DEFAULT))
        Set-Catalog $corp corp $entries
        $null = Save-Repository $corp
        Add-PluginMarketplace (Get-FileUrl $corp)
        $null = Install-Plugin notes@corp, deploy-kit@corp
        $null = Export-PluginLockFile ./plugins.lock.json
        Set-Json ./policy.json ([ordered]@{
                format = 1; id = 'corp-baseline'; revision = '1'; mode = 'enforce'; contact = 'plugins@example.com'
                rules = @(
                    [ordered]@{ id = 'PLG-MAIL'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'mail@*' }); reason = 'Mail is read elsewhere.' }
                    [ordered]@{ id = 'CAP-NODE'; kind = 'capability'; effect = 'deny'; mode = 'audit'; match = @(@{ component = @('McpServer'); program = 'node' }) }
                )
            })
        $null = Export-PluginState ./baseline.json
        $null = New-Item -ItemType Directory inventory
        $null = Export-PluginInventory ./inventory

        # What updating would bring: a file that is no capability, and another hook.
        $null = New-TestPlugin $corp notes '1.1.0'
        'More about notes.' | Set-Content (Join-Path $corp 'plugins/notes/README.md')
        $null = New-TestPlugin $corp deploy-kit '2.2.0'
        Set-Json (Join-Path $kit 'hooks/hooks.json') @{ hooks = @{ PreToolUse = @(@{ matcher = 'Bash'; hooks = @(@{ type = 'command'; command = 'echo checked twice' }) }) } }
        $null = Save-Repository $corp
        $null = Update-PluginMarketplace
        $null = Find-Plugin notes | Approve-Plugin -ApprovalFile ./approvals.json
        $null = New-TestPlugin $corp calendar
        Set-Catalog $corp corp ($entries + (New-Entry calendar -Category Productivity))
        $null = Save-Repository $corp

        foreach ($name in 'team', 'git-team') {
            $null = New-TestPlugin (Join-Path $work $name) report
            Set-Catalog (Join-Path $work $name) $name @(New-Entry report -Category Productivity)
        }

        $null = Save-Repository (Join-Path $work git-team)
        $null = New-Item -ItemType Directory (Join-Path $work my-skill)
        "---`nname: tidy-up`ndescription: Tidies up`n---`n`nTidy up.`n" | Set-Content -NoNewline (Join-Path $work 'my-skill/SKILL.md')
        Set-Location $location
        Copy-Folder $world $template
    }

    AfterAll {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        $PSStyle.OutputRendering = $rendering
        [cultureinfo]::CurrentCulture = $culture
    }

    AfterEach {
        Set-Location $location
    }

    It 'run and print what the page shows: <_>' -ForEach $commands {
        Reset-World
        $page = (Get-Content -Raw (Join-Path $pages "$_.md")) -replace "`r"
        $ran = 0
        foreach ($example in Get-Part (Get-Section $page EXAMPLES)) {
            if ($example.Text -match 'This example needs the network\.') { continue }
            $script = [scriptblock]::Create((Get-Code $example.Text))
            # As at a prompt: an error of one line does not keep the next from running.
            $ErrorActionPreference = 'Continue'
            $output = @(& $script *>&1)
            $ErrorActionPreference = 'Stop'
            $output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$_" } | Should -BeNullOrEmpty -Because $example.Heading
            $printed = (($output | Out-String -Width 100) -split '\r?\n' | ForEach-Object TrimEnd) -join "`n"
            $expected = Get-Output $example.Text
            if ($expected -and $env:PLUGINMARKET_WRITE_PAGES) { Set-Output $_ $expected $printed; $expected = $printed }
            if ($expected) { $printed.Trim("`n") | Should -Be $expected.Trim("`n") -Because "$($example.Heading). PLUGINMARKET_WRITE_PAGES=1 writes what is printed into the page and the help file" }
            $ran++
        }

        $ran | Should -BeGreaterOrEqual 3
    }

    It 'of the topic run: <_>' -ForEach $topics {
        Reset-World
        Enter-TopicFolder $_
        $text = (Get-Content -Raw (Join-Path $pages "$_.md")) -replace "`r"
        foreach ($code in Get-TopicCode $text) {
            $script = [scriptblock]::Create($code)
            # Other computers and a network are not to be had here: what asks them is only read.
            if ($code -match '-HostName|acme/') { continue }
            # "On a machine without a network": that is another home.
            if ($code -match '^Add-PluginMarketplace ./frozen') { $env:CODEX_HOME = Join-Path $world 'another/.codex' }
            $ErrorActionPreference = 'Continue'
            $output = @(& $script *>&1)
            $ErrorActionPreference = 'Stop'
            $output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$_" } | Should -BeNullOrEmpty -Because $code
        }
    }
}
