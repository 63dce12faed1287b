package import Kernel
package import Logging

/// swift-log's back end: every message becomes one JSON line with the task's correlation id.
///
/// The text of an unknown error is not written, because it may quote data: an error shows its type and, when it knows
/// one, the sentence it has for the operator.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: LogSink
    private let time: Time

    package init(label: String, logLevel: Logger.Level, sink: LogSink = .standardOutput, time: Time = .system) {
        self.label = label
        self.logLevel = logLevel
        self.sink = sink
        self.time = time
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let metadataProvider { merged.merge(metadataProvider.get()) { _, new in new } }
        if let given = event.metadata { merged.merge(given) { _, new in new } }
        if let error = event.error { merged.merge(Self.described(error)) { given, _ in given } }
        let line = LogLine(
            time: time.now(), level: event.level, message: event.message.description,
            correlationID: CorrelationID.current, label: label, metadata: merged)
        sink.write(line.bytes)
    }

    private static func described(_ error: any Error) -> Logger.Metadata {
        var described: Logger.Metadata = ["errorType": "\(type(of: error))"]
        if let classified = error as? any RetryClassified { described["error"] = "\(classified.operatorMessage)" }
        if let problem = error as? Problem { described["error"] = "\(problem.code): \(problem.detail)" }
        return described
    }
}
