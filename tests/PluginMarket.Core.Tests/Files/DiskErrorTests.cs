using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class DiskErrorTests
{
    [Fact]
    public void Every_text_is_whole_sentences_to_which_others_can_be_added()
    {
        for (var error = 1; error <= 133; error++)
        {
            foreach (var failure in new[] { DiskError.Reading("Reading", "/a/b", error), DiskError.Writing("Writing", "/a/b", error) })
            {
                Assert.Matches(@"^(Reading|Writing) '/a/b': .+[^.]\.$", failure.Message);
                Assert.DoesNotMatch(@"\(\d+\) [A-Z]", failure.Message);
            }
        }
    }
}
