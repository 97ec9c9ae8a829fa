# The samples of docs/samples/fleet that need one machine only; Fleet.Tests.ps1 has those that need several.
BeforeDiscovery {
    $isPackage = $null -ne $env:PLUGINMARKET_TEST_MANIFEST
    $workflows = 'github-workflow.yml', 'azure-pipelines.yml'

    # What is wrong on a machine and the line that detection prints. The line of remediation begins with CHANGED where nothing else is named;
    # of what cannot be repaired only some are tried.
    $states = @(
        @{ Name = 'in order'; Break = { }; Says = 'OK dev@1 plugins=3 changed=0 drift=0 unknown=0' }
        @{ Name = 'a plugin was removed'; Break = { Uninstall-Plugin notes -Confirm:$false @at }; Says = 'DRIFT dev@1 plugins=3 changed=0 drift=1 unknown=0 Install:notes@corp'; Repaired = 'CHANGED dev@1 plugins=3 changed=1 drift=0 unknown=0 Install:notes@corp' }
        @{ Name = 'a plugin was turned off'; Break = { Disable-Plugin notes @at }; Says = 'DRIFT * drift=1 * Enable:notes@corp' }
        @{ Name = 'a plugin was turned on'; Break = { Enable-Plugin deploy @at }; Says = 'DRIFT * drift=1 * Disable:deploy@corp' }
        @{ Name = 'a file was edited'; Break = { Add-Content (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') 'more' }; Says = 'DRIFT * drift=1 * Update:notes@corp' }
        @{ Name = 'a file was deleted'; Break = { Remove-Item (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') }; Says = 'DRIFT * drift=1 * Update:notes@corp' }
        @{ Name = 'a file was added'; Break = { Set-Text (Join-Path (Get-InstalledPlugin notes @at).Path 'hooks/more.sh') 'echo' }; Says = 'DRIFT * drift=1 * Update:notes@corp' }
        @{ Name = 'the folder of a plugin is gone'; Break = { Remove-Item -Recurse -Force (Get-InstalledPlugin notes @at).Path }; Says = 'DRIFT * Install:notes@corp' }
        @{ Name = 'two things are wrong'; Break = { Disable-Plugin notes @at; Enable-Plugin deploy @at }; Says = 'DRIFT * drift=2 * Enable:notes@corp Disable:deploy@corp' }
        @{ Name = 'a forbidden plugin was installed'; Break = { Install-Plugin mail@corp @at }; Says = 'DRIFT * drift=1 * Uninstall:mail@corp' }
        @{ Name = 'a plugin that is not listed was installed'; Break = { Install-Plugin base@corp @at }; Says = 'DRIFT * drift=1 * Disable:base@corp' }
        @{ Name = 'the marketplace was removed'; Break = { Remove-PluginMarketplace corp -Confirm:$false @at }; Says = 'DRIFT * AddMarketplace:corp*' }
        @{ Name = 'the marketplace has another source'; Break = { Remove-PluginMarketplace corp -Confirm:$false @at; Add-PluginMarketplace $other @at }; Says = 'DRIFT * SetMarketplace:corp*' }
        @{ Name = 'a plugin is held'; Break = { Suspend-PluginUpdate notes -Note CHG-1 @at }; Says = 'DRIFT * drift=1 * Release:notes@corp' }
        @{ Name = 'a plugin is not held that should be'; State = @{ plugins = @(@{ id = 'notes@corp'; hold = 'CHG-2' }) }; Says = 'DRIFT * Hold:notes@corp*' }
        @{ Name = 'a newer version is wanted'; Break = { $null = New-TestPlugin $root notes '1.1.0' }; State = @{ plugins = @(@{ id = 'notes@corp'; version = '^1.1.0' }) }; Says = 'DRIFT * Update:notes@corp*' }
        @{ Name = 'nothing is there'; Break = { Remove-Item -Recurse -Force $at.CodexHome; $null = New-Item -ItemType Directory $at.CodexHome }; Says = 'DRIFT * drift=3 * AddMarketplace:corp *' }
        @{ Name = 'a plugin is for another system'; State = @{ plugins = @(@{ id = 'notes@corp' }, @{ id = 'deploy@corp'; enabled = $false }, @{ id = 'base@corp'; when = @{ os = @('Windows') } }) }; Says = 'OK *' }
        @{ Name = 'the revision is not ASCII'; State = @{ revision = "caf$([char]0xE9)" }; Says = 'OK dev@caf? *' }
        @{ Name = 'an unwanted marketplace is there, and removal was not asked for'; Break = { Add-PluginMarketplace $third @at }; State = @{ unlistedMarketplaces = 'remove' }; Says = 'OK * drift=0 unknown=0 skipped=1' }
        @{ Name = 'the catalog does not have the plugin'; State = @{ plugins = @(@{ id = 'gone@corp' }) }; Says = 'FAILED code=PluginNotFound *'; Repaired = 'FAILED code=PluginNotFound *' }
        @{ Name = 'the version does not exist'; State = @{ plugins = @(@{ id = 'notes@corp'; version = '9.0.0' }) }; Says = 'FAILED code=VersionNotFound *' }
        @{ Name = 'an update needs acceptance'; Break = { $null = New-TestPlugin $root notes '1.1.0' -Component Skill, Hook }; State = @{ plugins = @(@{ id = 'notes@corp'; version = '1.1.0' }) }; Says = 'FAILED code=CapabilityNotAccepted *'; Repaired = 'FAILED code=CapabilityNotAccepted *' }
        @{ Name = 'a policy refuses a plugin'; Break = { Uninstall-Plugin notes -Confirm:$false @at; $env:PLUGINMARKET_POLICY = $deny }; Says = 'REFUSED code=PolicyDenied *'; Repaired = 'REFUSED code=PolicyDenied *' }
        @{ Name = 'a policy cannot be read'; Break = { Disable-Plugin notes @at; $env:PLUGINMARKET_POLICY = "$deny.not" }; Says = 'REFUSED code=PolicyUnreadable *' }
        @{ Name = 'there is no state'; Break = { Remove-Item $path }; Says = 'FAILED code=StateFileUnreadable *'; Repaired = 'FAILED code=StateFileUnreadable *' }
        @{ Name = 'the state is broken'; Break = { Set-Text $path '{"format":1,' }; Says = 'FAILED code=StateFileUnreadable file=*:1:*' }
        @{ Name = 'the state is empty'; Break = { Set-Text $path '' }; Says = 'FAILED code=StateFileUnreadable *' }
        @{ Name = 'the state has a byte order mark'; Break = { [IO.File]::WriteAllText($path, (Get-Content -Raw $path), [Text.UTF8Encoding]::new($true)) }; Says = 'FAILED code=StateFileUnreadable *' }
        @{ Name = 'the state has a key that nobody knows'; State = @{ plugin = @() }; Says = 'FAILED code=StateFileUnreadable *' }
        @{ Name = 'the configuration is broken'; Break = { Set-Text (Join-Path $at.CodexHome config.toml) '[plugins' }; Says = 'FAILED code=ConfigInvalid *' }
        @{ Name = 'three hundred plugins are missing'; State = @{ plugins = @(1..300 | ForEach-Object { @{ id = "plugin-with-a-long-name-$_@corp" } }) }; Says = 'FAILED code=PluginNotFound * +*' }
        @{ Name = 'the program is missing'; Break = { $env:PATH = $TestDrive }; Says = 'FAILED pluginmarket was not found.*'; Repaired = 'FAILED pluginmarket was not found.*' }
    )
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    . $PSScriptRoot/SampleScripts.ps1
    $samples = Join-Path $RepositoryRoot 'docs/samples/fleet'
    $variables = 'HOME', 'CODEX_HOME', 'PATH', 'ProgramData', 'PLUGINMARKET_POLICY', 'GITHUB_STEP_SUMMARY'
    $before = @{}
    foreach ($name in $variables) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    function Reset-Variable { foreach ($name in $variables) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
}

Describe 'The Intune pair' -Skip:$isPackage {
    BeforeAll {
        # As Intune judges a script: its exit code, the last line of its output, and that nothing is on its error stream.
        function Invoke-AsIntune([string] $Script) {
            $global:LASTEXITCODE = 0
            $output = @(& (Join-Path $samples "intune/$Script") *>&1)
            $problems = @($output | Where-Object { $_ -isnot [string] })
            [pscustomobject]@{ Code = $LASTEXITCODE; Lines = $output.Count; Last = "$($output[-1])"; Problems = "$problems" }
        }

        $world = New-Folder
        $template = New-Folder
        $at = @{ CodexHome = Join-Path $world 'home/.codex'; HomePath = Join-Path $world home }
        $null = New-Item -ItemType Directory -Force $at.CodexHome
        $path = Join-Path $world 'PluginMarket/baseline.json'
        $root = Join-Path $world corp
        $other = Join-Path $world other
        $third = Join-Path $world third
        foreach ($name in 'notes', 'deploy', 'mail', 'base') { $null = New-TestPlugin $root $name }
        foreach ($folder in $root, $other) { Set-Catalog $folder corp @('notes', 'deploy', 'mail', 'base' | ForEach-Object { New-Entry $_ }) }
        foreach ($name in 'notes', 'deploy') { $null = New-TestPlugin $other $name }
        Set-Catalog $third third @()
        $deny = Join-Path $world deny.json
        Set-Json $deny @{ format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; rules = @(@{ id = 'NO-NOTES'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'notes@*' }) }) }
        $wanted = [ordered]@{
            format = 1; id = 'dev'; revision = '1'; marketplaces = @{ corp = @{ source = $root } }
            plugins = @(@{ id = 'notes@corp' }, @{ id = 'deploy@corp'; enabled = $false }, @{ id = 'mail@corp'; exist = $false }); unlisted = 'disable'
        }
        Set-Json $path $wanted
        $null = Sync-Plugin $path @at
        Copy-Folder $world $template
        $program = Get-CommandLineFolder
    }

    BeforeEach {
        [IO.Directory]::Delete($world, $true)
        Copy-Folder $template $world
        $env:PATH = $program + [IO.Path]::PathSeparator + $before.PATH
        $env:ProgramData = $world
        $env:HOME = $at.HomePath
        $env:CODEX_HOME = $at.CodexHome
    }

    AfterEach { Reset-Variable }

    It 'knows <Name>' -ForEach $states {
        if ($State) {
            $content = [ordered]@{}
            foreach ($key in @($wanted.Keys) + @($State.Keys) | Select-Object -Unique) { $content[$key] = $State.ContainsKey($key) ? $State[$key] : $wanted[$key] }
            Set-Json $path $content
        }

        if ($Break) { $null = . $Break }
        $detection = Invoke-AsIntune Detect-PluginState.ps1
        $runs = @($detection)
        $detection.Last | Should -BeLike $Says
        $isRight = $Says -like 'OK*'
        $detection.Code | Should -Be ($isRight ? 0 : 1)
        $isBroken = $Says -match '^(FAILED|REFUSED) '
        if (-not $isRight -and (-not $isBroken -or $Repaired)) {
            $remediation = Invoke-AsIntune Repair-PluginState.ps1
            $runs += $remediation
            $remediation.Last | Should -BeLike ($Repaired ? $Repaired : 'CHANGED *')
            $remediation.Code | Should -Be ($isBroken ? 1 : 0)

            # What detection would say next, without starting a program each time.
            if (-not $isBroken) { (Sync-Plugin $path -WhatIf @at).Status | Sort-Object -Unique | Should -Be 'Unchanged' }
        }

        foreach ($run in $runs) {
            $run.Lines | Should -Be 1
            $run.Problems | Should -BeNullOrEmpty
            $run.Last.Length | Should -BeLessOrEqual 2048
            $run.Last | Should -Match '^[ -~]+$'
        }
    }

    It 'is satisfied by what it repaired' {
        Disable-Plugin notes @at
        (Invoke-AsIntune Detect-PluginState.ps1).Code | Should -Be 1
        (Invoke-AsIntune Repair-PluginState.ps1).Code | Should -Be 0
        (Invoke-AsIntune Detect-PluginState.ps1).Code | Should -Be 0
    }

    It 'is plain ASCII that Windows PowerShell reads: <_>' -ForEach 'Detect-PluginState.ps1', 'Repair-PluginState.ps1' {
        $bytes = [IO.File]::ReadAllBytes((Join-Path $samples "intune/$_"))
        $bytes | Where-Object { $_ -gt 126 -or ($_ -lt 32 -and $_ -ne 10) } | Should -BeNullOrEmpty
        $tokens = $problems = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput([Text.Encoding]::ASCII.GetString($bytes), [ref] $tokens, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        $tree.FindAll({ param($node) $node.GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst' }, $true) | Should -BeNullOrEmpty
        $tokens.Kind | Where-Object { $_ -in 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket' } | Should -BeNullOrEmpty
    }
}

Describe 'The systemd timer' -Skip:(-not $IsLinux -or $isPackage) {
    BeforeAll {
        $world = New-Folder
        $units = Join-Path $samples systemd
        $program = Join-Path (Get-CommandLineFolder) pluginmarket
        function Get-Setting([string] $Name) { (Get-Content (Join-Path $units 'pluginmarket@.service') | Where-Object { $_ -like "$Name=*" }) -replace '^[^=]+=' }
    }

    It 'has units that systemd knows every key of' {
        if (-not (Get-Command systemd-analyze -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'systemd-analyze is missing (Debian package systemd)'; return }
        $folder = New-Folder
        foreach ($file in Get-ChildItem $units -File) { Set-Text (Join-Path $folder $file.Name) ((Get-Content -Raw $file) -replace '/usr/local/bin/pluginmarket', $program) }
        & systemd-analyze verify (Join-Path $folder 'pluginmarket@dev.service') (Join-Path $folder 'pluginmarket@dev.timer') 2>&1 | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
        (& systemd-analyze calendar (Get-Content (Join-Path $units 'pluginmarket@.timer') | Where-Object { $_ -like 'OnCalendar=*' }).Substring(11)) -join ' ' | Should -Match 'Next elapse'
        Add-Content (Join-Path $folder 'pluginmarket@.service') 'ProtectEverything=yes'
        & systemd-analyze verify (Join-Path $folder 'pluginmarket@dev.service') 2>&1 | Should -Match 'ProtectEverything'
    }

    It 'applies the state where only the home can be written, as its options say' {
        $null = & unshare -m true 2>&1
        if ($LASTEXITCODE) { Set-ItResult -Skipped -Because 'unshare may make no mounts of its own here; run it as root'; return }
        $root = Join-Path $world corp
        $null = New-TestPlugin $root notes
        Set-Catalog $root corp @(New-Entry notes)
        $state = Join-Path $world baseline.json
        Set-Json $state @{ format = 1; id = 'dev'; revision = '1'; marketplaces = @{ corp = @{ source = $root } }; plugins = @(@{ id = 'notes@corp' }) }
        $folder = (New-Item -ItemType Directory (Join-Path $world home/dev)).FullName
        Get-Setting ProtectSystem | Should -Be strict
        Get-Setting ReadWritePaths | Should -Be /home/%i
        Get-Setting PrivateTmp | Should -Be yes
        $command = (Get-Setting ExecStart) -replace '^/usr/local/bin/pluginmarket', $program -replace '/etc/pluginmarket/baseline\.json', $state -replace '--splay 10m', '--splay 1s'
        Set-Text (Join-Path $world run.sh) @"
set -e
mount --make-rprivate /
mount --bind '$folder' '$folder'
mount -t tmpfs tmpfs /mnt
mount -o remount,ro,bind /
! touch '$world/outside' 2>/dev/null
unset CODEX_HOME
export HOME='$folder' TMPDIR=/mnt DOTNET_CLI_HOME=/mnt
exec $command
"@
        & unshare -m sh (Join-Path $world run.sh) 2>&1 | Should -Be 'CHANGED dev@1 plugins=1 changed=2 drift=0 unknown=0 AddMarketplace:corp Install:notes@corp'
        & unshare -m sh (Join-Path $world run.sh) 2>&1 | Should -Be 'OK dev@1 plugins=1 changed=0 drift=0 unknown=0'
        (Get-InstalledPlugin -CodexHome (Join-Path $folder .codex) -HomePath $folder).Id | Should -Be 'notes@corp'
    }
}

Describe 'The gate of a pipeline' {
    BeforeAll {
        # One process for all: a step is a script there, so that its exit ends it alone.
        $world = New-Folder
        $root = Join-Path $world corp
        $null = New-TestPlugin $root notes
        $null = New-TestPlugin $root deploy -Component Skill, Hook
        Set-Catalog $root corp @((New-Entry notes), (New-Entry deploy))
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $good = Join-Path $world good
        $null = New-Item -ItemType Directory $good
        $null = Export-PluginLockFile (Join-Path $good plugins.lock.json) @at
        $null = Export-PluginState (Join-Path $good baseline.json) @at
        $policy = [ordered]@{ format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; rules = @(@{ id = 'NO-MAIL'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'mail@*' }) }) }
        Set-Json (Join-Path $good policy.json) $policy
        foreach ($case in 'stale', 'denied', 'more', 'broken', 'unread') { Copy-Folder $good (Join-Path $world $case) }
        $lock = Join-Path $world 'stale/plugins.lock.json'
        Set-Text $lock ((Get-Content -Raw $lock) -replace '(?<="treeHash": "sha256:)[0-9a-f]{8}', '00000000')
        $policy.rules = @(@{ id = 'NO-HOOK'; kind = 'capability'; effect = 'deny'; match = @(@{ component = @('Hook') }) })
        Set-Json (Join-Path $world 'denied/policy.json') $policy
        $state = Get-Content -Raw (Join-Path $good baseline.json) | ConvertFrom-Json -AsHashtable
        $state.plugins = @($state.plugins | Where-Object id -NE 'deploy@corp')
        Set-Json (Join-Path $world 'more/baseline.json') $state
        Set-Text (Join-Path $world 'broken/baseline.json') '{"format":1,'
        Set-Text (Join-Path $world 'unread/policy.json') '{"format":1,'
        foreach ($workflow in 'github-workflow.yml', 'azure-pipelines.yml') { Get-YamlScript (Join-Path $samples "pipeline/$workflow") | Where-Object { $_ -match 'Sync-Plugin' } | Set-Content (Join-Path $TestDrive "$workflow.ps1") }
        $step = Invoke-Step $world @"
`$env:GITHUB_STEP_SUMMARY = '$(Join-Path $TestDrive gate.md)'
`$answers = @{}
foreach (`$case in Get-ChildItem -Directory -Exclude corp) {
    foreach (`$workflow in 'github-workflow.yml', 'azure-pipelines.yml') {
        Set-Location `$case
        Remove-Item ./fleet.junit.xml -ErrorAction Ignore
        `$global:LASTEXITCODE = 0
        try { `$text = & "$TestDrive/`$workflow.ps1" *>&1 | Out-String; `$code = `$LASTEXITCODE } catch { `$text = "`$_"; `$code = 1 }
        `$answers["`$(`$case.Name) `$workflow"] = @{ Code = `$code; Text = `$text; Report = "`$(Get-Content -Raw ./fleet.junit.xml -ErrorAction Ignore)" }
    }
}
`$answers | ConvertTo-Json | Set-Content '$TestDrive/gate.json'
"@
        $step.ExitCode | Should -Be 0 -Because $step.Output
        $answers = Get-Content -Raw (Join-Path $TestDrive gate.json) | ConvertFrom-Json -AsHashtable
    }

    It 'uses what exists: <_>' -ForEach $workflows {
        $scripts = @(Get-YamlScript (Join-Path $samples "pipeline/$_"))
        $scripts | ForEach-Object { Get-WrongUse $_ } | Should -BeNullOrEmpty
        (Get-YamlScalar (Join-Path $samples "pipeline/$_") | Where-Object Key -In 'path', 'testResultsFiles').Value | Should -Be 'fleet.junit.xml'
    }

    It 'judges <Case>: <Code>' -ForEach @(
        @{ Case = 'good'; Code = 0; Says = 'notes@corp +Allowed' }
        @{ Case = 'stale'; Code = 1; Says = 'Content +Error' }
        @{ Case = 'denied'; Code = 1; Says = 'deploy@corp +Denied +NO-HOOK' }
        @{ Case = 'more'; Code = 1; Says = 'deploy@corp +Missing +Error' }
        @{ Case = 'broken'; Code = 1; Says = 'baseline\.json\(1,12\)' }
        @{ Case = 'unread'; Code = 1; Says = 'policy\.json' }
    ) {
        foreach ($workflow in 'github-workflow.yml', 'azure-pipelines.yml') {
            $answer = $answers["$Case $workflow"]
            $answer.Code | Should -Be $Code -Because $answer.Text
            $answer.Text | Should -Match $Says
            if ($Case -in 'good', 'stale', 'denied', 'more') { ([xml] $answer.Report).testsuites | Should -Not -BeNullOrEmpty }
        }
    }
}
