BeforeDiscovery {
    $forms = 'typed', 'deserialized', 'selected', 'pscustomobject', 'id only', 'string', 'array', 'mixed', 'a name alone', 'a column Name', 'lines of a file', 'catalog entries'
    $changers = @(
        @{ command = 'Install-Plugin'; after = 'Installed' }
        @{ command = 'Uninstall-Plugin'; after = 'gone' }
        @{ command = 'Enable-Plugin'; after = 'Installed' }
        @{ command = 'Disable-Plugin'; after = 'Disabled' }
        @{ command = 'Update-Plugin'; after = 'Installed' }
        @{ command = 'Suspend-PluginUpdate'; after = 'Installed' }
        @{ command = 'Resume-PluginUpdate'; after = 'Installed' }
        @{ command = 'Undo-PluginUpdate'; after = 'Installed' }
        @{ command = 'Repair-Plugin'; after = 'Installed' }
    )
    $matrix = foreach ($changer in $changers) { foreach ($form in $forms) { @{ command = $changer.command; after = $changer.after; form = $form } } }
    $foreign = foreach ($changer in $changers | Select-Object -First 4) { foreach ($kind in 'a file', 'a folder', 'a marketplace', 'a hashtable', 'a number', 'a process', 'an object without an id', 'a text that is no name', 'nothing') { @{ command = $changer.command; kind = $kind } } }
    $marketplaceForms = foreach ($command in 'Set-PluginMarketplace', 'Update-PluginMarketplace', 'Remove-PluginMarketplace') { foreach ($form in 'typed', 'deserialized', 'selected', 'pscustomobject', 'string', 'array', 'mixed') { @{ command = $command; form = $form } } }
    $marketplaceForeign = foreach ($command in 'Set-PluginMarketplace', 'Update-PluginMarketplace', 'Remove-PluginMarketplace') { foreach ($kind in 'a file', 'a folder', 'a hashtable', 'a number', 'a process', 'a text that is no name', 'nothing') { @{ command = $command; kind = $kind } } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace

    # The same two plugins in another form; what is piped is always two items, or one array of two.
    function ConvertTo-Form([string] $Form, [object[]] $Objects) {
        switch ($Form) {
            'typed' { $Objects }
            'deserialized' { $Objects | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } }
            'selected' { $Objects | Select-Object Name, Marketplace, CodexHome }
            'pscustomobject' { $Objects | ForEach-Object { [pscustomobject]@{ Name = $_.Name; Marketplace = $_.Marketplace } } }
            'id only' { $Objects | ForEach-Object { [pscustomobject]@{ Id = $_.Id } } }
            'string' { $Objects.Id }
            'a name alone' { $Objects.Name }
            'a column Name' { $Objects | Select-Object Name | ConvertTo-Csv | ConvertFrom-Csv }
            'lines of a file' {
                $list = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
                '# wanted', '', $Objects.Id | ForEach-Object { $_ } | Set-Content $list
                Get-Content $list
            }
            'catalog entries' { Find-Plugin $Objects.Name -Marketplace corp @at }
            'array' { , @($Objects) }
            'mixed' { $Objects[0]; , @($Objects[1].Id, [pscustomobject]@{ Id = $Objects[0].Id }) }
        }
    }

    function Get-Foreign([string] $Kind) {
        switch ($Kind) {
            'a file' { Get-Item (Join-Path $root '.agents/plugins/marketplace.json') }
            'a folder' { Get-Item $root }
            'a marketplace' { Get-PluginMarketplace corp @at }
            'a hashtable' { @{ Name = 'notes'; Marketplace = 'corp' } }
            'a number' { 42 }
            'a process' { Get-Process -Id $PID }
            'an object without an id' { [pscustomobject]@{ Title = 'notes' } }
            'a text that is no name' { 'no name!' }
            'nothing' { $null }
        }
    }
}

Describe '<command> given plugins as <form>' -ForEach $matrix {
    It 'acts on both' {
        $at = New-TestHome
        $root = if ($command -in 'Update-Plugin', 'Undo-PluginUpdate') { New-SampleMarketplace } else { $root }
        Add-PluginMarketplace $root @at
        if ($command -eq 'Install-Plugin') {
            $objects = Find-Plugin notes, deploy -Marketplace corp @at
        }
        else {
            $null = Install-Plugin notes@corp, deploy@corp @at -Disabled:($command -eq 'Enable-Plugin')
            if ($command -eq 'Resume-PluginUpdate') { Suspend-PluginUpdate '*' @at }
            if ($command -in 'Update-Plugin', 'Undo-PluginUpdate') {
                $source = Get-PluginMarketplace corp @at
                foreach ($name in 'notes', 'deploy') { 'x' | Set-Content (Join-Path $source.Root plugins $name 'more.txt') }
                if ($command -eq 'Undo-PluginUpdate') { $null = Update-Plugin @at }
            }
            if ($command -eq 'Repair-Plugin') { Get-InstalledPlugin @at | ForEach-Object { 'x' | Set-Content (Join-Path $_.Path 'more.txt') } }
            $objects = Get-InstalledPlugin @at
        }

        $errors = $null
        $null = ConvertTo-Form $form $objects | & $command @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable errors
        # In the mixed form one plugin is named twice; uninstalling it twice is rightly an error, and so is undoing one update twice.
        if ($command -notin 'Uninstall-Plugin', 'Undo-PluginUpdate' -or $form -ne 'mixed') { $errors | Should -BeNullOrEmpty }
        $states = @((Get-InstalledPlugin @at).State)
        if ($after -eq 'gone') { $states | Should -BeNullOrEmpty } else { $states | Should -Be $after, $after }
        if ($after -eq 'gone') { return }
        $done = @(foreach ($plugin in Get-InstalledPlugin @at) {
            $isDone = switch ($command) {
                'Suspend-PluginUpdate' { $plugin.Held }
                'Resume-PluginUpdate' { -not $plugin.Held }
                'Update-Plugin' { Test-Path (Join-Path $plugin.Path 'more.txt') }
                'Repair-Plugin' { -not (Test-Path (Join-Path $plugin.Path 'more.txt')) }
                'Undo-PluginUpdate' { $form -eq 'mixed' -or -not (Test-Path (Join-Path $plugin.Path 'more.txt')) }
                default { $true }
            }
            if ($isDone) { $plugin }
        })
        $done.Count | Should -Be $states.Count
    }
}

# The parameter's type is PluginInput, but what a script gives to it is what design and help say: the transformation takes every form.
Describe 'The parameter -InputObject' {
    BeforeAll {
        $given = New-TestHome
        Add-PluginMarketplace $root @given
        $null = Install-Plugin notes@corp, deploy@corp @given
    }

    It 'takes plugins as <_>' -ForEach ($forms -ne 'catalog entries') {
        $null = Enable-Plugin '*' @given
        $argument = ConvertTo-Form $_ (Get-InstalledPlugin @given) | ForEach-Object { $_ }
        Disable-Plugin -InputObject $argument @given -ErrorAction Stop
        @((Get-InstalledPlugin @given).State) | Should -Be 'Disabled', 'Disabled'
    }

    It 'takes marketplaces as <_>' -ForEach 'typed', 'deserialized', 'pscustomobject', 'string' {
        $marketplace = Get-PluginMarketplace corp @given
        $argument = switch ($_) {
            'typed' { $marketplace }
            'deserialized' { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($marketplace)) }
            'pscustomobject' { [pscustomobject]@{ Name = 'corp' } }
            'string' { 'corp' }
        }
        (Update-PluginMarketplace -InputObject $argument @given -ErrorAction Stop).Status | Should -Be 'Skipped'
        # A name means a plugin there.
        if ($_ -in 'typed', 'deserialized') { (Find-Plugin -InputObject $argument @given -ErrorAction Stop).Count | Should -Be 6 }
    }
}

Describe '<command> given <kind>' -ForEach $foreign {
    It 'reports it, and goes on with the next' {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        if ($command -ne 'Install-Plugin') { $null = Install-Plugin notes@corp @at -Disabled:($command -eq 'Enable-Plugin') }
        $before = Get-FolderState $at.CodexHome
        $thing = Get-Foreign $kind

        $errors = $null
        $null = , $thing | & $command @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable errors
        @($errors).Count | Should -Be 1
        Get-FolderState $at.CodexHome | Should -Be $before
        if ($null -ne $thing) {
            Get-ErrorCode $errors[0] | Should -Be 'InputNotAPlugin'
            "$($errors[0].CategoryInfo.Category)" | Should -Be 'InvalidArgument'
            "$($errors[0].TargetObject)" | Should -Be "$thing"
        }

        $errors = $null
        $null = $thing, 'notes@corp' | & $command @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable errors
        @($errors).Count | Should -Be 1
        Get-FolderState $at.CodexHome | Should -Not -Be $before
    }
}

Describe '<command> given marketplaces as <form>' -ForEach $marketplaceForms {
    It 'acts on both' {
        $at = New-TestHome
        foreach ($name in 'one', 'two') {
            $repository = New-SampleMarketplace $name
            $null = Save-Repository $repository
            $null = Invoke-Git $repository tag v1
            Add-PluginMarketplace (Get-FileUrl $repository) @at
        }
        $objects = Get-PluginMarketplace @at -Scope User | Sort-Object Name
        $piped = switch ($form) {
            'typed' { $objects }
            'deserialized' { $objects | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } }
            'selected' { $objects | Select-Object Name, CodexHome }
            'pscustomobject' { $objects | ForEach-Object { [pscustomobject]@{ Name = $_.Name } } }
            'string' { $objects.Name }
            'array' { , @($objects) }
            'mixed' { $objects[0]; , @($objects[1].Name) }
        }

        $parameters = if ($command -eq 'Set-PluginMarketplace') { @{ Ref = 'v1' } } else { @{} }
        $errors = $null
        $output = $piped | & $command @at @parameters -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors | Should -BeNullOrEmpty
        switch ($command) {
            'Set-PluginMarketplace' { (Get-PluginMarketplace @at -Scope User).Ref | Should -Be 'v1', 'v1' }
            'Update-PluginMarketplace' { $output.Name | Should -Be 'one', 'two' }
            'Remove-PluginMarketplace' { Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty }
        }
    }
}

Describe '<command> given <kind> as a marketplace' -ForEach $marketplaceForeign {
    It 'reports it, and changes nothing' {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $before = Get-FolderState $at.CodexHome
        $thing = Get-Foreign $kind
        $errors = $null
        $null = , $thing | & $command @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable errors
        @($errors).Count | Should -Be 1
        if ($null -ne $thing) {
            Get-ErrorCode $errors[0] | Should -Be 'InputNotAMarketplace'
            "$($errors[0].TargetObject)" | Should -Be "$thing"
        }
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
