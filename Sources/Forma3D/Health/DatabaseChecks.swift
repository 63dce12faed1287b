import FoundationEssentials
package import Kernel
package import Migrations
package import Postgres

/// The database: can be reached, is new enough, has the schema this binary needs, and agrees on the time.
package enum DatabaseChecks {
    /// PostgreSQL 15; nothing newer is needed.
    static let versionMinimum = 150_000
    static let clockSkewSecondsMaximum = 5.0
    static let names: Set<String> = ["database", "migrations", "clock"]

    package static func all(database: Database, migrator: Migrator, time: Time) -> [Check] {
        [
            Check("database", uses: [.readiness, .doctor], timeoutSeconds: 3) {
                await reachable(database)
            },
            Check("migrations", uses: [.readiness, .doctor], timeoutSeconds: 3) {
                await upToDate(migrator)
            },
            Check("clock", uses: [.doctor], timeoutSeconds: 3) {
                await clock(database, time)
            },
        ]
    }

    private static func reachable(_ database: Database) async -> CheckResult {
        do {
            let rows = try await database.query("SELECT current_setting('server_version_num') AS version")
            guard let text: String = try rows.first?("version"), let version = Int(text) else {
                return .failed("the database did not tell its version")
            }
            let shown = "PostgreSQL \(version / 10_000).\(version % 10_000)"
            return version >= versionMinimum ? .ok(shown) : .failed("\(shown) is too old: 15 or later is needed")
        } catch {
            return .failed(OperatorText.of(error))
        }
    }

    private static func upToDate(_ migrator: Migrator) async -> CheckResult {
        do {
            switch try await migrator.status() {
            case .upToDate: return .ok("every migration is applied")
            case .pending(let names):
                return .failed("\(names.count) migrations are not applied yet: run `forma3d migrate`")
            case .refused(let reason): return .failed(reason)
            }
        } catch {
            return .failed(OperatorText.of(error))
        }
    }

    private static func clock(_ database: Database, _ time: Time) async -> CheckResult {
        do {
            let before = time.now()
            let rows = try await database.query("SELECT clock_timestamp() AS now")
            let after = time.now()
            guard let theirs: Date = try rows.first?("now") else {
                return .failed("the database did not tell the time")
            }
            let ours = before.addingTimeInterval(after.timeIntervalSince(before) / 2)
            let skew = abs(theirs.timeIntervalSince(ours))
            let shown = "\((skew * 1_000).rounded() / 1_000) s apart from the database's"
            return skew <= clockSkewSecondsMaximum
                ? .ok(shown) : .warning("\(shown): webhooks and log lines will look out of order; check NTP")
        } catch {
            return .failed(OperatorText.of(error))
        }
    }
}
