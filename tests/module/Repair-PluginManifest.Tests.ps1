BeforeAll {
    . $PSScriptRoot/Common.ps1

    # A marketplace with every mechanical fault.
    function New-FaultyMarketplace {
        $root = New-Folder
        $write = { param($path, $text) $null = New-Item -ItemType Directory -Force (Split-Path (Join-Path $root $path)); [IO.File]::WriteAllText((Join-Path $root $path), $text) }
        & $write '.agents/plugins/marketplace.json' "{`r`n  `"name`": `"corp`",`r`n  `"plugins`": [`r`n    {`"name`": `"kit`", `"source`": `"plugins/kit`", `"policy`": {`"installation`": `"Available`", `"installation`": `"Available`", `"products`": [`"Codex`"]}}`r`n  ]`r`n}`r`n"
        & $write 'plugins/kit/.codex-plugin/plugin.json' "$([char]0xFEFF){`"name`":`"kit`", `"version`":`"1.0.0`", `"name`":`"kit`",`n`t`"description`": `"Shows things.`", `"skills`": `"skills`"}"
        & $write 'plugins/kit/skills/s/SKILL.md' "---`nname: s`ndescription: Does it.`n---`nDo it.`n"
        & $write 'plugins/kit/hooks/hooks.json' '{"hooks":{"sessionStart":[{"hooks":[{"type":"Command","command":"\"${PLUGIN_ROOT}/run.sh\""}]}]}}'
        & $write 'plugins/kit/run.sh' "#!/bin/sh`r`necho done`r`n"
        $root
    }
}

Describe 'Repair-PluginManifest' {
    BeforeEach {
        $root = New-FaultyMarketplace
    }

    It 'shows the edits with -WhatIf, and changes nothing' {
        $before = Get-FolderState $root
        $repairs = Repair-PluginManifest $root -Recurse -WhatIf
        Get-FolderState $root | Should -Be $before
        $repairs.Status | Sort-Object -Unique | Should -Be 'WhatIf'
        $repairs | ForEach-Object { $_.PSTypeNames[0] | Should -Be 'PluginMarket.ManifestRepair' }
        ($repairs.Edits.RuleId | Sort-Object -Unique) -join ' ' | Should -Be 'PM0102 PM0103 PM0401 PM0801 PM0802 PM0812 PM1101 PM1103 PM1203'
        ($repairs.Edits | Where-Object RuleId -EQ PM1101).After | Should -Be '"AVAILABLE"'
    }

    It 'repairs, so that the check finds nothing more, and does nothing the second time' {
        $repairs = Repair-PluginManifest $root -Recurse
        $repairs.Status | Sort-Object -Unique | Should -Be 'Repaired'
        $repairs.Count | Should -Be 4
        $found = @(Test-PluginManifest $root -Recurse; Test-PluginMarketplace $root).Diagnostics | Where-Object Severity -NE Information
        ($found | ForEach-Object { "$_" }) -join "`n" | Should -BeNullOrEmpty
        Repair-PluginManifest $root -Recurse | Should -BeNullOrEmpty
        Get-Content -Raw (Join-Path $root .agents/plugins/marketplace.json) | Should -Be "{`r`n  `"name`": `"corp`",`r`n  `"plugins`": [`r`n    {`"name`": `"kit`", `"source`": `"./plugins/kit`", `"policy`": {`"installation`": `"AVAILABLE`", `"products`": [`"CODEX`"]}}`r`n  ]`r`n}`r`n"
        [IO.File]::ReadAllText((Join-Path $root plugins/kit/.codex-plugin/plugin.json)) | Should -Be "{`"name`":`"kit`", `"version`":`"1.0.0`",`n`t`"description`": `"Shows things.`", `"skills`": `"./skills`"}"
        [IO.File]::ReadAllText((Join-Path $root plugins/kit/run.sh)) | Should -Be "#!/bin/sh`necho done`n"
    }

    It 'sets the mark of a script' -Skip:$IsWindows {
        $null = Repair-PluginManifest $root -Recurse
        [IO.File]::GetUnixFileMode((Join-Path $root plugins/kit/run.sh)).HasFlag([IO.UnixFileMode]::UserExecute) | Should -BeTrue
    }

    It 'takes paths, folders and results of checks from the pipeline' {
        (Get-Item (Join-Path $root plugins/kit) | Repair-PluginManifest -WhatIf).Count | Should -Be 3
        (Test-PluginMarketplace $root | Repair-PluginManifest -WhatIf).Path | Should -Match 'marketplace\.json$'
        (Repair-PluginManifest -LiteralPath (Join-Path $root .agents/plugins/marketplace.json) -WhatIf).Edits.Count | Should -Be 4
    }

    It 'leaves two different values of one key alone' {
        $manifest = Join-Path $root plugins/kit/.codex-plugin/plugin.json
        [IO.File]::WriteAllText($manifest, '{"name":"kit","version":"1.0.0","version":"2.0.0","description":"Shows things."}')
        (Repair-PluginManifest $root -Recurse).Path | Should -Not -Contain $manifest
    }

    It 'is an error where there is nothing to check, and for a copy in the Codex home' {
        Repair-PluginManifest (New-Folder) -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'NothingToCheck'
        Repair-PluginManifest (New-Folder) -AllowEmpty | Should -BeNullOrEmpty
        $at = New-TestHome
        $null = New-Item -ItemType Directory (Join-Path $at.CodexHome copy)
        Repair-PluginManifest (Join-Path $at.CodexHome copy) @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'SourceInvalid'
    }
}
