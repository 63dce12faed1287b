import Glibc

/// A user of this machine with all groups, as processes run under it.
package struct UserAccount: Hashable, Sendable {
    package let name: String
    package let userID: UInt32
    package let groupID: UInt32
    package let groupIDs: [UInt32]

    private static let groupsMaximum = 256
    private static let recordBytesMaximum = 16 * 1024

    /// Who this process is.
    package static var isRoot: Bool { geteuid() == 0 }
    package static var currentUserID: UInt32 { geteuid() }

    /// The account of that name; nil when the machine has none.
    package static func named(_ name: String) -> UserAccount? {
        account { getpwnam_r(name, $0, $1, $2, $3) }
    }

    /// The account of that number; nil when the machine has none.
    package static func numbered(_ userID: UInt32) -> UserAccount? {
        account { getpwuid_r(userID, $0, $1, $2, $3) }
    }

    private static func account(
        _ find: (
            UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
            UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
        ) -> Int32
    ) -> UserAccount? {
        // SAFETY: the record's strings point into `buffer`, which outlives the copies made below.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: recordBytesMaximum) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard find(&record, base, buffer.count, &found) == 0, found != nil, let name = record.pw_name else {
                return nil
            }
            var groups = [gid_t](repeating: 0, count: groupsMaximum)
            var count = Int32(groupsMaximum)
            if getgrouplist(name, record.pw_gid, &groups, &count) < 0 { count = 0 }
            return UserAccount(
                name: String(cString: name), userID: record.pw_uid, groupID: record.pw_gid,
                groupIDs: count > 0 ? Array(groups.prefix(Int(count))) : [record.pw_gid])
        }
    }
}
