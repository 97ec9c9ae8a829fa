BeforeAll {
    . $PSScriptRoot/Common.ps1

    # A git server on loopback that lets in who has the token, and looks at every argument list of the machine while a command waits for it.
    function Start-GitServer([string] $Root) {
        $listener = [Net.HttpListener]::new()
        for ($try = 0; -not $listener.IsListening; $try++) {
            $port = Get-Random -Minimum 20000 -Maximum 32000
            $listener.Prefixes.Clear()
            $listener.Prefixes.Add("http://127.0.0.1:$port/")
            try { $listener.Start() } catch { if ($try -eq 20) { throw }; $listener = [Net.HttpListener]::new() }
        }

        $state = [hashtable]::Synchronized(@{ Token = ''; Forms = @(); Hits = @(); Seen = 0; Accepted = 0 })
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($listener, $root, $state)
            while ($listener.IsListening) {
                try { $context = $listener.GetContext() } catch { return }
                $request = $context.Request
                foreach ($file in [IO.Directory]::GetDirectories('/proc') | Where-Object { [IO.Path]::GetFileName($_) -match '^\d+$' }) {
                    $line = try { [IO.File]::ReadAllText("$file/cmdline") } catch { '' }
                    if ($line -match 'git') { $state.Seen++ }
                    foreach ($form in $state.Forms) { if ($line.Contains($form)) { $state.Hits += $line } }
                }
                $given = if ("$($request.Headers['Authorization'])" -match '^Basic (.+)$') { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Matches[1])).Split(':', 2)[1] }
                if ($given -ne $state.Token) {
                    $context.Response.StatusCode = 401
                    $context.Response.AddHeader('WWW-Authenticate', 'Basic realm="tests"')
                    $context.Response.Close()
                    continue
                }

                $state.Accepted++
                $start = [Diagnostics.ProcessStartInfo]::new('git', [string[]]@('http-backend'))
                $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
                $variables = @{
                    GIT_PROJECT_ROOT = $root; GIT_HTTP_EXPORT_ALL = '1'; GIT_CONFIG_NOSYSTEM = '1'; HOME = $root; REMOTE_USER = 'bob'
                    GIT_CONFIG_COUNT = '1'; GIT_CONFIG_KEY_0 = 'safe.directory'; GIT_CONFIG_VALUE_0 = '*'
                    PATH_INFO = $request.Url.AbsolutePath; QUERY_STRING = $request.Url.Query.TrimStart('?'); REQUEST_METHOD = $request.HttpMethod
                    CONTENT_TYPE = "$($request.ContentType)"; HTTP_CONTENT_ENCODING = "$($request.Headers['Content-Encoding'])"; GIT_PROTOCOL = "$($request.Headers['Git-Protocol'])"
                }
                $body = [IO.MemoryStream]::new()
                $request.InputStream.CopyTo($body)
                $variables.CONTENT_LENGTH = "$($body.Length)"
                foreach ($name in $variables.Keys) { $start.Environment[$name] = $variables[$name] }
                $backend = [Diagnostics.Process]::Start($start)
                $backend.StandardInput.BaseStream.Write($body.ToArray())
                $backend.StandardInput.Close()
                $answer = [IO.MemoryStream]::new()
                $backend.StandardOutput.BaseStream.CopyTo($answer)
                $backend.WaitForExit()
                $bytes = $answer.ToArray()
                $end = [Text.Encoding]::Latin1.GetString($bytes).IndexOf("`r`n`r`n")
                foreach ($field in [Text.Encoding]::Latin1.GetString($bytes, 0, $end) -split "`r`n") {
                    $name, $value = $field -split ': ', 2
                    switch ($name) {
                        'Status' { $context.Response.StatusCode = [int]($value -split ' ')[0] }
                        'Content-Type' { $context.Response.ContentType = $value }
                    }
                }
                $context.Response.Close([byte[]]$bytes[($end + 4)..$bytes.Length], $false)
            }
        }.ToString()).AddArgument($listener).AddArgument($Root).AddArgument($state)
        @{ Listener = $listener; Shell = $shell; Run = $shell.BeginInvoke(); State = $state; Url = "http://127.0.0.1:$port"; Authority = "127.0.0.1:$port" }
    }

    function Stop-GitServer($Server) {
        $Server.Listener.Stop()
        $null = $Server.Shell.EndInvoke($Server.Run)
        $Server.Shell.Dispose()
    }

    # The secret as it is, as a header of http has it, and as PowerShell writes a secure string where nothing is encrypted.
    function Get-Form([string] $Secret) {
        $Secret
        foreach ($user in '', 'bob', 'x-access-token') { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("${user}:$Secret")).TrimEnd('=') }
        [Convert]::ToHexString([Text.Encoding]::Unicode.GetBytes($Secret))
    }

    # What an administrator would run and keep: all streams, a transcript, the errors and the objects.
    $session = {
        param($Manifest, $CodexHome, $HomePath, $Out, $Way)
        $VerbosePreference = $DebugPreference = $WarningPreference = $InformationPreference = 'Continue'
        $ErrorActionPreference = 'Continue'
        $null = Start-Transcript (Join-Path $Out 'transcript.txt')
        Import-Module $Manifest -Verbose:$false
        $at = @{ CodexHome = $CodexHome; HomePath = $HomePath }
        $with = @{}
        if ($Way -eq 'credential') { $with.Credential = [pscredential]::new('bob', [System.Net.NetworkCredential]::new('', $env:TEST_SECRET).SecurePassword) }
        $env:TEST_SECRET = $null
        $everything = & {
            $env:TEST_SOURCE -split ' ' | ForEach-Object { Add-PluginMarketplace $_ @at @with -PassThru }
            Get-PluginMarketplace @at
            Update-PluginMarketplace @at @with
            Find-Plugin @at -IncludeSkipped
            Find-Plugin @at | Install-Plugin @at @with -Reinstall
            Get-InstalledPlugin @at
            Get-PluginUpdate @at @with -Refresh
            Find-Plugin @at @with -Resolve
            Find-Plugin @at | Get-PluginCapability @with
            Find-Plugin @at | Approve-Plugin -ApprovalFile (Join-Path $HomePath 'approvals.json') @with
            Update-Plugin @at @with
            Suspend-PluginUpdate * -Note 'kept' @at
            Export-PluginLockFile (Join-Path $HomePath 'plugins.lock.json') @at
        } *>&1
        $everything | Format-List * -Force | Out-String -Width 500
        $Error | ForEach-Object { $_ | Format-List * -Force; $_.Exception; $_.Exception.InnerException; $_.TargetObject } | Out-String -Width 500
        Get-Error -Newest 20 | Out-String -Width 500
        $Error | Export-Clixml (Join-Path $Out 'errors.clixml') -Depth 5
        $everything | Export-Clixml (Join-Path $Out 'objects.clixml') -Depth 5
        $everything | Where-Object { $_ -isnot [Management.Automation.InformationalRecord] -and $_ -isnot [Management.Automation.ErrorRecord] } | ConvertTo-Json -Depth 6 | Set-Content (Join-Path $Out 'objects.json')
        $null = Stop-Transcript
    }

    # Sources and secrets go by variables: in the argument list of the session they would be found.
    function Invoke-Session([string[]] $Source, $At, [string] $Way, [hashtable] $Variables) {
        $out = New-Folder
        $script = Join-Path $out 'session.ps1'
        $session.ToString() | Set-Content $script
        $arguments = '-NoProfile', '-NonInteractive', '-File', $script, $ModuleManifest, $At.CodexHome, $At.HomePath, $out, $Way
        $start = New-PowerShellStart $arguments
        $start.RedirectStandardOutput = $start.RedirectStandardError = $start.RedirectStandardInput = $true
        $start.Environment['HOME'] = $At.HomePath
        $start.Environment['TEST_SOURCE'] = $Source -join ' '
        foreach ($name in $Variables.Keys) { $start.Environment[$name] = $Variables[$name] }
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $errors = $process.StandardError.ReadToEndAsync()
        $process.StandardOutput.ReadToEnd() | Set-Content (Join-Path $out 'output.txt')
        $errors.Result | Set-Content (Join-Path $out 'errors.txt')
        $process.WaitForExit()
        $out
    }

    function Get-FileWith([string[]] $Folder, [string[]] $Form) {
        foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -Force -File) {
            $bytes = [IO.File]::ReadAllBytes($file.FullName)
            $texts = [Text.Encoding]::Latin1.GetString($bytes), [Text.Encoding]::Unicode.GetString($bytes)
            foreach ($text in $texts) { foreach ($one in $Form) { if ($text.Contains($one)) { "$($file.FullName) has $one" } } }
        }
    }
}

Describe 'A secret' -Skip:(-not $IsLinux) {
    BeforeAll {
        $served = New-Folder
        $null = New-TestPlugin $served notes
        $null = New-TestPlugin $served deploy -Component Skill, Hook
        $server = Start-GitServer (Split-Path $served)
        Set-Catalog $served corp @(New-Entry notes; New-Entry deploy -Source @{ source = 'git-subdir'; url = "$($server.Url)/$(Split-Path -Leaf $served)"; path = 'plugins/deploy' })
        $null = Save-Repository $served
        $source = "$($server.Url)/$(Split-Path -Leaf $served)"
    }

    AfterAll { Stop-GitServer $server }

    BeforeEach {
        $at = New-TestHome
        $secret = 'canary' + [guid]::NewGuid().ToString('n')
        $forms = Get-Form $secret
        $server.State.Token = $secret
        $server.State.Forms = $forms
        $server.State.Hits = @()
        $server.State.Seen = $server.State.Accepted = 0
    }

    It 'given by <way> is in no stream, transcript, error, object, file or argument list' -ForEach @(@{ way = 'variable' }, @{ way = 'credential' }, @{ way = 'helper' }) {
        $variables = @{}
        switch ($way) {
            'variable' { $variables.PLUGINMARKET_GIT_TOKEN = $secret; $variables.PLUGINMARKET_GIT_TOKEN_HOST = $server.Authority }
            'credential' { $variables.TEST_SECRET = $secret }
            'helper' {
                $helpers = New-Folder
                "username=bob`npassword=$secret`n" | Set-Content -NoNewline "$helpers/answer"
                "#!/bin/sh`ntest `"`$1`" = get && cat '$helpers/answer'`nexit 0`n" | Set-Content -NoNewline "$helpers/helper"
                chmod +x "$helpers/helper"
                "[credential]`n`thelper = $helpers/helper`n" | Set-Content -NoNewline (Join-Path $at.HomePath '.gitconfig')
            }
        }

        $granted = Invoke-Session $source $at $way $variables
        $server.State.Accepted | Should -BeGreaterThan 8
        Join-Path $at.HomePath 'approvals.json' | Should -Exist
        Join-Path $at.HomePath 'plugins.lock.json' | Should -Exist
        Get-Content -Raw "$granted/transcript.txt" | Should -Match 'ls-remote'
        @(Get-InstalledPlugin @at).Name | Should -Be 'deploy', 'notes'
        Get-Content -Raw "$granted/errors.clixml" | Should -Not -Match 'FullyQualifiedErrorId'

        $server.State.Token = 'another'
        $refused = Invoke-Session "$source/.git" $at $way $variables
        Get-Content -Raw "$refused/errors.clixml" | Should -Match 'GitAuthenticationFailed'
        Get-Content -Raw "$refused/transcript.txt" | Should -Match 'GitAuthenticationFailed'

        Get-FileWith $granted, $refused, $at.HomePath $forms | Should -BeNullOrEmpty
        $server.State.Hits | Should -BeNullOrEmpty
        $server.State.Seen | Should -BeGreaterThan 0
    }

    It 'in a URL is refused, and is in no stream, transcript, error, object or file' {
        $address = $source -replace '^http://'
        $out = Invoke-Session "http://bob:$secret@$address", "http://$secret@$address", "http://$address`?private_token=$secret" $at 'url' @{}

        (Select-String -Path "$out/errors.clixml" -Pattern '<S N="FullyQualifiedErrorId">CredentialInUrl,').Count | Should -Be 3
        Get-FileWith $out, $at.HomePath $forms | Should -BeNullOrEmpty
        $server.State.Hits | Should -BeNullOrEmpty
        Join-Path $at.CodexHome 'config.toml' | Should -Not -Exist
        $server.State.Accepted | Should -Be 0
    }
}
