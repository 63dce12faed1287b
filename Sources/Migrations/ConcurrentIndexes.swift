/// Reads the files that run without a transaction. They are ours and short; this is no SQL parser.
enum ConcurrentIndexes {
    /// The single statements: sent together, PostgreSQL would put them into one transaction. Comment lines go.
    static func statements(in sql: String) -> [String] {
        let code = sql.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("--") }.joined(separator: "\n")
        return code.split(separator: ";").map { String($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    /// The names after `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS]`.
    static func names(in sql: String) -> [String] {
        statements(in: sql).compactMap { statement -> String? in
            var words = statement.split(whereSeparator: \.isWhitespace)[...]
            func skip(_ expected: String...) -> Bool {
                guard words.prefix(expected.count).map({ $0.uppercased() }) == expected else { return false }
                words = words.dropFirst(expected.count)
                return true
            }
            guard skip("CREATE") else { return nil }
            _ = skip("UNIQUE")
            guard skip("INDEX", "CONCURRENTLY") else { return nil }
            _ = skip("IF", "NOT", "EXISTS")
            guard let name = words.first, name.uppercased() != "ON" else { return nil }
            return String(name.replacing("\"", with: ""))
        }
    }
}
