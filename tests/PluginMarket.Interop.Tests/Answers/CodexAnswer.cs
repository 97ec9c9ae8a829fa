namespace PluginMarket.Interop.Tests.Answers;

/// <summary>A question to one version of Codex, whose answer is a cell of <c>docs/codex-versions.md</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Situation">What is asked, for the page.</param>
/// <param name="Ask">Asks it in its own scene; the answer is short and the same in every run.</param>
internal sealed record CodexAnswer(string Id, string Situation, Func<AnswerScene, string> Ask);
