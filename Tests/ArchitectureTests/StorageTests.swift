import Testing

@Suite struct StorageTests {
    /// Who owns which PostgreSQL schema (DESIGN §3.8).
    static let owners: [(room: String, schema: String)] = [
        ("Jobs", "jobs"), ("Inbox", "inbox"), ("Artefacts", "artefacts"), ("Catalog", "catalog"),
        ("Orders", "orders"), ("Printing", "printing"), ("Shipping", "shipping"), ("Fulfilment", "fulfilment"),
        ("Notifications", "notify"), ("Operators", "operators"),
        ("GridFlock", "gridflock"),
    ]

    /// What everybody may call in another's schema: the clock for decisions (DESIGN §3.9) and the function by which
    /// the inbox stores a delivery and its job in one statement.
    static let shared: Set<String> = ["jobs.clock", "jobs.enqueue"]

    @Test func noModuleReadsAnothersSchema() throws {
        var judged = 0
        for owner in Self.owners {
            let foreign = Set(Self.owners.map(\.schema)).subtracting([owner.schema])
            for file in try Repository.swiftFiles("Sources/\(owner.room)") {
                for literal in SwiftSource(file.text).literals where Self.isSQL(literal) {
                    judged += 1
                    for match in literal.matches(of: /\b([a-z_]+)\.([a-z_]+)\b/)
                    where foreign.contains(String(match.1)) && !Self.shared.contains(String(match.0)) {
                        Issue.record("\(file.path) touches \(match.0), which belongs to another room")
                    }
                }
            }
        }
        #expect(judged > 10, "no SQL found: the test judges nothing")
    }

    @Test(arguments: Rooms.modules)
    func sqlStandsInStorageOnly(_ module: String) throws {
        for file in try Repository.swiftFiles("Sources/\(module)") where !file.path.contains("/Storage/") {
            let found = SwiftSource(file.text).literals.contains(where: Self.isSQL)
            #expect(!found, "\(file.path) holds SQL")
        }
    }

    @Test func migrationsAreNumberedWithoutGapsAndAllEmbedded() throws {
        let names = try Repository.files("migrations").map(\.name).filter { $0.hasSuffix(".sql") }.sorted()
        #expect(!names.isEmpty, "migrations/ is empty")
        for (index, name) in names.enumerated() {
            #expect(name.contains(/^[0-9]{4}_[a-z0-9]+(_[a-z0-9]+)+\.sql$/), "\(name) is not NNNN_verb_object.sql")
            #expect(Int(name.prefix(4)) == index + 1, "\(name) should have number \(index + 1)")
        }
        let list = try Repository.text("Sources/CAssets/migrations.c")
        let embedded = list.matches(of: /#embed\s+"[^"]*?([0-9]{4}_[a-z0-9_]+\.sql)"/).map { String($0.1) }
        #expect(embedded == names, "Sources/CAssets/migrations.c embeds another list")
    }

    private static func isSQL(_ literal: String) -> Bool {
        literal.contains(/\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|CREATE TABLE)\b[\s\S]*\b[a-z_]+/)
            && literal.contains(/\b(FROM|INTO|SET|WHERE|VALUES|TABLE|SELECT)\b/)
    }
}
