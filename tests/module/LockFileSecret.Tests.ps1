BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'A token in an address' {
    It 'is in no stream, error, transcript, export or file' {
        $canary = 'canary-51b7e6aa'
        $at = New-TestHome
        $root = New-SampleMarketplace
        Set-Catalog $root corp @(New-Entry notes; New-Entry secret @{ source = 'url'; url = "https://user:$canary@git.invalid/tool.git" })
        $folder = New-Folder
        $lock = Join-Path $folder 'plugins.lock.json'
        $transcript = Join-Path $folder 'transcript.txt'
        $errors = @()
        $null = Start-Transcript $transcript
        $all = . {
            Add-PluginMarketplace $root -PassThru @at -Verbose -Debug
            Find-Plugin -IncludeSkipped @at -Verbose
            Install-Plugin notes@corp, secret@corp @at -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable +errors
            Export-PluginLockFile $lock @at -Verbose
            Get-PluginLockFile $lock @at
            Add-Content (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') 'x'
            Test-PluginIntegrity @at
            Repair-Plugin @at -Verbose
            Get-InstalledPlugin -IncludeHash @at
            Get-PluginSecurityContext @at
            # The same address in a lock file.
            $edited = Get-Content -Raw $lock | ConvertFrom-Json
            $edited.plugins[0].source = [ordered]@{ type = 'git'; url = "https://user:$canary@git.invalid/tool.git"; commit = '0123456789012345678901234567890123456789' }
            Set-Json (Join-Path $folder edited.json) $edited
            Install-Plugin -LockFile (Join-Path $folder edited.json) -Frozen @at -ErrorAction SilentlyContinue -ErrorVariable +errors
        } *>&1
        $null = Stop-Transcript
        Remove-Item (Join-Path $folder edited.json)
        $errors.Count | Should -BeGreaterOrEqual 2
        $all.Count | Should -BeGreaterThan 8
        $all | Export-Clixml (Join-Path $folder all.xml) -Depth 6
        $errors | Export-Clixml (Join-Path $folder errors.xml) -Depth 6
        ($errors | Format-List * -Force | Out-String) + ($errors.Exception | Format-List * -Force | Out-String) + ($all | Format-List * | Out-String) | Should -Not -Match $canary
        Get-ChildItem $folder, $at.CodexHome -Recurse -File -Force | Where-Object { Select-String -LiteralPath $_.FullName -Pattern $canary -Quiet } | Should -BeNullOrEmpty
    }
}
