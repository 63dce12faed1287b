/// One row of `public.forma3d_migrations`.
struct AppliedMigration: Hashable, Sendable {
    let version: Int
    let name: String
    let sha256: String
    let requiredBinaryVersion: Int?
}

/// What is left to do, from what the binary knows and what the database has. Pure.
enum MigrationPlan: Hashable, Sendable {
    case apply([Migration])
    case refused(String)

    init(known: [Migration], applied: [AppliedMigration]) {
        for (position, migration) in known.enumerated() where migration.version != position + 1 {
            self = .refused("this binary's \(migration.name) does not follow number \(position)")
            return
        }
        let highestKnown = known.last?.version ?? 0
        let knownByVersion = Dictionary(uniqueKeysWithValues: known.map { ($0.version, $0) })
        for (position, row) in applied.sorted(by: { $0.version < $1.version }).enumerated() {
            guard row.version == position + 1 else {
                self = .refused("number \(position + 1) is missing before the applied \(row.name)")
                return
            }
            if let migration = knownByVersion[row.version] {
                guard migration.sha256 == row.sha256 else {
                    self = .refused("\(migration.name) was changed after it had been applied")
                    return
                }
            } else if let required = row.requiredBinaryVersion, required > highestKnown {
                // What a newer release added may be ignored, unless it says otherwise (rolling deployment).
                self = .refused("\(row.name) requires a binary that knows migration \(required); update this one")
                return
            }
        }
        let appliedVersions = Set(applied.map(\.version))
        self = .apply(known.filter { !appliedVersions.contains($0.version) })
    }
}
