import Contracts
import FoundationEssentials
import HTTPClient
import Jobs
import Kernel
import Postgres
import Sendcloud
import Shipping
import Synchronization
import TestKit
import Testing

/// A parcel whose webhooks were lost.
@Suite struct ParcelPollTests {
    private struct Scene: Sendable {
        let bench: RoomBench
        let server: ScriptedServer
        let poll: ParcelPoll

        /// A parcel of that number, last heard of so many hours ago.
        func add(_ parcelID: Int64, state: String = "handed_over", hoursAgo: Double, ageDays: Int = 3) async throws {
            try await bench.database.execute(
                """
                INSERT INTO shipping.shipment (id, order_id, state, parcel_id, weight_grams, label_digest, observed_at,
                    created_at)
                VALUES (\(Identities.system.uuid()), \(Identities.system.uuid()), \(state), \(parcelID), 100, 'digest',
                    jobs.clock() - make_interval(secs => \(hoursAgo * 3_600)),
                    jobs.clock() - make_interval(days => \(ageDays)))
                """)
        }

        func run() async throws { try await bench.run("shipping.poll-parcels", "{}", in: [poll.registration]) }

        func state(_ parcelID: Int64) async throws -> String {
            try await bench.database.query("SELECT state FROM shipping.shipment WHERE parcel_id = \(parcelID)")[0](
                "state")
        }

        var asked: [String] {
            server.received.map { String($0.target.split(separator: "/").last ?? "") }
        }
    }

    /// Sendcloud's status id by parcel; others are not there.
    private func withPoll(_ statuses: [String: Int], _ body: (Scene) async throws -> Void) async throws {
        try await withDatabase { database in
            let server = try ScriptedServer { request in
                let id = String(request.target.split(separator: "/").last ?? "")
                guard let status = statuses[id] else {
                    return .json("{\"error\":{\"message\":\"No Parcel matches the given query.\"}}", status: 404)
                }
                guard status > 0 else { return .json("{}", status: 503) }
                return .json(
                    """
                    {"parcel":{"id":\(id),"status":{"id":\(status),"message":"told"},"tracking_number":"3S\(id)",
                     "carrier":{"code":"postnl"}}}
                    """)
            }
            let http = HTTPClient(logger: .noWhere)
            let bench = RoomBench(database: database)
            let client = SendcloudClient(
                configuration: SendcloudConfiguration(
                    publicKey: "p", secretKey: "s", apiURL: server.url + "/api/v2", timeoutSeconds: 5),
                http: http, logger: .noWhere)
            let poll = ParcelPoll(
                database: database, client: client, desk: ShippingDesk(outbox: bench.outbox, time: .system))
            do {
                try await body(Scene(bench: bench, server: server, poll: poll))
            } catch {
                server.stop()
                await http.close()
                throw error
            }
            server.stop()
            await http.close()
        }
    }

    @Test func onlyWhatIsOnItsWayAndLongUnheardOfIsAskedForOnce() async throws {
        try await withPoll(["1": 11, "2": 3, "3": 11, "4": 11, "5": 11]) { scene in
            try await scene.add(1, hoursAgo: 7)
            try await scene.add(2, state: "label_ready", hoursAgo: 9)
            try await scene.add(3, hoursAgo: 1)
            try await scene.add(4, state: "delivered", hoursAgo: 90)
            try await scene.add(5, hoursAgo: 2_000, ageDays: 90)
            try await scene.run()
            #expect(scene.asked == ["2", "1"], "the longest unheard of first")
            #expect(try await scene.state(1) == "delivered")
            #expect(try await scene.state(2) == "handed_over")
            #expect(try await scene.bench.events("shipment.status_changed") == 2)
            let tracking: String = try await scene.bench.database.query(
                "SELECT tracking_number FROM shipping.shipment WHERE parcel_id = 2")[0]("tracking_number")
            #expect(tracking == "3S2")
            try await scene.run()
            #expect(scene.asked.count == 2, "heard of just now")
        }
    }

    @Test func aParcelThatIsGoneStopsNobodyAndAnOutageLosesNothing() async throws {
        try await withPoll(["2": 11, "3": 0]) { scene in
            try await scene.add(1, hoursAgo: 30)
            try await scene.add(2, hoursAgo: 20)
            try await scene.add(3, hoursAgo: 10)
            await #expect(throws: VendorFailure.self) { try await scene.run() }
            #expect(try await scene.state(1) == "handed_over")
            #expect(try await scene.state(2) == "delivered", "settled before the outage")
            await #expect(throws: VendorFailure.self) { try await scene.run() }
            #expect(scene.asked == ["1", "2", "3", "3"])
        }
    }

    @Test func aRoundIsBounded() async throws {
        let numbers = 1...60
        try await withPoll(Dictionary(uniqueKeysWithValues: numbers.map { ("\($0)", 3) })) { scene in
            for number in numbers { try await scene.add(Int64(number), hoursAgo: 10) }
            try await scene.run()
            #expect(scene.asked.count == 50)
            try await scene.run()
            #expect(Set(scene.asked).count == 60 && scene.asked.count == 60)
        }
    }
}
