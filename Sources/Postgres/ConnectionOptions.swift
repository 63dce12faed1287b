import CPostgres

extension PostgresURL {
    /// One option of libpq that this URL sets.
    struct Option {
        let keyword: String
        /// The environment variable that sets the same, where there is one.
        let variable: String?
        let value: String
    }

    /// What the URL says, in libpq's own reading.
    /// - Throws: `PostgresError` when libpq does not understand it; libpq's reason never quotes a password.
    func options() throws(PostgresError) -> [Option] {
        var problem: UnsafeMutablePointer<CChar>?
        guard let list = PQconninfoParse(libpqURI, &problem) else {
            defer { PQfreemem(problem) }
            let reason = problem.map { String(cString: $0) } ?? "not understood"
            throw PostgresError(kind: .unreachable, message: "the database URL is wrong: \(reason)")
        }
        defer { PQconninfoFree(list) }
        var options: [Option] = []
        // SAFETY: libpq's array ends with an entry whose keyword is NULL; freed above after the copies.
        var entry = list
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val {
                options.append(
                    Option(
                        keyword: String(cString: keyword), variable: entry.pointee.envvar.map { String(cString: $0) },
                        value: String(cString: value)))
            }
            entry = entry.advanced(by: 1)
        }
        return options
    }

    /// The same as environment variables of PostgreSQL's programs: their command lines are for everybody to see.
    /// - Throws: `PostgresError` when libpq does not understand the URL.
    package func environment() throws -> [String: String] {
        var environment: [String: String] = [:]
        for option in try options() {
            if let variable = option.variable { environment[variable] = option.value }
        }
        return environment
    }
}
