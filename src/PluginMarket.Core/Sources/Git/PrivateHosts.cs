using System.Net;
using System.Net.Sockets;

namespace PluginMarket.Sources.Git;

/// <summary>Which hosts are this machine or in a private network.</summary>
internal static class PrivateHosts
{
    /// <summary>Whether a host name or number means this machine, a link-local or a private network; odd spellings of numbers count
    /// (threat C5).</summary>
    /// <param name="host">A name, an IPv4 address in any spelling, or an IPv6 address with or without brackets.</param>
    internal static bool IsPrivate(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IsLoopback(name) || name.Length == 0)
        {
            return true;
        }

        if (ReadAddress(name) is { } address)
        {
            return IsPrivateAddress(address);
        }

        string[] suffixes = [".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".localhost"];
        return !name.Contains('.', StringComparison.Ordinal)
            || suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an address is loopback, link-local, private, shared, unspecified or multicast.</summary>
    internal static bool IsPrivateAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return bytes[0] is 0 or 10 or 127 or >= 224
                || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
                || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16)
                || (bytes[0] == 192 && bytes[1] == 168)
                || (bytes[0] == 192 && bytes[1] == 0 && bytes[2] == 0)
                || (bytes[0] == 198 && (bytes[1] & 0xFE) == 18);
        }

        var translated = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B;
        if (translated)
        {
            return IsPrivateAddress(new IPAddress(bytes.AsSpan(12)));
        }

        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal
            || address.IsIPv6Multicast || (bytes[0] & 0xFE) == 0xFC;
    }

    internal static bool IsLoopback(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (ReadAddress(name) is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

    /// <summary>IPAddress.TryParse takes what inet_aton takes (hexadecimal, octal, one number), as curl and ssh do.</summary>
    private static IPAddress? ReadAddress(string name) =>
        IPAddress.TryParse(name, out var address) ? address : null;
}
