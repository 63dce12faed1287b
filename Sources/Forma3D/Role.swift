import ArgumentParser

/// What a process does of the system's work. All of it unless told otherwise; any number of processes of each role share
/// one database and nothing else (DESIGN §3.14).
package enum Role: String, CaseIterable, Hashable, Sendable {
    /// The API and the vendors' webhooks.
    case web
    /// The queue: jobs, schedules, rescues.
    case worker
}

/// `--roles web,worker`
struct Roles: ExpressibleByArgument, Hashable, Sendable {
    let all: Set<Role>

    static let every = Roles(all: Set(Role.allCases))

    init(all: Set<Role>) {
        self.all = all
    }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        let roles = words.compactMap { Role(rawValue: $0.filter { $0 != " " }) }
        guard !roles.isEmpty, roles.count == words.count else { return nil }
        all = Set(roles)
    }

    var defaultValueDescription: String {
        Role.allCases.filter(all.contains).map(\.rawValue).joined(separator: ",")
    }
}
