global using System.Text;
global using Xunit;
// Every test here starts the Codex CLI.

[assembly: Trait("Category", "Slow")]
