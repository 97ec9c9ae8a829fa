# What reaches git repositories. A library stays loaded for the life of its process, so each case has one of its own.
BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Runs a command in a session of its own with variables of its own; what it writes is the result.
    function Invoke-Session([hashtable] $Variables, [string] $Command) {
        $start = New-PowerShellStart '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; Import-Module '$ModuleManifest'; $Command"
        foreach ($name in $Variables.Keys) { $start.Environment[$name] = $Variables[$name] }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        $problem = $process.StandardError.ReadToEndAsync()
        $text = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        ($text + $problem.Result).Trim()
    }

    # Says the error's id and message instead of failing.
    function Get-AddCommand([hashtable] $At, [string] $More) {
        "try { (Add-PluginMarketplace '$url' -CodexHome '$($At.CodexHome)' -HomePath '$($At.HomePath)' -PassThru -WarningAction SilentlyContinue $More).Name } catch { `"`$(`$_.FullyQualifiedErrorId) `$(`$_.Exception.Message)`" }"
    }

    $root = New-SampleMarketplace
    $null = Save-Repository $root
    $url = Get-FileUrl $root
    $empty = New-Folder
}

Describe 'the git engine' {
    BeforeEach {
        $at = New-TestHome
    }

    It 'is libgit2 by itself where there is no git command, and not loaded before' {
        $load = "`$before = [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -contains 'LibGit2Sharp'; "
        $context = "; `"`$before `$([Runtime.Loader.AssemblyLoadContext]::GetLoadContext(([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'LibGit2Sharp' })).Name)`""
        (Invoke-Session @{ PATH = $empty } ($load + (Get-AddCommand $at) + $context)) -split '\r?\n' | Should -Be 'corp', 'False PluginMarket'
    }

    It 'is refused with what to do where the library cannot be used' {
        $other = if ($IsLinux) { (Get-Item /lib/*/libc.so.6, /lib64/libc.so.6, /lib/libc.so.6 -ErrorAction Ignore | Select-Object -First 1).FullName } else { Join-Path $empty 'other' }
        $text = Join-Path $at.HomePath 'text.so'
        Set-Content $text 'text'
        $named = (Join-Path $empty 'none.so'), 'libgit2.so', $text, $other
        $said = (Invoke-Session @{} (($named | ForEach-Object { "`$env:PLUGINMARKET_LIBGIT2 = '$_'; $(Get-AddCommand $at '-GitEngine LibGit2')" }) -join '; ')) -split '\r?\n'
        $said | Should -HaveCount 4
        $said | Should -BeLike 'GitNotFound,*Set PLUGINMARKET_LIBGIT2 to the absolute path of a libgit2 1.8 library file, or install git.*'
    }

    It 'is reported missing with both ways out where there is neither' {
        $said = Invoke-Session @{ PATH = $empty; PLUGINMARKET_LIBGIT2 = (Join-Path $empty 'none.so') } (Get-AddCommand $at)
        $said | Should -BeLike 'GitNotFound,*No git command*PLUGINMARKET_LIBGIT2*'
    }

    It 'is chosen by -GitEngine and by the environment, and written into the receipt' {
        $shop = New-Folder
        $entries = foreach ($name in 'one', 'two', 'three') {
            $tool = New-TestPlugin (New-Folder) $name
            $null = Save-Repository $tool
            New-Entry $name @{ source = 'url'; url = (Get-FileUrl $tool) }
        }

        Set-Catalog $shop shop @($entries)
        $homeArguments = "-CodexHome '$($at.CodexHome)' -HomePath '$($at.HomePath)'"
        Invoke-Session @{} "Add-PluginMarketplace '$shop' $homeArguments
            (Install-Plugin one@shop -GitEngine LibGit2 $homeArguments).Status
            (Install-Plugin two@shop $homeArguments).Status
            `$env:PLUGINMARKET_GIT_ENGINE = 'libgit2'
            (Install-Plugin three@shop $homeArguments).Status" | Should -Match '^(Installed\s*){3}$'
        'one', 'two', 'three' | ForEach-Object { (Get-Content -Raw (Join-Path $at.CodexHome "plugins/.pluginmarket/receipts/shop/$_.json") | ConvertFrom-Json).engine } | Should -Be 'libgit2', 'git', 'libgit2'
    }

    It 'is taken by <Name> too' -ForEach @(
        @{ Name = 'Repair-Plugin'; Command = 'Repair-Plugin -GitEngine LibGit2' }
        @{ Name = 'Export-PluginMarketplace'; Command = 'Export-PluginMarketplace frozen -LockFile plugins.lock.json -Frozen -GitEngine LibGit2' }
    ) {
        $tool = New-TestPlugin (New-Folder) one
        $null = Save-Repository $tool
        $shop = New-Folder
        Set-Catalog $shop shop @(New-Entry one @{ source = 'url'; url = (Get-FileUrl $tool) })
        Add-PluginMarketplace $shop @at
        $installed = Install-Plugin one@shop @at
        $null = Export-PluginLockFile (Join-Path $shop plugins.lock.json) @at
        Add-Content (Join-Path $installed.Path '.codex-plugin/plugin.json') ' '
        # Git is there, and the engine asked for is not: only who asks for it misses it.
        Invoke-Session @{ PLUGINMARKET_LIBGIT2 = (Join-Path $empty 'none.so') } "Set-Location '$shop'
            try { $Command -CodexHome '$($at.CodexHome)' -HomePath '$($at.HomePath)' } catch { `$_.FullyQualifiedErrorId }" | Should -BeLike '*GitNotFound,*'
    }
}
