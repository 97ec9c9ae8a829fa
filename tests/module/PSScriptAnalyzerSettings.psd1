@{
    ExcludeRules = @(
        # It does not follow a variable from Pester's BeforeAll or BeforeDiscovery into It.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Functions of a test make scratch files; nobody asks them what they would do.
        'PSUseShouldProcessForStateChangingFunctions'
        # It takes the parameters of a job's own script block for variables of the caller.
        'PSUseUsingScopeModifierInNewRunspaces'
        # The parts of a path, and what goes to a program or to a function of the same file, are read best in their order.
        'PSAvoidUsingPositionalParameters'
        # PowerShell 7 reads UTF-8 without a mark, and Git shows a mark as a change.
        'PSUseBOMForUnicodeEncodedFile'
    )

    Rules        = @{
        # The name of a task.
        PSUseSingularNouns      = @{ Enable = $true; NounAllowList = @('Data', 'Docs', 'Windows') }

        # Pester's blocks read the parameters of their file.
        PSReviewUnusedParameter = @{ CommandsToTraverse = @('BeforeDiscovery', 'BeforeAll') }
    }
}
