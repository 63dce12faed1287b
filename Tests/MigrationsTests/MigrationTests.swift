import Glibc
@testable import Migrations
import Testing

/// Files, checksums, plans: everything that needs no database.
@Suite struct MigrationTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func checksumsAreThoseOfFIPS180(text: String, sum: String) {
        #expect(SHA256.hexadecimal(Array(text.utf8)) == sum)
    }

    @Test func aChecksumIsThatOfTheFileAtEveryLength() {
        // The padding changes shape around 55, 56 and 64 bytes; each length must give another sum.
        let sums = (0...200).map { SHA256.hexadecimal([UInt8](repeating: 0x61, count: $0)) }
        #expect(Set(sums).count == sums.count)
        #expect(sums.allSatisfy { $0.utf8.count == 64 })
        #expect(sums[55] == "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318")
        #expect(sums[56] == "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a")
        #expect(sums[64] == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb")
    }

    @Test func aFileSaysWhatItNeeds() throws {
        let plain = try Migration(name: "0001_create_jobs.sql", sql: "CREATE SCHEMA jobs;")
        #expect(plain.version == 1)
        #expect(!plain.runsWithoutTransaction)
        #expect(plain.requiredBinaryVersion == nil)
        let index = try Migration(
            name: "0012_index_jobs.sql", sql: "-- migrate: no-transaction\n-- requires-binary >= 11\nSELECT 1")
        #expect(index.version == 12)
        #expect(index.runsWithoutTransaction)
        #expect(index.requiredBinaryVersion == 11)
    }

    @Test(arguments: ["1_a.sql", "0000_a.sql", "0001_A.sql", "0001_.sql", "0001_a.txt", "0001-a.sql", "", "000x_a.sql"])
    func aBadNameIsRefused(name: String) {
        #expect(throws: MigrationError.malformed(name)) { try Migration(name: name, sql: "") }
    }

    @Test func theNamesOfConcurrentIndexesAreRead() {
        let sql = """
            -- migrate: no-transaction
            -- CREATE INDEX CONCURRENTLY not_this ON a (b);
            CREATE INDEX CONCURRENTLY IF NOT EXISTS one ON s.a (b);
            create unique index concurrently "two"
                ON s.a (c) WHERE c > 0;
            CREATE INDEX three ON s.a (d);
            """
        #expect(ConcurrentIndexes.names(in: sql) == ["one", "two"])
        #expect(ConcurrentIndexes.statements(in: sql).count == 3)
    }

    // MARK: the plan

    private func known(_ count: Int) throws -> [Migration] {
        try (1...count).map { try Migration(name: "000\($0)_step_\($0).sql", sql: "SELECT \($0)") }
    }

    private func applied(_ migrations: some Sequence<Migration>) -> [AppliedMigration] {
        migrations.map {
            AppliedMigration(
                version: $0.version, name: $0.name, sha256: $0.sha256, requiredBinaryVersion: $0.requiredBinaryVersion)
        }
    }

    @Test func whatIsMissingIsAppliedInOrder() throws {
        let all = try known(4)
        #expect(MigrationPlan(known: all, applied: []) == .apply(all))
        #expect(MigrationPlan(known: all, applied: applied(all.prefix(2))) == .apply(Array(all.suffix(2))))
        #expect(MigrationPlan(known: all, applied: applied(all.reversed())) == .apply([]))
    }

    @Test func aChangedFileAndAGapAreRefused() throws {
        let all = try known(3)
        let other = try Migration(name: "0002_step_2.sql", sql: "SELECT 99")
        #expect(MigrationPlan(known: all, applied: applied([all[0], other])).refusal?.contains("0002") == true)
        #expect(MigrationPlan(known: all, applied: applied([all[0], all[2]])).refusal?.contains("number 2") == true)
        #expect(MigrationPlan(known: [all[0], all[2]], applied: []).refusal != nil)
    }

    @Test func aNewerDatabaseIsFineUnlessItSaysOtherwise() throws {
        let all = try known(3)
        var rows = applied(all)
        #expect(MigrationPlan(known: Array(all.prefix(2)), applied: rows) == .apply([]))
        func requires(_ version: Int) -> [AppliedMigration] {
            rows[2] = AppliedMigration(
                version: 3, name: "0003_step_3.sql", sha256: all[2].sha256, requiredBinaryVersion: version)
            return rows
        }
        #expect(MigrationPlan(known: Array(all.prefix(2)), applied: requires(2)) == .apply([]))
        #expect(MigrationPlan(known: Array(all.prefix(2)), applied: requires(3)).refusal?.contains("3") == true)
        #expect(MigrationPlan(known: all, applied: requires(3)) == .apply([]))
    }

    // MARK: the embedded files

    private var root: String {
        String(#filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined())
    }

    @Test func theEmbeddedFilesAreThoseOfTheFolder() {
        let names = files(in: "\(root)/migrations").filter { $0.hasSuffix(".sql") }.sorted()
        let embedded = Migration.embedded
        #expect(embedded.map(\.name) == names)
        #expect(embedded.map(\.version) == Array(1..<(names.count + 1)))
        for migration in embedded {
            #expect(text("\(root)/migrations/\(migration.name)") == migration.sql, "run scripts/embed-migrations")
        }
    }

    @Test func theGeneratedListIsWhatTheScriptWrites() throws {
        let pipe = try #require(popen("'\(root)/scripts/embed-migrations' --print", "r"))
        var generated: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { generated += buffer.prefix(count) }
        #expect(pclose(pipe) == 0)
        #expect(String(decoding: generated, as: UTF8.self) == text("\(root)/Sources/CAssets/migrations.c"))
    }

    private func files(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    private func text(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension MigrationPlan {
    var refusal: String? { if case .refused(let reason) = self { reason } else { nil } }
}
