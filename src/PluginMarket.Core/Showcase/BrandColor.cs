using System.Globalization;

namespace PluginMarket.Showcase;

/// <summary>A plugin's colour and the ink that can be read on it.</summary>
internal readonly record struct BrandColor
{
    private BrandColor(int red, int green, int blue)
    {
        Fill = string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
        Luminance = (0.2126 * Linear(red)) + (0.7152 * Linear(green)) + (0.0722 * Linear(blue));
    }

    /// <summary><c>#</c> and six hex digits, lower case.</summary>
    public string Fill { get; }

    /// <summary>Relative luminance, 0 to 1 (WCAG 2).</summary>
    public double Luminance { get; }

    /// <summary>White or black, whichever stands out more: 4.5 to 1 at the least, for every colour.</summary>
    public string Ink => 1.05 / (Luminance + 0.05) >= (Luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";

    /// <summary>Reads <c>#rgb</c> or <c>#rrggbb</c>; everything else is not a colour.</summary>
    public static BrandColor? Parse(string? text)
    {
        if (text is not ['#', .. var digits] || digits.Length is not (3 or 6) || !digits.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var full = digits.Length == 6 ? digits : string.Concat(digits.Select(c => new string(c, 2)));
        var value = int.Parse(full, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new BrandColor(value >> 16, (value >> 8) & 0xFF, value & 0xFF);
    }

    private static double Linear(int channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
