BeforeAll {
    . $PSScriptRoot/Common.ps1

    # A git that never answers, first on the path; it leaves its process id behind.
    function New-HangingGit {
        $folder = New-Folder
        $real = (Get-Command git -CommandType Application | Select-Object -First 1).Source
        $script = Join-Path $folder 'git'
        @"
#!/bin/sh
case "`$*" in
  *ls-remote*HEAD*) echo `$`$ > '$folder/pid'; exec sleep 3600 ;;
esac
exec '$real' "`$@"
"@ | Set-Content -NoNewline $script
        chmod +x $script
        $folder
    }

    function Get-Litter($At) {
        Get-ChildItem -Force -Recurse (Join-Path $At.CodexHome 'plugins/.pluginmarket/staging'), (Join-Path $At.CodexHome 'plugins/.pluginmarket/trash') -ErrorAction Ignore
    }
}

Describe 'Stopping' -Skip:$IsWindows {
    It 'ends git and everything else before the pipeline is over' {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $null = Save-Repository $root
        $git = New-HangingGit
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($manifest, $url, $at, $git)
            $env:PATH = $git + [IO.Path]::PathSeparator + $env:PATH
            Import-Module $manifest
            Add-PluginMarketplace $url @at
        }.ToString()).AddArgument($ModuleManifest).AddArgument((Get-FileUrl $root)).AddArgument($at).AddArgument($git)
        $path = $env:PATH
        try {
            $run = $shell.BeginInvoke()
            $limit = [datetime]::Now.AddMinutes(10)
            while (-not (Get-Content "$git/pid" -ErrorAction Ignore) -and [datetime]::Now -lt $limit) { Start-Sleep -Milliseconds 100 }
            $processId = [int](Get-Content "$git/pid")
            Get-Process -Id $processId -ErrorAction Ignore | Should -Not -BeNullOrEmpty
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 600
        }
        finally {
            $env:PATH = $path
            $shell.Dispose()
        }
        Get-Process -Id $processId -ErrorAction Ignore | Where-Object { -not $_.HasExited } | Should -BeNullOrEmpty
        Get-Litter $at | Should -BeNullOrEmpty
        Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty
    }

    It 'cleans up behind Select-Object -First' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $first = Install-Plugin notes@corp, deploy@corp, mail@corp, base@corp, old-one@corp -ThrottleLimit 1 @at | Select-Object -First 1
        $first.Status | Should -Be 'Installed'
        Get-Litter $at | Should -BeNullOrEmpty
        # Whatever was installed by then is whole, and the home is free for the next command.
        Get-InstalledPlugin @at | ForEach-Object { $_.State | Should -Be 'Installed' }
        (Install-Plugin notes@corp @at).Status | Should -Be 'Unchanged'
    }

    It 'cleans up behind a command downstream that throws' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        { Install-Plugin notes@corp, deploy@corp, mail@corp -ThrottleLimit 1 @at | ForEach-Object { throw 'downstream' } } | Should -Throw 'downstream'
        Get-Litter $at | Should -BeNullOrEmpty
        (Install-Plugin notes@corp, deploy@corp @at).Status | ForEach-Object { $_ | Should -BeIn 'Installed', 'Unchanged' }
    }

    It 'cleans up behind an error under -ErrorAction Stop' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        { Install-Plugin locked@corp, notes@corp @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotAvailable,*'
        Get-Litter $at | Should -BeNullOrEmpty
        (Install-Plugin notes@corp @at).Status | Should -BeIn 'Installed', 'Unchanged'
    }
}

Describe 'Progress' {
    It 'is shown per plugin, and taken away at the end' {
        $at = New-TestHome
        $repository = New-Folder
        $null = New-TestPlugin $repository one
        $null = Save-Repository $repository
        $catalog = New-Folder
        Set-Catalog $catalog 'git' @(New-Entry one -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = 'plugins/one' })
        Add-PluginMarketplace $catalog @at
        $shell = [powershell]::Create()
        $null = $shell.AddScript({ param($manifest, $at) Import-Module $manifest; $ProgressPreference = 'Continue'; Install-Plugin one@git @at }.ToString()).AddArgument($ModuleManifest).AddArgument($at)
        $null = $shell.Invoke()
        $records = $shell.Streams.Progress | Where-Object Activity -NE 'Preparing modules for first use.'
        $records | Should -Not -BeNullOrEmpty
        $records | Group-Object ActivityId | ForEach-Object { $_.Group[-1].RecordType | Should -Be 'Completed' }
    }
}
