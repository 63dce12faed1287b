import CAssets

/// One file of `migrations/`: forward only, never changed after it was merged.
package struct Migration: Hashable, Sendable {
    package let version: Int
    /// `0001_create_jobs.sql`
    package let name: String
    package let sql: String
    /// 64 lower-case hexadecimal digits.
    package let sha256: String
    /// `-- migrate: no-transaction` as the first line: for `CREATE INDEX CONCURRENTLY`, which cannot be in one.
    package let runsWithoutTransaction: Bool
    /// `-- requires-binary >= N`: a binary that does not know migration N must not serve a database that has this one.
    package let requiredBinaryVersion: Int?

    /// - Throws: `MigrationError.malformed` when the name is not `NNNN_verb_object.sql`.
    package init(name: String, sql: String) throws(MigrationError) {
        let digits = name.prefix { $0 != "_" }
        guard digits.utf8.count == 4, let version = Self.number(digits), version > 0, name.hasSuffix(".sql"),
            name.utf8.dropFirst(5).dropLast(4).count > 0,
            name.utf8.dropFirst(5).dropLast(4).allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            })
        else { throw MigrationError.malformed(name) }
        self.version = version
        self.name = name
        self.sql = sql
        sha256 = SHA256.hexadecimal(Array(sql.utf8))
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false)
        runsWithoutTransaction = lines.first == "-- migrate: no-transaction"
        requiredBinaryVersion =
            lines.lazy.compactMap { line -> Int? in
                let mark = "-- requires-binary >= "
                guard line.hasPrefix(mark) else { return nil }
                return Self.number(line.dropFirst(mark.count))
            }.first
    }

    private static func number(_ digits: Substring) -> Int? {
        guard (1...6).contains(digits.utf8.count) else { return nil }
        var value = 0
        for byte in digits.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// The files built into this binary, in version order (`scripts/embed-migrations`).
    package static var embedded: [Migration] {
        var count = 0
        guard let assets = forma3d_migrations(&count) else { return [] }
        // SAFETY: a constant table of the binary: `count` entries, names NUL-ended, `length` bytes each.
        return UnsafeBufferPointer(start: assets, count: count).map { asset in
            let name = String(cString: asset.name)
            let sql = String(decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.length), as: UTF8.self)
            do {
                return try Migration(name: name, sql: sql)
            } catch {
                // The embedding script refuses such names, so this binary was not built from its sources.
                preconditionFailure("\(error)")
            }
        }
    }
}

/// Migrations that cannot be applied; the text is for the operator.
package enum MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    /// As in `Migrator.Status.refused`.
    case refused(String)
    /// The lock that turns replicas into a queue was not free in time.
    case lockNotFree

    package var description: String {
        switch self {
        case .malformed(let name): "\(name) is not named NNNN_verb_object.sql"
        case .refused(let reason): "the database's migrations do not fit this binary: \(reason)"
        case .lockNotFree: "another process has been migrating this database for too long"
        }
    }
}
