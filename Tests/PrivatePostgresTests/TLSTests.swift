import Glibc
import Postgres
import Processes
import TestKit
import Testing

/// A managed database: TLS, a password, a certificate authority of the provider's own.
@Suite(.serialized) struct TLSTests {
    @Test func requiredAndVerifiedConnections() async throws {
        try await withTLSServer { server in
            for options in [
                "sslmode=require", "sslmode=require&schema=public",
                "sslmode=verify-full&sslrootcert=\(server.directory)/ca.crt",
                "sslmode=verify-ca&sslrootcert=\(server.directory)/ca.crt",
                "sslaccept=strict&sslrootcert=\(server.directory)/ca.crt",
            ] {
                let answer = try await server.ask("localhost", options)
                #expect(answer == "TLS", "\(options)")
            }
        }
    }

    @Test func aWrongAuthorityAWrongNameAndPlainTextAreRefused() async throws {
        try await withTLSServer { server in
            for (host, options) in [
                ("localhost", "sslmode=verify-full&sslrootcert=\(server.directory)/other-ca.crt"),
                ("localhost", "sslmode=require&sslrootcert=\(server.directory)/other-ca.crt"),
                ("127.0.0.1", "sslmode=verify-full&sslrootcert=\(server.directory)/ca.crt"),
                ("localhost", "sslmode=verify-full&sslrootcert=\(server.directory)/missing.crt"),
                ("localhost", "sslmode=disable"),
            ] {
                do {
                    _ = try await server.ask(host, options)
                    Issue.record("\(host) \(options) must be refused")
                } catch let error as PostgresError {
                    #expect(error.kind == .unreachable)
                    #expect(!"\(error.message)".contains("correct-horse"))
                }
            }
        }
    }

    @Test func aWrongPasswordIsRefused() async throws {
        try await withTLSServer { server in
            await #expect(
                performing: {
                    _ = try await server.ask("localhost", "sslmode=require", password: "wrong")
                }, throws: { ($0 as? PostgresError)?.kind == .unreachable })
        }
    }

    // MARK: the server

    private struct TLSServer {
        let directory: String
        let port: UInt16

        /// `TLS` when the session is encrypted.
        func ask(_ host: String, _ options: String, password: String = "correct-horse") async throws -> String {
            let url = "postgresql://postgres:\(password)@\(host):\(port)/postgres?\(options)"
            let database = Database(DatabaseConfiguration(url: url, poolSize: 1), logger: .quiet)
            do {
                let row = try await database.query(
                    """
                    SELECT CASE WHEN ssl THEN 'TLS' ELSE 'plain' END AS kind
                      FROM pg_stat_ssl WHERE pid = pg_backend_pid()
                    """
                ).first
                let kind: String = try #require(try row?("kind"))
                await database.close()
                return kind
            } catch {
                await database.close()
                throw error
            }
        }
    }

    private func withTLSServer(_ body: (TLSServer) async throws -> Void) async throws {
        let account = UserAccount.isRoot ? UserAccount.named("postgres") : nil
        try await withTemporaryDirectory { home in
            if let account { chown(home, account.userID, account.groupID) }
            chmod(home, 0o755)
            let port = try freePort()
            func run(_ script: String) async throws {
                try await RunningProcess.run(
                    Command(
                        "/bin/sh", ["-ec", script],
                        environment: ["PATH": "\(try binaries()):/usr/bin:/bin", "HOME": home],
                        workingDirectory: home, user: account))
            }
            try await run(certificates)
            try await run(
                """
                echo correct-horse > password
                initdb -D data -U postgres --auth=scram-sha-256 --pwfile=password --no-sync --no-instructions
                echo 'hostssl all all 127.0.0.1/32 scram-sha-256' > data/pg_hba.conf
                """)
            let server = try RunningProcess.start(
                Command(
                    "\(try binaries())/postgres",
                    [
                        "-D", "\(home)/data", "-k", "", "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c",
                        "ssl=on", "-c", "ssl_cert_file=\(home)/server.crt", "-c", "ssl_key_file=\(home)/server.key",
                        "-c", "fsync=off",
                    ], environment: ["LC_ALL": "C"], workingDirectory: "/", user: account,
                    output: .file(path: "\(home)/log")))
            let tls = TLSServer(directory: home, port: port)
            var failure: (any Error)?
            do {
                try await eventually(within: .seconds(30), "the server answers") {
                    (try? await tls.ask("localhost", "sslmode=require")) == "TLS"
                }
                try await body(tls)
            } catch {
                failure = error
            }
            server.signal(SIGQUIT)
            _ = await server.wait()
            if let failure { throw failure }
        }
    }

    private let certificates = """
        for authority in ca other-ca; do
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$authority" \
                -keyout $authority.key -out $authority.crt
        done
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=localhost" \
            -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost\\n' > names
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt
        chmod 600 server.key
        """

    private func binaries() throws -> String {
        let versions = (15...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        return try #require(versions.first { access("\($0)/initdb", X_OK) == 0 })
    }

    private func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the kernel reads and fills the local structure within the calls.
        let result = withUnsafeMutableBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return bind(descriptor, base, length) == 0 ? getsockname(descriptor, base, &length) : -1
        }
        try #require(result == 0)
        return UInt16(bigEndian: address.sin_port)
    }
}
