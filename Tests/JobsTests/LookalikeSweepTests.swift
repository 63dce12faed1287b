import Kernel
import Postgres
import TestKit
import Testing

@testable import Jobs

/// A vendor that holds no reference of ours: what it shows may be another effect's that looks alike.
private struct Lookalikes: EffectVendor {
    static let kind = "fake.lookalike"
    static let isFoundByReference = false

    let vendor: FakeVendor
    var callTimeoutSeconds: Double { vendor.callTimeoutSeconds }

    func send(_ request: FakeVendor.Request, reference: String) async throws -> FakeVendor.Receipt {
        try await vendor.send(request, reference: reference)
    }

    func lookUp(_ reference: String, _ request: FakeVendor.Request) async throws -> [FoundEffect<FakeVendor.Receipt>] {
        try await vendor.lookUp(reference, request)
    }

    func cancel(_ receipt: FakeVendor.Receipt, reference: String) async throws {
        try await vendor.cancel(receipt, reference: reference)
    }

    func vendorID(of receipt: FakeVendor.Receipt) -> String? { receipt.id }
}

@Suite struct LookalikeSweepTests {
    @Test(arguments: [true, false])
    func theSweepShowsWhatItCannotTellApartAndCancelsOnlyWhatCarriesOurReference(isFoundByReference: Bool) async throws
    {
        let vendor = FakeVendor()
        vendor.change { state in
            state.items = ["7", "8"].map { .init(id: $0, reference: "r-1", content: "cube") }
        }
        let doubtful = EffectStorage.Doubtful(
            reference: "r-1", kind: "fake", request: try JSON.text(FakeVendor.Request(content: "cube")),
            receipt: try JSON.text(FakeVendor.Receipt(id: "7")), vendorID: "7")
        let sweep =
            isFoundByReference
            ? EffectSweep.Vendor(vendor).begin() : EffectSweep.Vendor(Lookalikes(vendor: vendor)).begin()
        let result = try await sweep(doubtful)
        #expect(result == (isFoundByReference ? .init(cancelled: 1) : .init(unclear: 2)))
        #expect(vendor.now.cancelled == (isFoundByReference ? ["8"] : []))
    }

    /// A look-up costs a call of a budget that all work shares: in every sweep at first, later at a quarter of the age.
    @Test(arguments: [(age: 600, since: 300, isDue: true), (3_600, 300, false), (3_600, 900, true), (3_600, nil, true)])
    func anAgedEffectIsLookedUpLessOften(age: Int, since: Int?, isDue: Bool) async throws {
        try await withDatabase { database in
            try await database.execute(
                """
                INSERT INTO jobs.effect (reference, kind, state, correlation_id, request, receipt, sent_at, sends, fence, done_at, swept_at)
                VALUES ('r-1', 'fake', 'done', 'test', '{"content": "cube"}', '{"id": "7"}',
                    jobs.clock() - make_interval(secs => \(age)), 2, 1, jobs.clock() - make_interval(secs => \(age)),
                    jobs.clock() - make_interval(secs => \(since)::integer))
                """)
            let due = try await EffectStorage.doubtful(
                withinSeconds: 86_400, kinds: ["fake"], limit: 10, in: database)
            #expect(due.map(\.reference) == (isDue ? ["r-1"] : []))
        }
    }
}
