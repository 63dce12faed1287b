import Dispatch
import HTTPClient
import HTTPWire
import Kernel
import Logging
import Synchronization
import TestKit
import Testing

private func clientOfOneConnection() -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.connectionsPerHostMaximum = 1
    return HTTPClient(configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

private final class HeardSigns: VendorSignListener {
    private let signs = Mutex<[VendorSign]>([])

    func hear(_ vendor: String, _ sign: VendorSign) { signs.withLock { $0.append(sign) } }
    var all: [VendorSign] { signs.withLock { $0 } }
}

/// A server that keeps its first caller until it is told to answer, with one connection to it.
private struct BusyServer {
    let server: ScriptedServer
    let client = clientOfOneConnection()
    private let gate = DispatchSemaphore(value: 0)

    init() throws {
        let gate = gate
        server = try ScriptedServer { request in
            if request.target == "/first" { gate.wait() }
            return .answer(status: 200, fields: [:], body: [])
        }
    }

    func answer() { gate.signal() }

    func ask(_ path: String, timeoutSeconds: Double = 60) async throws(HTTPClientError) -> Int {
        let request = HTTPClientRequest(method: .get, url: "\(server.url)/\(path)", timeoutSeconds: timeoutSeconds)
        return try await client.send(request).status.code
    }
}

@Suite(.timeLimit(.minutes(5))) struct CallLineTests {
    /// Taken for an outage it stopped all of a vendor's jobs whenever more of them called at once than there were
    /// connections.
    @Test func aCallThatFoundNoFreeConnectionSaysNothingOfTheVendor() async throws {
        let busy = try BusyServer()
        let line = VendorLine(
            vendor: "farm", http: busy.client, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let first = busy.ask("first")
        try await eventually("the one connection is taken") { busy.server.received.count == 1 }
        let heard = HeardSigns()
        await VendorSigns.$listener.withValue(heard) {
            do throws(VendorFailure) {
                let request = HTTPClientRequest(method: .post, url: busy.server.url, timeoutSeconds: 0.2)
                try await line.call("add", request) { _ throws(VendorFailure) in }
                Issue.record("it was answered")
            } catch {
                #expect(error.kind == .givenUp && error.sign == nil && !error.mayHaveHappened)
                #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
            }
        }
        #expect(heard.all.isEmpty)
        busy.answer()
        #expect(try await first == 200)
        await busy.client.close()
        busy.server.stop()
    }

    @Test func whoLeavesTheLineLeavesItToTheOthers() async throws {
        let busy = try BusyServer()
        let other = try ScriptedServer { _ in .answer(status: 200, fields: [:], body: []) }
        async let first = busy.ask("first")
        try await eventually("the one connection is taken") { busy.server.received.count == 1 }
        let left = Task { try await busy.ask("left") }
        left.cancel()
        await #expect { _ = try await left.value } throws: { ($0 as? HTTPClientError)?.kind == .cancelled }
        // Another server has a line of its own.
        let elsewhere = HTTPClientRequest(method: .get, url: other.url)
        #expect(try await busy.client.send(elsewhere).status == 200)
        let codes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 { group.addTask { try await busy.ask("\(number)") } }
            await #expect { _ = try await busy.ask("late", timeoutSeconds: 0.1) } throws: {
                ($0 as? HTTPClientError)?.kind == .heldUp
            }
            busy.answer()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await first == 200)
        #expect(codes == Array(repeating: 200, count: 20))
        #expect(Set(busy.server.received.map(\.target)) == Set(["/first"] + (0..<20).map { "/\($0)" }))
        #expect(busy.server.connectionCount == 1)
        await busy.client.close()
        busy.server.stop()
        other.stop()
    }

    /// Of a send whose process stood still another owner may know by now that nothing of it arrived.
    @Test func nothingGoesOutAfterTheLastMomentOfTheSend() async throws {
        let busy = try BusyServer()
        let over = ContinuousClock.now - .milliseconds(1)
        await CallDeadline.$latest.withValue(over) {
            do throws(HTTPClientError) {
                _ = try await busy.ask("late")
                Issue.record("it was answered")
            } catch {
                #expect(error.kind == .heldUp && !error.mayHaveBeenSent)
            }
        }
        #expect(busy.server.received.isEmpty)
        let soon = ContinuousClock.now + .milliseconds(150)
        await CallDeadline.$latest.withValue(soon) {
            await #expect { _ = try await busy.ask("first") } throws: {
                ($0 as? HTTPClientError)?.mayHaveBeenSent == true
            }
        }
        busy.answer()
        await busy.client.close()
        busy.server.stop()
    }

    @Test func closingFailsThoseInLineToo() async throws {
        let busy = try BusyServer()
        let first = Task { try await busy.ask("first") }
        try await eventually("the one connection is taken") { busy.server.received.count == 1 }
        let second = Task { try await busy.ask("second") }
        await busy.client.close()
        for call in [first, second] {
            await #expect { _ = try await call.value } throws: { ($0 as? HTTPClientError)?.kind == .closed }
        }
        busy.answer()
        busy.server.stop()
    }
}
