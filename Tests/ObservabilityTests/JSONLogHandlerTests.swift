import Foundation
import Glibc
import Kernel
import Logging
import Observability
import Testing

@Suite struct JSONLogHandlerTests {
    /// What is written to the sink while `body` runs.
    private func captured(level: Logger.Level = .info, _ body: (Logger) -> Void) throws -> [String] {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let sink = LogSink(fileDescriptor: ends[1])
        let handler = JSONLogHandler(
            label: "test", logLevel: level, sink: sink, time: Time { Date(timeIntervalSince1970: 0) })
        body(Logger(label: "test") { _ in handler })
        close(ends[1])
        let bytes = FileHandle(fileDescriptor: ends[0]).readDataToEndOfFile()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func onlyTheLevelAndAboveAreWritten() throws {
        let lines = try captured(level: .warning) { logger in
            logger.info("quiet")
            logger.warning("loud")
        }
        #expect(lines.count == 1 && lines[0].contains(#""message":"loud""#))
    }

    @Test func theTasksCorrelationIDIsOnEveryLine() throws {
        let lines = try captured { logger in
            CorrelationID.$current.withValue(CorrelationID("abc")) { logger.info("inside") }
            logger.info("outside")
        }
        #expect(lines[0].contains(#""correlationId":"abc""#))
        #expect(!lines[1].contains("correlationId"))
    }

    @Test func metadataOfLoggerProviderAndCallAreMerged() throws {
        let lines = try captured { logger in
            var logger = logger
            logger[metadataKey: "a"] = "logger"
            logger[metadataKey: "b"] = "logger"
            logger.info("x", metadata: ["b": "call"])
        }
        #expect(lines[0].contains(#""metadata":{"a":"logger","b":"call"}"#))
    }

    private struct Leaky: Error, CustomStringConvertible { let description = "Jane Doe, Main Street 1" }
    private struct Told: RetryClassified {
        let retryVerdict = RetryVerdict.wrong
        let operatorMessage = "The vendor said no."
    }

    @Test func theTextOfAnUnknownErrorIsNotWritten() throws {
        let lines = try captured { logger in
            logger.error("failed", error: Leaky())
            logger.error("failed", error: Told())
        }
        #expect(lines[0].contains("Leaky") && !lines[0].contains("Jane"))
        #expect(lines[1].contains("The vendor said no."))
    }

    @Test func linesOfManyThreadsDoNotMix() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "forma3d-log-\(UUID().uuidString)").path()
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer {
            close(descriptor)
            unlink(path)
        }
        let sink = LogSink(fileDescriptor: descriptor)
        await withTaskGroup { group in
            for writer in 0..<8 {
                group.addTask {
                    let handler = JSONLogHandler(label: "w\(writer)", logLevel: .info, sink: sink)
                    let logger = Logger(label: "w") { _ in handler }
                    for _ in 0..<200 { logger.info("\(String(repeating: "x", count: 3_000))") }
                }
            }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1_600)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"time\"") && $0.hasSuffix("}") })
    }

    @Test func aReaderThatWentAwayDoesNotStopTheProcess() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        LogSink(fileDescriptor: ends[1]).write(Array("lost\n".utf8))
        close(ends[1])
    }
}
