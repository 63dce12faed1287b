import CPostgres
import EventLoop
import Foundation
import Logging
import Postgres
import Synchronization

/// Round trips of one small prepared statement: bounded threads against the event loop (DESIGN §4, ADR-041).
@main
enum PostgresBench {
    private static let rounds = 3
    private static let callerCounts = [1, 8, 32]
    private static let connections = 32

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            return FileHandle.standardError.write(Data("usage: postgres-bench URL [SECONDS]\n".utf8))
        }
        let url = arguments[1]
        let seconds = arguments.count > 2 ? Double(arguments[2]) ?? 1 : 1
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let loop = EventLoop(name: "bench", logger: logger)
        let database = Database(DatabaseConfiguration(url: url, poolSize: connections), logger: logger)
        let candidates = CandidatePool(url: url, connections: connections, on: loop)
        let ways: [(String, @Sendable (Int) async throws -> Void)] = [
            ("product", { _ = try await database.query("SELECT \($0)::int AS id, 'order'::text AS kind, 7 AS n") }),
            ("loop candidate", { try await candidates.ask($0) }),
        ]
        if arguments.count > 3, let way = ways.first(where: { $0.0 == arguments[3] }) {
            // For a profiler.
            _ = try await Measurement(name: way.0, callers: 8, loop: nil, seconds: seconds).run(way.1)
            return
        }
        var cells: [String: [Measurement.Figures]] = [:]
        for _ in 0..<rounds {
            for callers in callerCounts {
                for home in [nil, loop] {
                    for (name, ask) in ways {
                        let measurement = Measurement(name: name, callers: callers, loop: home, seconds: seconds)
                        let figures = try await measurement.run(ask)
                        cells["\(name) | \(home == nil ? "pool" : "loop") | \(callers)", default: []].append(figures)
                    }
                }
            }
        }
        report(cells)
    }

    private static func report(_ cells: [String: [Measurement.Figures]]) {
        func line(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
        line("| way | callers on | callers | round trips/s | µs CPU each | p50 µs | p99 µs |")
        line("|---|---|---|---|---|---|---|")
        for home in ["pool", "loop"] {
            for callers in callerCounts {
                for name in ["product", "loop candidate"] {
                    let key = "\(name) | \(home) | \(callers)"
                    guard let figures = cells[key] else { continue }
                    func median(_ path: KeyPath<Measurement.Figures, Double>) -> Double {
                        figures.map { $0[keyPath: path] }.sorted()[figures.count / 2]
                    }
                    let numbers = [
                        String(format: "%.0f", median(\.perSecond)), String(format: "%.1f", median(\.cpuMicroseconds)),
                        String(format: "%.0f", median(\.p50Microseconds)),
                        String(format: "%.0f", median(\.p99Microseconds)),
                    ]
                    line("| \(key) | \(numbers.joined(separator: " | ")) |")
                }
            }
        }
    }
}
