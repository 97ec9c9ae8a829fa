Describe 'The command line' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'Common.ps1')
        $root = New-Folder
        $market = New-Market (Join-Path $root market)
        $codexHome = (New-Item -ItemType Directory (Join-Path $root 'home\.codex')).FullName
        $env:CODEX_HOME = $codexHome
        Push-Location $root
    }

    AfterAll {
        Pop-Location
        $env:CODEX_HOME = $null
    }

    It 'lists nothing in an empty home' {
        $run = Invoke-CommandLine list

        $run.ExitCode | Should -Be 0
        $run.Text | Should -Be 'No marketplace plugins found.'
    }

    It 'takes <Form> as a marketplace' -ForEach @(
        @{ Form = 'backslashes'; Path = '<Root>\market' }
        @{ Form = 'forward slashes'; Path = '<RootSlashes>/market' }
        @{ Form = 'a relative path'; Path = '.\market' }
        @{ Form = 'a drive-relative path'; Path = 'C:market' }
        @{ Form = 'a path from the root of the drive'; Path = '<NoDrive>\market' }
        @{ Form = 'the verbatim prefix'; Path = '\\?\<Root>\market' }
    ) {
        $path = $Path.Replace('<RootSlashes>', $root.Replace('\', '/')).Replace('<Root>', $root).Replace('<NoDrive>', $root.Substring(2))

        $run = Invoke-CommandLine marketplace add $path --json
        $null = Invoke-CommandLine marketplace remove corp

        $run.Text | Should -Match 'corp'
        $run.ExitCode | Should -Be 0
        $run.Text.Replace('\\', '\') | Should -BeLike "*$market*"
    }

    It 'installs, verifies and removes' {
        (Invoke-CommandLine marketplace add $market).ExitCode | Should -Be 0
        (Invoke-CommandLine add notes@corp).Text | Should -BeLike "*Installed plugin root: $codexHome\plugins\cache\corp\notes\local"
        (Invoke-CommandLine lock).ExitCode | Should -Be 0
        (Invoke-CommandLine verify).ExitCode | Should -Be 0
        (Invoke-CommandLine remove notes@corp).ExitCode | Should -Be 0
    }

    It 'names files of a check with backslashes alone' {
        $run = Invoke-CommandLine validate '.\market'

        Find-MixedSeparator ($run.Text -split '\s+') | Should -BeNullOrEmpty
    }

    It 'answers a wrong path with a code and JSON' {
        $run = Invoke-CommandLine marketplace add 'C:\nowhere' --json

        $run.ExitCode | Should -BeGreaterThan 0
        ($run.Text | ConvertFrom-Json).error.code | Should -Be SourceUnreachable
    }

    It 'takes and shows paths that are not ASCII' {
        $umlaut = New-Market (Join-Path $root 'Größe') sizes

        (Invoke-CommandLine marketplace add $umlaut).Text | Should -BeLike '*\Größe*'
        (Invoke-CommandLine marketplace list --json).Text | Should -BeLike '*Größe*'
    }
}
