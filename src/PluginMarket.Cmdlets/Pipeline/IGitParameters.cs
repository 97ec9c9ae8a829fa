using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What every call can say whose sources may lie in git repositories. PowerShell takes parameters from base classes alone, and there is one per line of descent.</summary>
internal interface IGitParameters
{
    SwitchParameter AllowHttp { get; }

    string[] AllowHost { get; }

    PSCredential? Credential { get; }

    GitEngine GitEngine { get; }
}
