package import Logging
import Synchronization

/// A log handler that keeps what was said: `Logger(label: "test") { _ in lines }`.
package final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    package init() {}

    /// Each line as `message {key=value …}`.
    package var all: [String] { lines.withLock { $0 } }

    package func contains(_ text: String) -> Bool { all.contains { $0.contains(text) } }

    package func log(event: LogEvent) {
        let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        lines.withLock { $0.append("\(event.message) {\(metadata.joined(separator: " "))}") }
    }

    package var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    package var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    package subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
