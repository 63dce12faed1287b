/// A PostgreSQL connection URI as operators write it, made fit for libpq.
///
/// The original's `.env` carries Prisma's URL (`…?schema=public&connection_limit=5`), which libpq refuses: its keys are
/// taken out here. Everything that libpq knows (`sslmode`, `sslrootcert`, `options`, several hosts …) passes unchanged.
package struct PostgresURL: Hashable, Sendable, CustomStringConvertible {
    /// What libpq is given. Holds the password: never log it.
    package let libpqURI: String
    /// `postgresql://user:***@host/name?…`, for logs and errors.
    package let redacted: String
    /// Prisma's `pgbouncer=true`: connections are shared between transactions, so nothing may be prepared on them.
    package let usesTransactionPooler: Bool

    package var description: String { redacted }

    /// Keys of Prisma and other clients that mean nothing to libpq.
    private static let foreignKeys: Set<String> = [
        "schema", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size", "pgbouncer",
        "max_connection_lifetime", "max_idle_connection_lifetime", "single_use_connections", "sslaccept",
        "sslidentity", "uselibpqcompat",
    ]
    private static let secretKeys: Set<String> = ["password", "sslpassword"]
    /// Debian's bundle of certificate authorities.
    private static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

    /// - Parameter libpqMajorVersion: `sslrootcert=system` is known from 16 on; below, the system's bundle is named.
    /// - Throws: `PostgresURLError`.
    package init(_ text: String, libpqMajorVersion: Int = 15) throws(PostgresURLError) {
        let bytes = Array(text.utf8)
        guard !bytes.contains(0), let parts = Parts(bytes) else { throw PostgresURLError.notPostgres }
        var pairs: [Pair] = []
        var foreign: [String: String] = [:]
        for pair in parts.pairs {
            if Self.foreignKeys.contains(pair.key) {
                foreign[pair.key] = pair.value
            } else if pair.key == "sslrootcert", pair.value == "system", libpqMajorVersion < 16 {
                pairs.append(Pair(key: pair.key, value: Self.systemCertificates))
            } else {
                pairs.append(pair)
            }
        }
        // Prisma verifies certificates with `sslaccept=strict`; leaving it out would silently trust anybody.
        if foreign["sslaccept"] == "strict" {
            pairs.removeAll { $0.key == "sslmode" }
            pairs.append(Pair(key: "sslmode", value: "verify-full"))
        }
        usesTransactionPooler = foreign["pgbouncer"] == "true"
        libpqURI = parts.text(user: parts.user, password: parts.password, pairs: pairs)
        redacted = parts.text(
            user: parts.user, password: parts.password.map { _ in "***" },
            pairs: pairs.map { Self.secretKeys.contains($0.key) ? Pair(key: $0.key, value: "***") : $0 })
    }

    private init(libpqURI: String, redacted: String, usesTransactionPooler: Bool) {
        self.libpqURI = libpqURI
        self.redacted = redacted
        self.usesTransactionPooler = usesTransactionPooler
    }

    /// The same server, another database. `name` is taken literally and percent-encoded.
    package func replacing(databaseName name: String) throws(PostgresURLError) -> PostgresURL {
        guard let parts = Parts(Array(libpqURI.utf8)), let shown = Parts(Array(redacted.utf8)) else {
            throw PostgresURLError.notPostgres
        }
        let encoded = percentEncoded(name)
        return PostgresURL(
            libpqURI: parts.replacing(databaseName: encoded), redacted: shown.replacing(databaseName: encoded),
            usesTransactionPooler: usesTransactionPooler)
    }
}

/// A database URL that cannot be used. Never quotes it: it may hold a password.
package enum PostgresURLError: Error, Hashable, Sendable, CustomStringConvertible {
    case notPostgres

    package var description: String { "a database URL must begin with postgresql:// or postgres://" }
}

/// Percent-encodes everything that has a meaning in a URI, slashes too.
package func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
        default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private struct Pair: Hashable {
    let key: String
    let value: String
}

/// The pieces of the URI, still percent-encoded, cut at the places where libpq cuts (`conninfo_uri_parse_options`).
private struct Parts {
    let scheme: String
    let user: String?
    let password: String?
    /// `host:port,host:port`
    let hosts: String
    /// With its slash; empty when there is none.
    let path: String
    let pairs: [Pair]

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let scheme = ["postgresql://", "postgres://"].first(where: text.hasPrefix) else { return nil }
        self.scheme = scheme
        var rest = bytes.dropFirst(scheme.utf8.count)
        // Credentials end at the first `@` before any `/`: a password may hold `?` but no bare `/`.
        let mark = rest.firstIndex { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "/") }
        if let mark, rest[mark] == UInt8(ascii: "@") {
            let credentials = rest[..<mark]
            let colon = credentials.firstIndex(of: UInt8(ascii: ":"))
            user = String(decoding: credentials[..<(colon ?? credentials.endIndex)], as: UTF8.self)
            password = colon.map { String(decoding: credentials[($0 + 1)...], as: UTF8.self) }
            rest = rest[(mark + 1)...]
        } else {
            user = nil
            password = nil
        }
        let question = rest.firstIndex(of: UInt8(ascii: "?"))
        let beforeQuery = rest[..<(question ?? rest.endIndex)]
        let slash = beforeQuery.firstIndex(of: UInt8(ascii: "/")) ?? beforeQuery.endIndex
        hosts = String(decoding: beforeQuery[..<slash], as: UTF8.self)
        path = String(decoding: beforeQuery[slash...], as: UTF8.self)
        let query = question.map { String(decoding: rest[($0 + 1)...], as: UTF8.self) } ?? ""
        pairs = query.split(separator: "&").map { piece in
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Pair(key: String(halves[0]), value: halves.count > 1 ? String(halves[1]) : "")
        }
    }

    func text(user: String?, password: String?, pairs: [Pair], path: String? = nil) -> String {
        var text = scheme
        if let user {
            text += user
            if let password { text += ":" + password }
            text += "@"
        }
        text += hosts + (path ?? self.path)
        if !pairs.isEmpty {
            text += "?" + pairs.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        }
        return text
    }

    func replacing(databaseName: String) -> String {
        text(
            user: user, password: password, pairs: pairs.filter { $0.key != "dbname" }, path: "/" + databaseName)
    }
}
