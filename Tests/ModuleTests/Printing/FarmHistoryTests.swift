import FoundationEssentials
import HTTPClient
import Jobs
import Kernel
import Printing
import SimplyPrint
import Synchronization
import TestKit
import Testing

/// The last place that knows of a printed item is the farm's history.
@Suite(.timeLimit(.minutes(5))) struct FarmHistoryTests {
    private static let reference = "\(Identities.system.uuid())-1"

    private func lookUp(pages: Int) async throws -> [FoundEffect<QueueItemEffect.Receipt>] {
        try await asking(pages: pages) { effect in
            try await effect.lookUp(Self.reference, .init(fileID: "a", note: ""))
        }
    }

    /// - Parameter heard: is told of each call's path.
    private func asking<Value: Sendable>(
        pages: Int, heard: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (QueueItemEffect) async throws -> Value
    ) async throws -> Value {
        let server = try ScriptedServer { request in
            heard(request.target)
            guard request.target.hasSuffix("GetPaginatedPrintJobs") else {
                return .json(#"{"status":true,"page_amount":1,"data":[],"queue":[]}"#)
            }
            // The farm prints for ever, and all of it after our item was made.
            return .json(
                "{\"status\":true,\"page_amount\":\(pages),\"data\":[{\"id\":1,\"status\":\"finished\",\"startDate\":"
                    + "\"2100-01-01T00:00:00+00:00\",\"queueItem\":{\"id\":7}}]}")
        }
        let http = HTTPClient(logger: .noWhere)
        let client = SimplyPrintClient(
            configuration: SimplyPrintConfiguration(
                companyID: "1", apiKey: "key", apiURL: server.url, filesURL: server.url, timeoutSeconds: 10),
            http: http, takeBudget: {}, logger: .noWhere)
        let effect = QueueItemEffect(client: client, stamp: ReferenceStamp(client: client), callTimeoutSeconds: 10)
        do {
            let value = try await body(effect)
            server.stop()
            await http.close()
            return value
        } catch {
            server.stop()
            await http.close()
            throw error
        }
    }

    @Test func aHistoryThatCannotBeReadToItsEndSaysNothing() async throws {
        #expect(try await lookUp(pages: 2).isEmpty)
        await #expect(throws: JobFailure.self) { try await lookUp(pages: 100_000) }
    }

    /// A sweep asks about up to a hundred items; the farm's budget is everybody's.
    @Test func aSweepReadsTheFarmOnceAndTheNextOneAnew() async throws {
        let calls = Mutex<[String]>([])
        func count(_ path: String) -> Int { calls.withLock { $0.count { $0.contains(path) } } }
        try await asking(pages: 3) { target in
            calls.withLock { $0.append(target) }
        } _: { effect in
            for round in 1...2 {
                let sweep = effect.forOneSweep()
                for _ in 1...5 {
                    // Made later than the one before: what was read for it reaches back far enough.
                    let reference = "\(Identities.system.uuid())-1"
                    _ = try await sweep.lookUp(reference, .init(fileID: "a", note: ""))
                }
                #expect(count("GetPaginatedPrintJobs") == 3 * round)
                #expect(count("queue/GetItems") == round)
            }
            _ = try await effect.lookUp(Self.reference, .init(fileID: "a", note: ""))
            #expect(count("queue/GetItems") == 3, "outside a sweep every look asks")
        }
    }

    @Test func theMomentIsInTheReference() throws {
        var generator = SystemRandomNumberGenerator()
        let moment = Date(timeIntervalSince1970: 1_790_000_000.123)
        let made = try #require(Identities.moment(of: Identities.uuidV7(at: moment, using: &generator)))
        #expect(abs(made.timeIntervalSince(moment)) < 0.002)
        #expect(Identities.moment(of: UUID()) == nil, "a random one says nothing")
    }
}
