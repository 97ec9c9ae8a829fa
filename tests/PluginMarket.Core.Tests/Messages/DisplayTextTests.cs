using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PluginMarket.Identity;
using PluginMarket.Messages;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("plain text\nsecond line", "plain text\nsecond line")]
    [InlineData("\u001b]0;x\u0007", "\\u{001B}]0;x\\u{0007}")]
    [InlineData("a\rb\tc", "a\\u{000D}b\\u{0009}c")]
    [InlineData("\u009b2J\u007f", "\\u{009B}2J\\u{007F}")]
    [InlineData("abc\u202ecba", "abc\\u{202E}cba")]
    [InlineData("a\u200bb\ufeff\u00ad", "a\\u{200B}b\\u{FEFF}\\u{00AD}")]
    [InlineData("\U000E0041", "\\u{E0041}")]
    [InlineData("naïve 日本 😀", "naïve 日本 😀")]
    [InlineData("⚠\ufe0f ❤\ufe0f\u200d🔥 👩🏽\u200d💻 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 1\ufe0f⃣ #\ufe0f⃣ ©\ufe0f ☎\ufe0e", "⚠\ufe0f ❤\ufe0f\u200d🔥 👩🏽\u200d💻 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 1\ufe0f⃣ #\ufe0f⃣ ©\ufe0f ☎\ufe0e")]
    [InlineData("می\u200cخواهم क्\u200dष ක්\u200dර שלום\u200f!", "می\u200cخواهم क्\u200dष ක්\u200dර שלום\u200f!")]
    [InlineData("Sil\u00adben\u00adtrennung", "Sil\u00adben\u00adtrennung")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F")]
    [InlineData("葛\U000E0100 祇\ufe00 ∩\ufe00 ᠠ\u180bᠨ\u180eᠠ", "葛\U000E0100 祇\ufe00 ∩\ufe00 ᠠ\u180bᠨ\u180eᠠ")]
    [InlineData("ภาษา\u200bไทย ភាសា\u200bខ្មែរ မြန်မာ\u200bစာ", "ภาษา\u200bไทย ភាសា\u200bខ្មែរ မြန်မာ\u200bစာ")]
    [InlineData("ไทย\u200b\u200bไทย ไทย\u200bx", "ไทย\\u{200B}\\u{200B}ไทย ไทย\\u{200B}x")]
    [InlineData("a\U000E0100 葛\U000E0100\U000E0101 a\ufe00 a\u180b", "a\\u{E0100} 葛\U000E0100\\u{E0101} a\\u{FE00} a\\u{180B}")]
    [InlineData("a\u200db", "a\\u{200D}b")]
    [InlineData("👩\u200d text", "👩\\u{200D} text")]
    [InlineData("می\u200c\u200cخ", "می\\u{200C}\\u{200C}خ")]
    [InlineData("a\ufe0f 5\ufe0f 漢\ufe0f", "a\\u{FE0F} 5\\u{FE0F} 漢\\u{FE0F}")]
    [InlineData("⚠\ufe0f\ufe0f", "⚠\ufe0f\\u{FE0F}")]
    [InlineData("🏴\U000E0068\U000E0069\U000E007F", "🏴\\u{E0068}\\u{E0069}\\u{E007F}")]
    [InlineData("left\u200eright", "left\\u{200E}right")]
    public void What_drives_a_terminal_or_hides_is_shown(string text, string shown) => Assert.Equal(shown, DisplayText.Escape(text));

    [Theory]
    [InlineData("plain\r\n\ttext 😀", false)]
    [InlineData("\ufeffplain", false)]
    [InlineData("⚠\ufe0f 1\ufe0f⃣ 👨\u200d👩\u200d👧 می\u200cخواهم Sil\u00adbe", false)]
    [InlineData("葛\U000E0100 ภาษา\u200bไทย ᠠ\u180b", false)]
    [InlineData("a\u200db", true)]
    [InlineData("می\u200c\u200cخ", true)]
    [InlineData("⚠\ufe0f\ufe0f", true)]
    [InlineData("🏴\U000E0068\U000E0069\U000E007F", true)]
    [InlineData("a\u200bb", true)]
    [InlineData("\u2066x", true)]
    [InlineData("\U000E0041", true)]
    [InlineData("\u001b[2J", true)]
    [InlineData(null, false)]
    public void Hidden_text_is_marked(string? text, bool hidden) => Assert.Equal(hidden, DisplayText.HasHiddenText(text));

    [Fact]
    public void Broken_surrogates_are_shown()
    {
        Assert.Equal("\\u{D800}x\\u{DC00}", DisplayText.Escape("\ud800x\udc00"));
        Assert.True(DisplayText.HasHiddenText("a\ud800"));
        Assert.NotNull(NameRules.CheckPortability("a\udc00b"));
    }

    [Fact]
    public void No_text_passes_unsafe_and_none_is_escaped_twice()
    {
        var codes = Gen.OneOf(Gen.Choose(0, 0xFFFF), Gen.Choose(0, 0x2FF), Gen.Choose(0x2000, 0x20FF), Gen.Choose(0xD800, 0xDFFF));
        var texts = Gen.ArrayOf(codes).Select(a => new string([.. a.Select(c => (char)c)]));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var shown = DisplayText.Escape(text);
            return !DisplayText.HasHiddenText(shown)
                && !shown.Any(c => char.IsControl(c) && c != '\n')
                && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown)) == shown
                && DisplayText.Escape(shown) == shown;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void The_nearest_name_is_offered_only_when_it_is_near()
    {
        string[] names = ["deploy-kit", "calendar", "Git-Tools"];
        Assert.Equal("deploy-kit", NearestName.Find("deplyo-kit", names));
        Assert.Equal("Git-Tools", NearestName.Find("git-tool", names));
        Assert.Equal("calendar", NearestName.Find("cal", names));
        Assert.Null(NearestName.Find("zzz", names));
        Assert.Null(NearestName.Find("", names));
        Assert.Null(NearestName.Find("a", []));
    }
}
