import Kernel
import Processes

/// The course of the demo: start, seed, order, watch, judge.
final class DemoTour {
    /// How often the orders are looked at.
    private static let tick = Duration.milliseconds(250)

    private let world: DemoWorld
    private let api: DemoAPI
    private let signals: ShutdownSignals
    private let orderCount: Int
    private let limitSeconds: Double
    private let staysUp: Bool
    private let startedAt = ContinuousClock.now
    private var board = OrderBoard()
    private var drawnLines = 0

    /// The very last line; nil before there was anything to judge.
    private(set) var verdict: String?

    init(world: DemoWorld, signals: ShutdownSignals, orderCount: Int, limitSeconds: Double, staysUp: Bool) {
        self.world = world
        self.signals = signals
        self.orderCount = orderCount
        self.limitSeconds = limitSeconds
        self.staysUp = staysUp
        api = DemoAPI(http: world.http, ports: world.ports, apiKey: world.apiKey)
    }

    /// - Returns: whether every order was fulfilled exactly once in time.
    func run() async throws -> Bool {
        Terminal.line("Starting a server with a database of its own, and the stand-ins of the three vendors …")
        try await world.start()
        try await wait(for: "the server to be ready") { await self.api.isReady() }
        Terminal.line("Ready after \(OrderBoard.shown(elapsedSeconds)). Placing \(orderCount) orders in the shop:")
        for mapping in DemoCatalog.mappings { try await api.createMapping(mapping) }
        for number in 0..<orderCount {
            board.placed(try await api.placeOrder(DemoCatalog.order(number)), at: .now)
        }
        while !board.areAllFulfilled, elapsedSeconds < limitSeconds { try await look() }
        let isGood = try await judge()
        if staysUp { try await stayUp() }
        return isGood
    }

    private var elapsedSeconds: Double { OrderBoard.seconds(from: startedAt, to: .now) }

    private func wait(for what: String, _ condition: () async -> Bool) async throws {
        while !(await condition()) {
            guard elapsedSeconds < limitSeconds else {
                throw DemoFailure("waited \(Int(limitSeconds)) s in vain for \(what)")
            }
            try await pause()
        }
    }

    private func pause() async throws {
        if signals.isShutdownRequested { throw DemoInterrupted() }
        if let ended = world.endedEarly { throw DemoFailure(ended) }
        try await ContinuousClock().sleep(for: Self.tick)
    }

    private func look() async throws {
        let orders = try await api.orders(limit: 200)
        let changed = board.update(orders, at: .now)
        // More orders than rows cannot be drawn over: those are told line by line.
        if Terminal.isInteractive, let size = Terminal.size, board.rows.count < size.rows {
            let lines = board.lines(at: .now)
            Terminal.redraw(lines, over: drawnLines)
            drawnLines = lines.count
        } else {
            for line in changed { Terminal.line(line) }
        }
        try await pause()
    }

    /// Shows the table and compares what the vendors did with what was wanted.
    private func judge() async throws -> Bool {
        var orders: [JSONValue] = []
        var rows: [(order: JSONValue, seconds: Double?)] = []
        for row in board.rows {
            guard let id = row.id else { continue }
            let order = try await api.order(id)
            orders.append(order)
            rows.append((order, row.fulfilledAfterSeconds))
        }
        Terminal.line("")
        for line in DemoTable.lines(rows) { Terminal.line(line) }
        Terminal.line("")
        let complaints = LedgerCheck.complaints(orders: orders, ledger: try await api.ledger())
        for (name, sentences) in complaints.sorted(by: { $0.key < $1.key }) {
            for sentence in sentences { Terminal.line("  \(name): \(sentence)") }
        }
        let good = board.rows.count { $0.isFulfilled && complaints[$0.name] == nil }
        verdict = "demo: \(good) orders fulfilled, \(board.rows.count - good) failed"
        return good == board.rows.count
    }

    private func stayUp() async throws {
        if let verdict { Terminal.line(verdict) }
        verdict = nil
        let ports = world.ports
        Terminal.line(
            """

            Everything stays up until Ctrl-C.
              Server      \(ports.serverURL)/health   (X-API-Key: \(world.apiKey))
              Orders      curl -H 'X-API-Key: \(world.apiKey)' \(ports.serverURL)/api/v1/orders
              Ledger      curl \(ports.sandboxURL)/__control/ledger
              New order   curl -X POST -H 'Content-Type: application/json' \\
                            -d '{"lines":[{"sku":"F3D-DESK","quantity":1}]}' \(ports.sandboxURL)/__control/orders

            """)
        drawnLines = 0
        while true { try await look() }
    }
}
