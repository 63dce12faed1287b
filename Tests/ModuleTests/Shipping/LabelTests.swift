import Artefacts
import Contracts
import FoundationEssentials
import HTTPClient
import Jobs
import Kernel
import Logging
import Postgres
import Sendcloud
import Shipping
import Synchronization
import TestKit
import Testing

/// Sendcloud as a test tells it, and the room on top of it.
private struct LabelBench: Sendable {
    enum Answer { case made, refused, hangUp }

    let bench: RoomBench
    let server: ScriptedServer
    let answer: Answering
    let rooms: [JobRegistration]

    final class Answering: Sendable {
        private let value = Mutex(Answer.made)
        func set(_ answer: Answer) { value.withLock { $0 = answer } }
        var now: Answer { value.withLock { $0 } }
    }

    /// What was asked for, newest last.
    var asked: [JSONValue] {
        server.received.filter { $0.method == "POST" }.compactMap {
            try? JSON.decode(JSONValue.self, from: $0.body)["parcel"]
        }
    }

    func plan() async throws { try await bench.run("shipping.plan", bench.reference, in: rooms) }
    func create(_ payload: String) async throws { try await bench.run("shipping.create-parcel", payload, in: rooms) }
    func planned() async throws -> [String] { try await bench.waiting("shipping.create-parcel") }

    func shipment() async throws -> Shipment {
        try #require(try await ShipmentStorage.shipment(of: bench.orderID, in: bench.database))
    }

    func want(_ isWanted: Bool = true, city: String = "Gent", phone: String? = nil, isCancelled: Bool = false) {
        bench.orders.set(
            ParcelView(
                orderNumber: "#1", isReady: true, isCancelled: isCancelled, isWanted: isWanted,
                address: PostalAddress(
                    name: "Testa Koper", company: nil, address1: "Voorbeeldstraat 12", address2: nil, city: city,
                    postalCode: "9000", province: nil, country: "BE", phone: phone),
                email: nil, phone: nil, currency: "EUR",
                contents: [.init(title: "Clip", sku: nil, quantity: 1, weightGramsEach: 40, priceEach: nil)]))
    }
}

private func withLabels(
    policy: ShippingJobs.Policy? = .init(shippingMethodID: 8, senderAddressID: nil),
    _ body: (LabelBench) async throws -> Void
) async throws {
    try await withDatabase { database in
        let answer = LabelBench.Answering()
        let server = try ScriptedServer { request in
            guard request.method == "POST" else {
                if request.target.hasSuffix("/parcels/41") {
                    return .json("{\"parcel\":{\"id\":41,\"status\":{\"id\":2000,\"message\":\"Cancelled\"}}}")
                }
                return request.target.contains("label")
                    ? .answer(status: 200, fields: ["content-type": "application/pdf"], body: Array("%PDF-1.7".utf8))
                    : .json("{\"parcels\":[]}")
            }
            if request.target.hasSuffix("/cancel") {
                if answer.now == .hangUp { return .hangUp }
                return answer.now == .refused
                    ? .json(
                        "{\"status\":\"failed\",\"message\":\"Shipped parcels can no longer be cancelled.\"}",
                        status: 400)
                    : .json("{\"status\":\"cancelled\",\"message\":\"Parcel has been cancelled\"}")
            }
            switch answer.now {
            case .hangUp: return .hangUp
            case .refused: return .json("{\"error\":{\"message\":\"telephone: is wrong\"}}", status: 400)
            case .made:
                return .json(
                    """
                    {"parcel":{"id":41,"status":{"id":1000,"message":"Ready to send"},"tracking_number":"3S",
                     "carrier":{"code":"postnl"},"label":{"label_printer":"\(request.fields["host"].map { "http://\($0)/label" } ?? "")"}}}
                    """)
            }
        }
        let http = HTTPClient(logger: Logger(label: "test"))
        let bench = RoomBench(database: database)
        let module = ShippingModule(
            database: database, outbox: bench.outbox, effects: bench.effects(),
            artefacts: ArtefactStore(database: database), orders: bench.orders,
            client: SendcloudClient(
                configuration: SendcloudConfiguration(
                    publicKey: "p", secretKey: "s", apiURL: server.url + "/api/v2", timeoutSeconds: 5),
                http: http, logger: Logger(label: "test")),
            callTimeoutSeconds: 5, isEnabled: true, policy: policy, identities: .system, time: .system,
            webhookKeys: nil)
        let labels = LabelBench(bench: bench, server: server, answer: answer, rooms: module.registrations)
        labels.want()
        defer { server.stop() }
        try await body(labels)
        await http.close()
    }
}

@Suite(.timeLimit(.minutes(5))) struct LabelTests {
    @Test func anAddressMendedBeforeTheLabelIsOnTheLabel() async throws {
        try await withLabels { labels in
            try await labels.plan()
            labels.want(city: "Brugge")
            try await labels.plan()
            try await labels.plan()
            let planned = try await labels.planned()
            #expect(planned.count == 2, "an unchanged order changes nothing")
            for payload in planned { try await labels.create(payload) }
            #expect(labels.asked.map { $0["city"] } == ["Brugge"])
            let shipment = try await labels.shipment()
            #expect(shipment.generation == 2)
            #expect(shipment.state == .created)
        }
    }

    @Test func anAddressChangedAfterTheLabelIsShownAndChangesNothing() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            labels.want(city: "Brugge")
            try await labels.plan()
            var shipment = try await labels.shipment()
            #expect(shipment.problem?.code == "address-changed-after-label")
            #expect(shipment.state == .created && shipment.generation == 1)
            try await labels.bench.run(
                "shipping.fetch-label", try await labels.bench.waiting("shipping.fetch-label")[0], in: labels.rooms)
            shipment = try await labels.shipment()
            #expect(shipment.state == .labelReady)
            #expect(shipment.problem?.code == "address-changed-after-label", "the label does not mend it")
        }
    }

    @Test func anOrderThatIsNotWantedAnyMoreGetsNoLabelUntilItIsAgain() async throws {
        try await withLabels { labels in
            try await labels.plan()
            labels.want(false)
            try await labels.create(labels.planned()[0])
            #expect(labels.asked.isEmpty)
            let taken = try await labels.shipment()
            #expect(taken.state == .cancelled && taken.problem == nil)
            labels.want()
            try await labels.plan()
            try await labels.create(try #require(try await labels.planned().last))
            #expect(labels.asked.count == 1)
            let made = try await labels.shipment()
            #expect(made.state == .created)
        }
    }

    @Test func aCancelledOrdersUnsentLabelIsTakenBack() async throws {
        try await withLabels { labels in
            try await labels.plan()
            labels.want(false)
            let subscribers = try await labels.bench.database.query(
                "SELECT kind FROM jobs.subscription WHERE event = 'order.cancelled' AND kind = 'shipping.plan'")
            #expect(subscribers.count == 1)
            try await labels.plan()
            let taken = try await labels.shipment()
            #expect(taken.state == .cancelled)
        }
    }

    @Test func aRetryOfARefusedLabelAsksForWhatIsWantedNow() async throws {
        try await withLabels { labels in
            labels.answer.set(.refused)
            try await labels.plan()
            let first = try await labels.planned()[0]
            await #expect(throws: VendorFailure.self) { try await labels.create(first) }
            try await labels.bench.bury("shipping.create-parcel", first, in: labels.rooms)
            let refused = try await labels.shipment()
            #expect(refused.problem?.code == "label-refused")
            #expect(refused.state == .planned)

            labels.answer.set(.made)
            labels.want(phone: "+3290000000")
            try await labels.create(first)
            #expect(labels.asked.count == 1, "the frozen request is not sent again")
            try await labels.create(try #require(try await labels.planned().last))
            #expect(labels.asked.last?["telephone"] == "+3290000000")
            #expect(labels.asked.last?["external_reference"] != labels.asked.first?["external_reference"])
        }
    }

    @Test func whatMayBeAtSendcloudIsNeverAskedForAnew() async throws {
        try await withLabels { labels in
            labels.answer.set(.hangUp)
            try await labels.plan()
            let first = try await labels.planned()[0]
            await #expect(throws: JobFailure.self) { try await labels.create(first) }
            try await labels.bench.bury("shipping.create-parcel", first, in: labels.rooms)
            labels.want(city: "Brugge")
            try await labels.plan()
            let shipment = try await labels.shipment()
            #expect(shipment.state == .unknown)
            #expect(shipment.generation == 1)
        }
    }

    @Test func aDeadJobOfAnEarlierLabelSaysNothing() async throws {
        try await withLabels { labels in
            try await labels.plan()
            let first = try await labels.planned()[0]
            labels.want(city: "Brugge")
            try await labels.plan()
            try await labels.bench.bury("shipping.create-parcel", first, in: labels.rooms)
            let shipment = try await labels.shipment()
            #expect(shipment.problem == nil)
        }
    }

    @Test func aLabelOfACancelledParcelShipsNothing() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            let desk = ShippingDesk(outbox: labels.bench.outbox, time: .system)
            let id = try await labels.shipment().id
            try await labels.bench.database.transaction { transaction in
                guard var shipment = try await ShipmentStorage.lock(id, in: transaction) else { return }
                try await desk.apply(.cancelled, to: &shipment, in: transaction)
            }
            try await labels.bench.run(
                "shipping.fetch-label", try await labels.bench.waiting("shipping.fetch-label")[0], in: labels.rooms)
            let shipment = try await labels.shipment()
            #expect(shipment.state == .cancelled)
            #expect(shipment.problem?.code == "parcel-cancelled")
            let said = try await labels.bench.events("shipment.created")
            #expect(said == 0)
        }
    }

    @Test func aLabelStoredAfterOurOwnCancellationRevivesNothing() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            labels.want(false, isCancelled: true)
            try await labels.plan()
            try await labels.bench.run(
                "shipping.cancel-parcel", try await labels.bench.waiting("shipping.cancel-parcel")[0],
                in: labels.rooms)
            try await labels.bench.run(
                "shipping.fetch-label", try await labels.bench.waiting("shipping.fetch-label")[0], in: labels.rooms)
            let shipment = try await labels.shipment()
            #expect(shipment.state == .cancelled && shipment.labelDigest != nil && shipment.problem == nil)
            let said = try await labels.bench.events("shipment.created")
            #expect(said == 0)
        }
    }

    /// As the binary before migration 0015 writes them: a state, and no time of the word.
    @Test(arguments: [ShipmentState.delivered, .cancelled, .exception, .handedOver])
    func aStateOfThePreviousBinaryOutlivesTheNextWord(state: ShipmentState) async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            try await labels.bench.run(
                "shipping.fetch-label", try await labels.bench.waiting("shipping.fetch-label")[0], in: labels.rooms)
            try await labels.bench.database.execute(
                "UPDATE shipping.shipment SET state = \(state.rawValue), observed_at = NULL")
            let id = try await labels.shipment().id
            let desk = ShippingDesk(outbox: labels.bench.outbox, time: .system)
            try await labels.bench.database.transaction { transaction in
                guard var shipment = try await ShipmentStorage.lock(id, in: transaction) else { return }
                try await desk.apply(
                    .inTransit, at: Date(timeIntervalSince1970: 1), to: &shipment, in: transaction)
            }
            let shipment = try await labels.shipment()
            #expect(shipment.state == state)
        }
    }

    @Test func theParcelOfACancelledOrderIsCancelledOnce() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            labels.want(false, isCancelled: true)
            try await labels.plan()
            try await labels.plan()
            let jobs = try await labels.bench.waiting("shipping.cancel-parcel")
            #expect(jobs.count == 1)
            try await labels.bench.run("shipping.cancel-parcel", jobs[0], in: labels.rooms)
            try await labels.bench.run("shipping.cancel-parcel", jobs[0], in: labels.rooms)
            #expect(labels.server.received.count(where: { $0.target.hasSuffix("/parcels/41/cancel") }) == 1)
            let shipment = try await labels.shipment()
            #expect(shipment.state == .cancelled && shipment.problem == nil)
            let kinds = try await labels.bench.database.query(
                "SELECT state FROM jobs.effect WHERE kind = 'sendcloud.parcel-cancellation'")
            #expect(try kinds.map { try $0("state") } == ["done"])
        }
    }

    /// A simulated week left the cancellation unsettled: the carrier's word came before the answer to our own call, and
    /// the next run found nothing left to do.
    @Test func aCancellationWhoseAnswerIsLostIsSettledAfterTheCarriersWord() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            labels.want(false, isCancelled: true)
            try await labels.plan()
            let job = try await labels.bench.waiting("shipping.cancel-parcel")[0]
            labels.answer.set(.hangUp)
            await #expect(throws: JobFailure.self) {
                try await labels.bench.run("shipping.cancel-parcel", job, in: labels.rooms)
            }
            let desk = ShippingDesk(outbox: labels.bench.outbox, time: .system)
            let id = try await labels.shipment().id
            try await labels.bench.database.transaction { transaction in
                guard var shipment = try await ShipmentStorage.lock(id, in: transaction) else { return }
                try await desk.apply(.cancelled, to: &shipment, in: transaction)
            }
            try await labels.bench.waitUntilNoCallCanBegin()
            try await labels.bench.run("shipping.cancel-parcel", job, in: labels.rooms)
            let states = try await labels.bench.database.query(
                "SELECT state FROM jobs.effect WHERE kind = 'sendcloud.parcel-cancellation'")
            #expect(try states.map { try $0("state") } == ["done"])
            let shipment = try await labels.shipment()
            #expect(shipment.state == .cancelled && shipment.problem == nil, "it was our own")
        }
    }

    @Test func aParcelThatCannotBeCancelledAsksForAPerson() async throws {
        try await withLabels { labels in
            try await labels.plan()
            try await labels.create(labels.planned()[0])
            labels.want(false, isCancelled: true)
            try await labels.plan()
            let job = try await labels.bench.waiting("shipping.cancel-parcel")[0]
            labels.answer.set(.refused)
            await #expect(throws: JobFailure.self) {
                try await labels.bench.run("shipping.cancel-parcel", job, in: labels.rooms)
            }
            try await labels.bench.bury("shipping.cancel-parcel", job, in: labels.rooms)
            let shipment = try await labels.shipment()
            #expect(shipment.state == .created)
            #expect(shipment.problem?.code == "label-not-wanted")
        }
    }

    @Test func aLabelThatIsBeingBoughtIsWaitedForByItsCancellation() async throws {
        try await withLabels { labels in
            labels.answer.set(.hangUp)
            try await labels.plan()
            let first = try await labels.planned()[0]
            await #expect(throws: JobFailure.self) { try await labels.create(first) }
            labels.want(false, isCancelled: true)
            await #expect(throws: JobFailure.self) { try await labels.plan() }
        }
    }

    @Test func shippingWithoutAMethodAsksForOne() async throws {
        try await withLabels(policy: nil) { labels in
            await #expect(throws: JobFailure.self) { try await labels.plan() }
            let shipment = try await labels.shipment()
            #expect(shipment.problem?.code == "shipping-method-missing")
        }
    }
}
