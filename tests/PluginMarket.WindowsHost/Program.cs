using PluginMarket.WindowsHost;

return args switch
{
    ["script", var script, .. var arguments] => ScriptRun.Run(script, arguments),
    ["exec", var program, .. var arguments] => ProgramRun.Run(program, arguments),
    _ => 2,
};
