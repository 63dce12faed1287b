import Catalog
import Contracts
import EventLoop
import Foundation
import Fulfilment
import Glibc
import HTTPClient
import HTTPServer
import HTTPWire
import Inbox
import Jobs
import Kernel
import Logging
import Operators
import Orders
import Postgres
import Printing
import Processes
import Routing
import Sendcloud
import Shipping
import Shopify
import SimplyPrint
import Synchronization

/// Every room wired as in the program, one worker, the stand-ins beside it, and one clock for all of them.
final class SimulatedShop: Sendable {
    private struct State {
        var placed = 0
        var orders: [String] = []
        var crashes = 0
        var shiftSeconds = 0.0
        var isFaulty = true
    }

    let database: Database
    let jobs: JobSystem
    private let wakeUps: WakeUps
    private let catalogue: Catalogue
    private let http: HTTPClient
    private let server: HTTPServer
    private let loop: EventLoop
    private let ownURL: String
    private let sandbox: RunningProcess
    private let sandboxURL: String
    private let clock: SimulatedClock
    private let state = Mutex(State())

    var placed: Int { state.withLock { $0.placed } }
    var crashes: Int { clock.crashes }

    private init(
        database: Database, jobs: JobSystem, wakeUps: WakeUps, catalogue: Catalogue, http: HTTPClient,
        server: HTTPServer, loop: EventLoop, ownURL: String, sandbox: RunningProcess, sandboxURL: String,
        clock: SimulatedClock
    ) {
        self.database = database
        self.jobs = jobs
        self.wakeUps = wakeUps
        self.catalogue = catalogue
        self.http = http
        self.server = server
        self.loop = loop
        self.ownURL = ownURL
        self.sandbox = sandbox
        self.sandboxURL = sandboxURL
        self.clock = clock
    }

    static func open(database: Database, seed: SimulationSeed) async throws -> SimulatedShop {
        let loop = EventLoop(name: "simulator", logger: .nowhere)
        let entrance = SimulatedEntrance()
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        let server = HTTPServer(configuration: configuration, loop: loop, logger: .nowhere) { request in
            await entrance.respond(to: request)
        }
        let port = try server.start()
        let sandboxPort = try SimulatorPrograms.freePort()
        let sandbox = try RunningProcess.start(
            Command(
                try SimulatorPrograms.path("forma3d-sandbox"),
                [
                    "--port", "\(sandboxPort)", "--target", "http://127.0.0.1:\(port)", "--rate-limit", "0",
                    "--printers", "200",
                ],
                environment: ["PATH": "/usr/bin:/bin"]))
        let sandboxURL = "http://127.0.0.1:\(sandboxPort)"
        let http = HTTPClient(logger: .nowhere)
        let clock = SimulatedClock(seed: seed.number)
        let rooms = try SimulatedRooms(database: database, http: http, vendors: sandboxURL, clock: clock)
        try entrance.open(rooms.routes)
        let shop = SimulatedShop(
            database: database, jobs: rooms.jobs, wakeUps: rooms.wakeUps, catalogue: rooms.catalogue, http: http,
            server: server, loop: loop, ownURL: "http://127.0.0.1:\(port)", sandbox: sandbox, sandboxURL: sandboxURL,
            clock: clock)
        try await shop.waitForSandbox()
        // As at a farm: what is printed leaves the list, else each look at it would read the whole past.
        _ = try await shop.control(.post, "settings", ["simplyprint": ["doneItemHours": 12]])
        return shop
    }

    func close() async {
        sandbox.signal(SIGTERM)
        _ = await sandbox.wait()
        await server.drain(within: .seconds(1))
        await http.close()
        loop.shutDown()
    }

    private func waitForSandbox() async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? await control(.get, "health")) == nil {
            guard .now < deadline else { throw SimulatorFailure("the stand-ins do not answer") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: Acts

    private static let products: [(sku: String, parts: [Int])] = [("CLIP-1", [1]), ("BOX-2", [1, 1]), ("TRAY-3", [3])]

    func stockCatalogue() async throws {
        for product in Self.products {
            let parts = product.parts.enumerated().map { index, quantity in
                ProductMapping.Part(
                    partName: "Part \(index + 1)", partNumber: index + 1,
                    simplyPrintFileID: String(repeating: "ab\(index)c", count: 8), quantityPerProduct: quantity,
                    printProfile: nil)
            }
            _ = try await catalogue.create(
                .init(
                    sku: product.sku, shopifyProductID: nil, shopifyVariantID: nil, productName: product.sku,
                    weightGrams: 250, defaultPrintProfile: nil, isActive: true, parts: parts))
        }
    }

    func place(using random: inout SeededRandom) async throws {
        let product = Self.products[random.pick(0...(Self.products.count - 1))]
        let answer = try await control(
            .post, "orders",
            ["lines": [["sku": .string(product.sku), "quantity": .integer(Int64(random.pick(1...2)))]]])
        guard let id = answer["id"]?.string else { throw SimulatorFailure("the stand-in placed no order") }
        state.withLock { state in
            state.placed += 1
            state.orders.append(id)
        }
    }

    /// What happens by itself in a step: faults, cancellations, and what operators do about what they see.
    func live(using random: inout SeededRandom) async throws {
        if state.withLock({ $0.isFaulty }) { try await arm(using: &random) }
        if random.isTrue(0.01), let last = state.withLock({ $0.orders.last }) {
            _ = try? await control(.post, "orders/\(last)/cancel", [:])
        }
        let failed = try await database.query(
            """
            SELECT id::text AS id FROM printing.print_job
            WHERE state IN ('failed', 'cancelled') AND NOT is_withdrawn ORDER BY id LIMIT 20
            """)
        for row in failed where random.isTrue(0.3) { try await operate("print-jobs/\(row("id") as String)/retry", [:]) }
        if random.isTrue(0.02),
            let row = try await database.query(
                "SELECT id::text AS id FROM printing.print_job WHERE state = 'done' ORDER BY updated_at DESC LIMIT 1"
            ).first
        {
            try await operate("print-jobs/\(row("id") as String)/mark-bad", ["reason": "warped"])
        }
        let dead = try await database.query(
            "SELECT DISTINCT subject::text AS subject FROM jobs.job WHERE state = 'dead' AND subject IS NOT NULL LIMIT 20"
        )
        for row in dead where random.isTrue(0.3) { try await operate("orders/\(row("subject") as String)/retry", [:]) }
    }

    /// One thing goes wrong at a vendor, now and then.
    private func arm(using random: inout SeededRandom) async throws {
        guard random.isTrue(0.4) else { return }
        let kinds = [
            "dropBefore", "dropAfter", "late", "status", "throttle", "html", "hookDuplicate", "hookDelay", "hookDrop",
        ]
        let kind = kinds[random.pick(0...(kinds.count - 1))]
        // Shopify repeats until it is heard; a webhook that is not sent at all is only healed where a poll would see it.
        let vendors = kind == "hookDrop" ? ["simplyprint"] : ["shopify", "simplyprint", "sendcloud"]
        let fault: JSONValue = [
            "vendor": .string(vendors[random.pick(0...(vendors.count - 1))]), "call": "*", "fault": .string(kind),
            "times": .integer(Int64(random.pick(1...3))), "delayMs": .integer(kind == "late" ? 3_000 : 60_000),
            "retryAfter": "30",
        ]
        _ = try await control(.post, "faults", .array([fault]))
    }

    func stopFaults() async throws {
        state.withLock { $0.isFaulty = false }
        clock.calm()
        _ = try await control(.post, "faults", .array([]))
    }

    // MARK: Time

    /// The one clock: the database's, the stand-ins', the modules'.
    func turnForward(seconds: Double) async throws {
        clock.turnForward(seconds: seconds)
        _ = try await control(.post, "clock", ["advanceSeconds": JSONValue.decimal(Decimal(seconds))])
        try await database.execute(
            "UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(seconds))")
        wakeUps.signal()
    }

    /// Until the next job is due; nil when none waits.
    func secondsUntilDue() async throws -> Double? {
        try await outstanding().filter { !$0.isRunning }.map(\.secondsUntilDue).min()
    }

    /// Until nothing runs and nothing is due, twice in a row: what a vendor sends later comes in the next step.
    func waitUntilIdle(within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        var quietLooks = 0
        while quietLooks < 2 {
            try await Task.sleep(for: .milliseconds(4))
            let busy = try await outstanding().filter { $0.isRunning || $0.secondsUntilDue <= 0 }
            quietLooks = busy.isEmpty ? quietLooks + 1 : 0
            // Else each of them would cost a lease of real time.
            if !busy.isEmpty, busy.allSatisfy(\.isRunning), let seconds = try await secondsOfStrandedLeases() {
                try await turnForward(seconds: seconds)
            }
            guard .now < deadline else {
                let jobs = busy.map(\.text).joined(separator: "; ")
                throw SimulatorFailure("the queue does not come to rest: \(jobs)")
            }
        }
    }

    /// How long the leases still last of jobs that a broken-off claim left in nobody's hands; nil while any job is in
    /// hand.
    private func secondsOfStrandedLeases() async throws -> Double? {
        let leases = try await database.query(
            """
            SELECT fence, EXTRACT(EPOCH FROM lease_until - jobs.clock())::double precision AS seconds
            FROM jobs.job WHERE state = 'running' ORDER BY fence
            """)
        var longest = 0.0
        for lease in leases {
            if jobs.hasInHand(fence: try lease("fence")) { return nil }
            longest = max(longest, try lease("seconds"))
        }
        return longest > 0 ? longest + 0.001 : nil
    }

    /// What is left to do of one kind.
    private struct Outstanding {
        let isRunning: Bool
        let secondsUntilDue: Double
        let text: String
    }

    /// By kind and state. Kinds that no room here does are another process's (mails, push messages); and the jobs of a
    /// vendor whose circuit is open are due when it lets one through.
    private func outstanding() async throws -> [Outstanding] {
        let kinds = jobs.kinds.map { (kind: $0.key.name, vendor: $0.value.vendor ?? "") }
        return try await database.query(
            """
            SELECT job.state = 'running' AS is_running,
                EXTRACT(EPOCH FROM
                    min(GREATEST(job.run_at, CASE WHEN circuit.phase <> 'closed' THEN circuit.until END))
                    - jobs.clock())::double precision AS seconds,
                concat_ws(' ', count(*), job.kind, job.state, max(job.last_error)) AS text
            FROM (
                -- As the indexes are cut (jobs' ReadyJobs): there are thousands of these looks, and the past is long.
                SELECT kind, state, run_at, last_error FROM jobs.job WHERE state = 'ready' AND conc_key IS NULL
                UNION ALL
                SELECT kind, state, run_at, last_error FROM jobs.job WHERE state = 'ready' AND conc_key IS NOT NULL
                UNION ALL
                SELECT kind, state, run_at, last_error FROM jobs.job WHERE state = 'running'
            ) AS job
            JOIN unnest(\(SQLArray(kinds.map(\.kind)))::text[], \(SQLArray(kinds.map(\.vendor)))::text[])
                AS known (kind, vendor) ON known.kind = job.kind
            LEFT JOIN jobs.vendor_circuit circuit ON circuit.vendor = known.vendor
            GROUP BY job.kind, job.state ORDER BY job.kind
            """
        ).map { row in
            Outstanding(isRunning: try row("is_running"), secondsUntilDue: try row("seconds"), text: try row("text"))
        }
    }

    /// Every order has come to its end, and so has every effect: the shop may have told of one before its own call did.
    func isOver() async throws -> Bool {
        let open: Int = try await database.query(
            """
            SELECT (SELECT count(*) FROM orders.shop_order WHERE status NOT IN ('fulfilled', 'cancelled', 'closed'))
                + (SELECT count(*) FROM jobs.effect WHERE state IN ('sent', 'unknown')) AS open
            """)[0]("open")
        return open == 0
    }

    // MARK: Calls

    func ledger() async throws -> JSONValue { try await control(.get, "ledger") }

    private func control(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await send(method, "\(sandboxURL)/__control/\(path)", body)
    }

    /// What was decided meanwhile answers 409: the operator looks again.
    private func operate(_ path: String, _ body: JSONValue) async throws {
        _ = try? await send(.post, "\(ownURL)/api/v1/\(path)", body)
    }

    private func send(_ method: HTTPMethod, _ url: String, _ body: JSONValue?) async throws -> JSONValue {
        let answer = try await http.send(
            HTTPClientRequest(
                method: method, url: url, fields: ["content-type": "application/json"],
                body: try body.map { try JSON.encode($0) } ?? [], timeoutSeconds: 20))
        guard answer.status.isSuccess else {
            throw SimulatorFailure(
                "\(url) answers \(answer.status.code): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return try JSON.decode(JSONValue.self, from: answer.body)
    }
}

/// Lets requests in once the rooms behind the port are made.
private final class SimulatedEntrance: Sendable {
    private let gateway = Mutex<Gateway?>(nil)

    func open(_ routes: [Route]) throws {
        let made = try Gateway(routes: routes, authenticate: { _, _ in }, onError: { _, _, _ in })
        gateway.withLock { $0 = made }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let gateway = gateway.withLock({ $0 }) else { return .text("starting", status: 503) }
        return await gateway.respond(to: request)
    }
}
