import Kernel

/// One SQL statement and its bound values. Interpolation can only bind: `"… WHERE id = \(id)"` becomes `$1`.
///
/// A runtime `String` does not convert to a `Query`; the loud way round is `Query(unsafeSQL:)`, for SQL that is a
/// constant of ours (migrations, a schema name in a test), never for anything that came from outside.
package struct Query: Sendable, ExpressibleByStringInterpolation {
    package private(set) var sql: String
    package private(set) var binds: [SQLValue]

    package init(stringLiteral value: String) {
        sql = value
        binds = []
    }

    package init(stringInterpolation: Interpolation) {
        sql = stringInterpolation.sql
        binds = stringInterpolation.binds
    }

    package init(unsafeSQL sql: String, binds: [SQLValue] = []) {
        self.sql = sql
        self.binds = binds
    }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = ""
        fileprivate var binds: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + interpolationCount * 3)
            binds.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            sql += literal
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            bind(value.sqlValue)
        }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            bind(value?.sqlValue ?? .null)
        }

        /// Splices in a condition; its placeholders are renumbered after the binds already there.
        package mutating func appendInterpolation(condition other: Query) {
            var rest = Substring(other.sql)
            while let dollar = rest.firstIndex(of: "$") {
                sql += rest[..<dollar]
                let digits = rest[rest.index(after: dollar)...].prefix { $0.isASCII && $0.isNumber }
                if let number = Int(digits) {
                    sql += "$\(binds.count + number)"
                } else {
                    sql += "$"
                }
                rest = digits.isEmpty ? rest[rest.index(after: dollar)...] : other.sql[digits.endIndex...]
            }
            sql += rest
            binds += other.binds
        }

        private mutating func bind(_ value: SQLValue) {
            binds.append(value)
            sql += "$\(binds.count)"
        }
    }
}
