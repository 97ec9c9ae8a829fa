using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using PluginMarket.Messages;

namespace PluginMarket.Files;

internal static partial class UnixCalls
{
    private const uint Nobody = 65534;
    private const uint Unchanged = uint.MaxValue;
    private const uint AppleNobodyElse = uint.MaxValue - 100;
    private const int MostGroups = 1024;

    private static readonly ConcurrentDictionary<FileOwner, uint[]> Groups = new();
    private static readonly Lazy<uint[]> OwnGroups = new(ReadOwnGroups);

    [ThreadStatic]
    private static FileOwner? s_acting;

    /// <summary>Whether this thread of root touches files as another user now.</summary>
    internal static bool IsActing => s_acting is not null;

    // The raw call counts for one thread; the one of the C library for the whole process.
    private static int SetGroupsNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 116,
        Architecture.X86 or Architecture.Arm or Architecture.S390x => 206,
        Architecture.Ppc64le => 81,
        _ => 159,
    };

    /// <summary>Lets this thread of root touch files as another user would, with that user's rights and no
    /// others, until the result is disposed.</summary>
    /// <remarks>The kernel then decides what a link may lead to, and whatever is made belongs to that user at once.</remarks>
    /// <param name="owner">The user; null for no change.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotOwned"/>: this
    /// process may not act for others.</exception>
    internal static Acting ActAs(FileOwner? owner)
    {
        if (owner is not { } user || s_acting == user)
        {
            return default;
        }

        var before = s_acting;
        _ = OwnGroups.Value;
        Become(user);
        s_acting = user;
        return new Acting(before, isActive: true);
    }

    private static void Become(FileOwner user)
    {
        if (Apple)
        {
            if (SetThreadUser(user.User, user.Group) == 0)
            {
                return;
            }
        }
        else
        {
            var groups = Groups.GetOrAdd(user, ReadGroups);
            var hasGroups = SetGroups(SetGroupsNumber, groups.Length, ref MemoryMarshal.GetArrayDataReference(groups)) == 0;
            _ = SetFileGroup(user.Group);
            _ = SetFileUser(user.User);
            if (hasGroups && SetFileUser(Unchanged) == user.User && SetFileGroup(Unchanged) == user.Group)
            {
                return;
            }
        }

        BecomeSelf();
        throw new PluginMarketException(
            MarketErrorCode.HomeNotOwned,
            $"The home belongs to the user id {user.User}, "
                + $"and this process may not act for that user.{Remedy.Do($"Run the command as that user.")}",
            null);
    }

    private static void BecomeSelf()
    {
        if (Apple)
        {
            _ = SetThreadUser(AppleNobodyElse, AppleNobodyElse);
            return;
        }

        _ = SetFileUser(EffectiveUser());
        _ = SetFileGroup(EffectiveGroup());
        var groups = OwnGroups.Value;
        _ = SetGroups(SetGroupsNumber, groups.Length, ref MemoryMarshal.GetArrayDataReference(groups));
    }

    // A home whose folder carries another group, root's above all, does not make its owner a member of that group.
    private static uint[] ReadGroups(FileOwner owner)
    {
        var groups = new uint[MostGroups];
        var count = MostGroups;
        var account = AccountOf(owner.User);
        if (account is not var (name, primary, _))
        {
            return [owner.Group == 0 ? Nobody : owner.Group];
        }

        return GroupList(name, primary, ref groups[0], ref count) < 0 || count <= 0 ? [primary] : groups[..count];
    }

    /// <summary>The group that a user's new files get: the folder's where the user is in it, else the user's own.</summary>
    internal static FileOwner OwnerWithGroup(uint user, uint group)
    {
        if (AccountOf(user) is not var (_, primary, _))
        {
            return new FileOwner(user, group == 0 ? Nobody : group);
        }

        var inGroup = Groups.GetOrAdd(new FileOwner(user, primary), ReadGroups).Contains(group);
        return new FileOwner(user, inGroup ? group : primary);
    }

    /// <summary>The groups of a user.</summary>
    internal static IReadOnlyList<uint> GroupsOf(FileOwner owner) => Groups.GetOrAdd(owner, ReadGroups);

    /// <summary>The folder that the system has for a user id; null where it has no such account.</summary>
    internal static string? AccountFolder(uint user) => OperatingSystem.IsWindows() ? null : AccountOf(user)?.Folder;

    /// <summary>The name of a user id; null where the system has no such account.</summary>
    internal static string? AccountName(uint user) => OperatingSystem.IsWindows() ? null : AccountOf(user)?.Name;

    private static (string Name, uint Group, string? Folder)? AccountOf(uint user)
    {
        Span<byte> buffer = stackalloc byte[16 << 10];
        Span<byte> record = stackalloc byte[256];
        ref var first = ref MemoryMarshal.GetReference(record);
        if (FindAccount(user, ref first, ref MemoryMarshal.GetReference(buffer), buffer.Length, out var found) != 0 || found == 0)
        {
            return null;
        }

        // struct passwd begins on every system with two pointers, the user and the group; the folder is behind the comment, on macOS
        // behind a time and a class too.
        var name = Marshal.PtrToStringUTF8(MemoryMarshal.Read<nint>(record));
        var before = (2 * nint.Size) + (2 * sizeof(uint)) + ((Apple ? 3 : 1) * nint.Size);
        return name is null ? null : (name, MemoryMarshal.Read<uint>(record[((2 * nint.Size) + sizeof(uint))..]),
            Marshal.PtrToStringUTF8(MemoryMarshal.Read<nint>(record[before..])));
    }

    private static uint[] ReadOwnGroups()
    {
        var groups = new uint[MostGroups * 64];
        var count = GetGroups(groups.Length, ref groups[0]);
        return count < 0 ? [0] : groups[..count];
    }

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetFileUser(uint user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial uint SetFileGroup(uint group);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SetGroups(nint number, nint count, ref uint groups);

    [LibraryImport("libc", EntryPoint = "getgroups", SetLastError = true)]
    private static partial int GetGroups(int size, ref uint groups);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupList(string user, uint group, ref uint groups, ref int count);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int FindAccount(uint user, ref byte record, ref byte buffer, nint length, out nint found);

    [LibraryImport("libc", EntryPoint = "pthread_setugid_np")]
    private static partial int SetThreadUser(uint user, uint group);

    /// <summary>The time in which a thread acts as another user.</summary>
    internal readonly ref struct Acting(FileOwner? before, bool isActive)
    {
        public void Dispose()
        {
            if (!isActive)
            {
                return;
            }

            BecomeSelf();
            s_acting = null;
            if (before is { } user)
            {
                Become(user);
                s_acting = user;
            }
        }
    }
}
