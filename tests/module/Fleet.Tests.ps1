# Eight hosts with names, homes and servers of their own on this machine, managed as an administrator does it: by the samples of
# docs/samples/fleet over SSH, by the lines of about_PluginMarket_Fleet, and by the role for Ansible.
BeforeDiscovery {
    . $PSScriptRoot/FleetHosts.ps1
    $isPackage = $null -ne $env:PLUGINMARKET_TEST_MANIFEST
}

Describe 'A fleet of eight hosts' -Skip:$isPackage {
    BeforeAll {
        . $PSScriptRoot/Common.ps1
        . $PSScriptRoot/SampleScripts.ps1
        . $PSScriptRoot/FleetHosts.ps1
        $samples = Join-Path $RepositoryRoot 'docs/samples/fleet'
        $problem = Get-FleetProblem
        $searched = $env:PATH
        if ($problem) { return }

        $world = New-Folder
        $fleet = New-Fleet $world (1..8 | ForEach-Object { "build0$_" })
        $hostOf = @{}
        foreach ($one in $fleet) { $hostOf[$one.Name] = $one }
        Set-Text "$world/bin/pluginmarket" "#!/bin/sh`nexec '$(Get-CommandLineFolder)/pluginmarket' ""`$@""`n"
        & chmod +x "$world/bin/pluginmarket"
        $env:PATH = "$world/bin:$env:PATH"

        $root = Join-Path $world corp
        $other = Join-Path $world other
        foreach ($name in 'notes', 'deploy', 'mail') { $null = New-TestPlugin $root $name; $null = New-TestPlugin $other $name }
        foreach ($folder in $root, $other) { Set-Catalog $folder corp @((New-Entry notes), (New-Entry deploy), (New-Entry mail)) }

        # The path of a socket has to be short.
        $sockets = "/tmp/pm-$([guid]::NewGuid().ToString('n').Substring(0, 8))"

        # What the administrator has: the state, a policy that it names, and the hosts.
        $desk = (New-Item -ItemType Directory (Join-Path $world desk)).FullName
        Set-Json "$desk/policy.json" ([ordered]@{ format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; rules = @(@{ id = 'NO-GAME'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'game@*' }) }) })
        $digest = 'sha256:' + (Get-FileHash "$desk/policy.json").Hash.ToLowerInvariant()
        $wanted = [ordered]@{
            format = 1; id = 'fleet'; revision = '1'; marketplaces = @{ corp = @{ source = $root } }
            plugins = @(@{ id = 'notes@corp' }, @{ id = 'deploy@corp' }); unlisted = 'remove'; policy = @{ path = 'policy.json'; sha256 = $digest }
        }
        Set-Json "$desk/baseline.json" $wanted
        Set-Text "$desk/hosts.txt" (($fleet.Name | ForEach-Object { "$_`n" }) -join '')
        Set-Location $desk

        function Invoke-Sample { & (Join-Path $samples 'ssh/Sync-PluginFleet.ps1') -HostFile ./hosts.txt -RequiredPluginFile ./baseline.json -File ./policy.json -RemoveUnlisted }
        # What is on the disk of a host's Codex, but which state it was last compared with.
        function Get-HomeState($Of) { (Get-FolderState $Of.At.CodexHome) -split "`n" -notmatch '^plugins/.pluginmarket/state.json ' -join "`n" }
        function Get-Told($Drift) { $Drift | ForEach-Object { "$($_.ComputerName) $($_.Kind) $($_.Subject)" } | Sort-Object }
        function Get-Change($Item) { $Item | ForEach-Object { "$($_.PSComputerName) $($_.Planned) $($_.Id)" } | Sort-Object }

        # What became of each host: the numbers of the recap, and the line of the command.
        function Invoke-Role {
            $settings = @{ ANSIBLE_HOME = "$world/ansible"; ANSIBLE_SSH_CONTROL_PATH_DIR = $sockets; ANSIBLE_PIPELINING = '1'; ANSIBLE_FORKS = '8'; ANSIBLE_NOCOLOR = '1'; ANSIBLE_PYTHON_INTERPRETER = '/usr/bin/python3'; LC_ALL = 'C.UTF-8' }
            foreach ($name in $settings.Keys) { [Environment]::SetEnvironmentVariable($name, $settings[$name]) }
            $variables = @{ pluginmarket_files = @('policy.json'); pluginmarket_options = @('--remove-unlisted') } | ConvertTo-Json -Compress
            $output = @(& ansible-playbook -v -i "$desk/ansible/hosts.ini" "$desk/ansible/site.yml" -e $variables @args 2>&1) -join "`n"
            foreach ($name in $settings.Keys) { [Environment]::SetEnvironmentVariable($name, $null) }
            $lines = @{}
            foreach ($match in [regex]::Matches($output, '(?m)^\w+: \[(\w+)\][^=\n]*=> (\{"attempts".*\})$')) { $lines[$match.Groups[1].Value] = ($match.Groups[2].Value | ConvertFrom-Json).stdout }
            $hosts = @{}
            foreach ($match in [regex]::Matches($output, '(?m)^(\w+) +: ok=\d+ +(changed=\d+) +(unreachable=\d+) +(failed=\d+)')) {
                $hosts[$match.Groups[1].Value] = "$($match.Groups[2]) $($match.Groups[3]) $($match.Groups[4]) $($lines[$match.Groups[1].Value])"
            }

            if (-not $hosts.Count) { throw $output }
            $hosts
        }

        # Five hosts, each broken another way.
        function Break-Host {
            $at = $hostOf.build02.At
            Add-Content (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') 'Do more.'
            $at = $hostOf.build03.At
            $null = Uninstall-Plugin notes -Confirm:$false @at
            $at = $hostOf.build04.At
            $null = Install-Plugin mail@corp @at
            $at = $hostOf.build05.At
            Disable-Plugin deploy @at
            $at = $hostOf.build06.At
            Remove-PluginMarketplace corp -Confirm:$false -WarningAction Ignore @at
            Add-PluginMarketplace $other @at
        }

        Start-FleetHost $fleet
    }

    BeforeEach {
        if ($problem) { Set-ItResult -Skipped -Because "there was no fleet: $problem" }
    }

    AfterAll {
        $env:PATH = $searched
        if ($fleet) {
            Stop-FleetHost $fleet
            Set-Location $TestDrive
            Remove-Item -Recurse -Force $sockets -ErrorAction Ignore
        }
    }

    It 'gets one state on all' {
        $run = Invoke-Sample
        $run.Failure | Should -BeNullOrEmpty
        Get-Change $run.Change | Should -Be (1..8 | ForEach-Object { "build0$_ AddMarketplace corp"; "build0$_ Install deploy@corp"; "build0$_ Install notes@corp" })
        "$($run.Summary)" | Should -Be '8 of 8 in sync'
        $run.Inventory.ComputerName | Sort-Object | Should -Be $fleet.Name
        foreach ($one in $fleet) { Get-FolderState "$($one.Folder)/home/.local/share/pluginmarket" | Should -Be (Get-FolderState $desk | ForEach-Object { ($_ -split "`n" -notmatch '^hosts') -join "`n" }) }
    }

    It 'reports exactly what was broken on five, and the one that does not answer, and repairs' {
        Break-Host
        Stop-FleetHost $hostOf.build07
        $run = Invoke-Sample
        Get-Told $run.Drift | Should -Be 'build02 Modified notes@corp', 'build03 Missing notes@corp', 'build04 Unexpected mail@corp', 'build05 Disabled deploy@corp', 'build06 MarketplaceSource corp', 'build07 NoReport build07'
        Get-Change $run.Change | Should -Be 'build02 Update notes@corp', 'build03 Install notes@corp', 'build04 Uninstall mail@corp', 'build05 Enable deploy@corp', 'build06 SetMarketplace corp'
        "$($run.Failure)" | Should -Match 'build07'
        "$($run.Summary)" | Should -Be '7 of 8 in sync'
        $report = ([xml] ($run.Drift | ConvertTo-PluginReport JUnit)).testsuites
        "$($report.failures) $($report.errors)" | Should -Be '5 1'
    }

    It 'changes nothing when the lines of about_PluginMarket_Fleet run over it' {
        $page = (Get-Content -Raw (Join-Path $RepositoryRoot 'docs/en-US/about_PluginMarket_Fleet.md')) -replace "`r"
        $code = [regex]::Match($page, '(?m)^    \$names = [^\n]*\n(    [^\n]+\n)+').Value -replace '(?m)^    '
        ($code -split "`n" -ne '').Count | Should -Be 5
        # The files that a state refers to are on no machine yet.
        $wanted.Remove('policy')
        Set-Json "$desk/baseline.json" $wanted
        $before = foreach ($one in $hostOf.Values) { Get-HomeState $one }
        $ErrorActionPreference = 'Continue'
        $output = @(& ([scriptblock]::Create($code)) 2>$null)
        $ErrorActionPreference = 'Stop'
        Get-Told $output | Should -Be 'build07 NoReport build07'
        @(foreach ($one in $hostOf.Values) { Get-HomeState $one }) | Should -Be $before
    }

    It 'gets the next state from the role for Ansible: a check says what the run does, and the next run changes nothing' {
        if (-not (Get-Command ansible-playbook -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'ansible-playbook is missing (Debian package ansible-core)'; return }
        Break-Host
        $wanted.revision = '2'
        $wanted.policy = @{ path = 'policy.json'; sha256 = $digest }
        Set-Json "$desk/baseline.json" $wanted
        Copy-Folder (Join-Path $samples ansible) "$desk/ansible"
        Copy-Item "$desk/*.json" "$desk/ansible"
        Set-Text "$desk/ansible/hosts.ini" (($hostOf.Keys | ForEach-Object { "$_`n" }) -join '')

        $before = foreach ($one in $hostOf.Values) { Get-FolderState $one.At.CodexHome; Get-FolderState "$($one.Folder)/home/.local" }
        $check = Invoke-Role --check
        @(foreach ($one in $hostOf.Values) { Get-FolderState $one.At.CodexHome; Get-FolderState "$($one.Folder)/home/.local" }) | Should -Be $before
        $run = Invoke-Role
        $again = Invoke-Role

        $done = @{
            build01 = 'OK fleet@2 plugins=2 changed=0 drift=0 unknown=0'
            build02 = 'CHANGED fleet@2 plugins=2 changed=1 drift=0 unknown=0 Update:notes@corp'
            build03 = 'CHANGED fleet@2 plugins=2 changed=1 drift=0 unknown=0 Install:notes@corp'
            build04 = 'CHANGED fleet@2 plugins=3 changed=1 drift=0 unknown=0 Uninstall:mail@corp'
            build05 = 'CHANGED fleet@2 plugins=2 changed=1 drift=0 unknown=0 Enable:deploy@corp'
            build06 = 'CHANGED fleet@2 plugins=2 changed=1 drift=0 unknown=0 SetMarketplace:corp'
            build08 = 'OK fleet@2 plugins=2 changed=0 drift=0 unknown=0'
        }
        foreach ($name in $done.Keys) {
            # The state itself is new on every host.
            $changed = $done[$name] -like 'OK*' ? 1 : 2
            $run[$name] | Should -Be "changed=$changed unreachable=0 failed=0 $($done[$name])"
            $check[$name] -replace ' DRIFT ', ' CHANGED ' -replace 'changed=0 drift=1 unknown', 'changed=1 drift=0 unknown' | Should -Be $run[$name]
            $again[$name] | Should -Be "changed=0 unreachable=0 failed=0 OK fleet@2 plugins=2 changed=0 drift=0 unknown=0"
        }

        foreach ($all in $check, $run, $again) { $all.build07 | Should -Be 'changed=0 unreachable=1 failed=0 ' }
    }
}

Describe 'The script for SSH' -Skip:(-not $IsLinux -or $isPackage) {
    BeforeAll {
        . $PSScriptRoot/Common.ps1
        $searched = $env:PATH
    }

    AfterAll { $env:PATH = $searched }

    It 'connects to 200 hosts in groups, and names each that does not answer' {
        $folder = New-Folder
        # A program in the place of ssh that only says when it begins and ends.
        Set-Text "$folder/ssh" "#!/bin/sh`necho + >>'$folder/log'`nsleep 0.2`necho - >>'$folder/log'`nexit 255`n"
        & chmod +x "$folder/ssh"
        $env:PATH = "$folder`:$env:PATH"
        Set-Text "$folder/hosts.txt" ("# all`n`n" + ((1..200 | ForEach-Object { " host$_ `n" }) -join '') + "host7`n")
        Set-Json "$folder/baseline.json" @{ format = 1; id = 'fleet'; revision = '1'; plugins = @() }
        $run = & (Join-Path $RepositoryRoot 'docs/samples/fleet/ssh/Sync-PluginFleet.ps1') -HostFile "$folder/hosts.txt" -RequiredPluginFile "$folder/baseline.json" -ThrottleLimit 8

        $open = $most = 0
        $log = Get-Content "$folder/log"
        foreach ($line in $log) { $open += $line -eq '+' ? 1 : -1; $most = [Math]::Max($most, $open) }
        @($log -eq '+').Count | Should -Be 200
        $most | Should -BeLessOrEqual 8
        $most | Should -BeGreaterThan 1
        $run.Failure.Count | Should -Be 200
        $run.Drift.Kind | Sort-Object -Unique | Should -Be NoReport
        $run.Drift.ComputerName | Sort-Object | Should -Be (1..200 | ForEach-Object { "host$_" } | Sort-Object)
        "$($run.Change)$($run.Inventory)" | Should -BeNullOrEmpty
    }
}
