import FoundationEssentials
import HTTPWire
import Kernel
import Routing

/// What tests and people turn: orders, faults, time, pace, settings, and the ledger of every effect.
struct ControlSurface: Sendable {
    let options: SandboxOptions
    let clock: SandboxClock
    let alarm: Alarm
    let faults: FaultDesk
    let hooks: HookPost
    let late: LateEffects
    let shopify: ShopifyDesk
    let farm: FarmDesk
    let parcels: ParcelDesk
    let push: PushOffice
    let mail: MailOffice

    /// A 500-line order is half a megabyte; hostile bodies are sent on purpose.
    static let bodyBytesMaximum = 8 * 1024 * 1024

    private func route(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, status: Int = 200,
        _ handle: @escaping @Sendable (Call) async throws -> JSONNode
    ) -> Route {
        Route(
            method, pattern, summary, tag: "Control", access: .open,
            limits: Route.Limits(bodyBytes: Self.bodyBytesMaximum, handlerSeconds: 60), status: status
        ) { call in
            let node = try await handle(call)
            await alarm.ring()
            return .json(node, status: status)
        }
    }

    var routes: [Route] { orderRoutes + farmRoutes + parcelRoutes + noticeRoutes + generalRoutes }

    // MARK: Orders

    private var orderRoutes: [Route] {
        [
            route(.post, "/__control/orders", "Place an order", status: 201) { call in
                let topics = call.query("topics").map { $0.split(separator: ",").map(String.init) }
                let deliver = call.query("deliver").map { $0 != "false" }
                let placed = try await shopify.place(try await call.body(), topics: topics, deliver: deliver)
                return ["id": .string(String(placed.id)), "name": .string(placed.name)]
            },
            route(.get, "/__control/orders/{id}", "Show an order's REST body") { call in
                guard let order = await shopify.shop.orders[try Self.id(call)] else { throw Self.noOrder }
                return order.node
            },
            route(.post, "/__control/orders/{id}/cancel", "Cancel an order") { call in
                let id = try Self.id(call)
                let reason = try await Self.body(call)["reason"]?.string ?? "customer"
                guard await shopify.shop.orders[id] != nil else { throw Self.noOrder }
                guard await shopify.change({ shop, now in shop.cancel(id, reason: reason, at: now) }) else {
                    throw Problem.conflict("The order is cancelled already.")
                }
                return ["id": .string(String(id)), "cancelled": true]
            },
            route(.post, "/__control/orders/{id}/announce", "Send an order again under a topic") { call in
                let id = try Self.id(call)
                let topic = try await Self.body(call)["topic"]?.string ?? "orders/updated"
                guard await shopify.change({ shop, _ in shop.announce(topic, orderID: id) }) else {
                    throw Self.noOrder
                }
                return ["id": .string(String(id)), "topic": .string(topic)]
            },
            route(.post, "/__control/orders/{id}/hold", "Hold an order's fulfilment orders") { call in
                let id = try Self.id(call)
                let reason = try await Self.body(call)["reason"]?.string ?? "OTHER"
                let held = await shopify.change { shop, now in
                    shop.hold(orderID: id, reason: reason, notes: nil, at: now)
                }
                return ["held": .integer(held)]
            },
            route(.post, "/__control/orders/{id}/release", "Release an order's fulfilment orders") { call in
                let id = try Self.id(call)
                let released = await shopify.change { shop, now in shop.releaseHolds(orderID: id, at: now) }
                return ["released": .integer(released)]
            },
            route(.post, "/__control/shopify/tokens/expire", "Let the shop's access tokens end") { call in
                let includesStatic = try await Self.body(call)["static"]?.bool ?? false
                await shopify.expireTokens(includingStatic: includesStatic)
                return ["expired": true]
            },
        ]
    }

    // MARK: The farm

    private var farmRoutes: [Route] {
        [
            route(.post, "/__control/printers/{id}/fail-next", "Let a printer's next print fail") { call in
                let id = try Self.id(call)
                try await changePrinter(id) { $0.failsNext = true }
                return ["id": .string(String(id)), "failsNext": true]
            },
            route(.post, "/__control/printers/{id}/state", "Set a printer's state") { call in
                let id = try Self.id(call)
                let given = try await Self.body(call)["state"]?.string
                guard let state = given.flatMap(FarmPrinter.State.init) else {
                    throw Problem.invalid([.init("state", "is unknown", allowed: "operational, offline, error")])
                }
                try await changePrinter(id) { $0.state = state }
                return ["id": .string(String(id)), "state": .string(state.rawValue)]
            },
            route(.post, "/__control/printers/{id}/start-outside", "Start a print at the printer itself") { call in
                let id = try Self.id(call)
                let job = await farm.change { farm, now in
                    farm.start(printerID: id, outside: true, at: now)
                }
                guard let job else { throw Problem.conflict("The printer is not free.") }
                return ["id": .string(String(job.id)), "uid": .string(job.uid)]
            },
            route(.post, "/__control/printers/{id}/clear-bed", "Clear a printer's bed") { call in
                let id = try Self.id(call)
                let isCleared = await farm.change { farm, now in farm.clearBed(id, at: now) }
                return ["cleared": .bool(isCleared)]
            },
            endRoute("fail", .failed), endRoute("cancel", .cancelled), endRoute("finish", .finished),
        ]
    }

    private func endRoute(_ word: String, _ state: FarmJob.State) -> Route {
        route(.post, PathPattern("/__control/jobs/{id}/\(word)"), "End a running print: \(word)") { call in
            guard let text = call.pathParameters["id"] else { throw Problem.notFound("There is no such job.") }
            let ended = await farm.change { farm, now -> Bool in
                let id = Int64(wireDigits: text) ?? farm.jobs.values.first { $0.uid == text }?.id
                return id.map { farm.end($0, as: state, reason: state == .cancelled ? 6 : nil, at: now) } ?? false
            }
            guard ended else { throw Problem.conflict("There is no running print with this id.") }
            return ["id": .string(text), "state": .string(state.rawValue)]
        }
    }

    private func changePrinter(
        _ id: Int64, _ body: @escaping @Sendable (inout FarmPrinter) -> Void
    ) async throws {
        let isKnown = await farm.change { farm, _ -> Bool in
            guard farm.printers.contains(where: { $0.id == id }) else { return false }
            farm.change(printer: id, body)
            return true
        }
        guard isKnown else { throw Problem.notFound("There is no such printer.") }
    }

    // MARK: Parcels

    private var parcelRoutes: [Route] {
        [
            route(.post, "/__control/parcels/{id}/status", "Set a parcel's status") { call in
                let id = try Self.id(call)
                let body = try await Self.body(call)
                guard let status = (body["status"] ?? body["id"])?.lenientInteger,
                    ParcelStatuses.all.contains(where: { $0.id == status })
                else { throw Problem.invalid([.init("status", "is no status id", allowed: "GET /parcels/statuses")]) }
                guard await parcels.change({ office, now in office.setStatus(id, status, at: now) }) else {
                    throw Problem.notFound("There is no such parcel.")
                }
                return ["id": .string(String(id)), "status": .integer(status)]
            },
            route(.post, "/__control/parcels/fail-next", "Let the carrier refuse the next parcel") { call in
                let words = try await Self.body(call)["message"]?.string ?? "Carrier error"
                await parcels.change { office, _ in office.failuresToCome.append(words) }
                return ["message": .string(words)]
            },
        ]
    }

    // MARK: Mail and push

    private var noticeRoutes: [Route] {
        [
            route(.get, "/__control/mails", "Show every mail with its text") { _ in
                ["mails": await mail.letters]
            },
            route(.post, "/__control/push/subscriptions", "Let a new browser subscribe", status: 201) { _ in
                await push.subscribe()
            },
            route(.post, "/__control/push/unsubscribe", "Let every browser unsubscribe") { _ in
                ["unsubscribed": .integer(await push.unsubscribeAll())]
            },
        ]
    }

    // MARK: Everything

    private var generalRoutes: [Route] {
        [
            route(.get, "/__control/ledger", "Show every effect") { _ in await ledger() },
            route(.get, "/__control/hooks", "Show the webhooks and their attempts") { _ in
                ["deliveries": .array(await hooks.nodes)]
            },
            route(.get, "/__control/faults", "Show the faults in force") { _ in
                .array(await faults.faults.map(\.node))
            },
            route(.post, "/__control/faults", "Replace the faults") { call in
                guard let node = JSONNode.parse(try await call.body()) else {
                    throw Problem.malformed("The body is not JSON.")
                }
                let list = try Fault.list(node)
                await faults.replace(list)
                return ["faults": .integer(list.count)]
            },
            route(.post, "/__control/speed", "Change the pace") { call in
                guard let speed = try await Self.body(call)["speed"]?.double, Pace.factorRange.contains(speed) else {
                    throw Problem.invalid([.init("speed", "is out of range", allowed: "0.01 to 1000000")])
                }
                await setPace(Pace(speed))
                return ["speed": .decimal(speed)]
            },
            route(.post, "/__control/clock", "Turn the clock forward") { call in
                guard let seconds = try await Self.body(call)["advanceSeconds"]?.double,
                    (0...31_536_000).contains(seconds)
                else {
                    throw Problem.invalid([.init("advanceSeconds", "is out of range", allowed: "0 to 31536000")])
                }
                clock.turnForward(seconds: seconds)
                return ["now": .string(VendorTime.utcSeconds(clock.now()))]
            },
            route(.get, "/__control/settings", "Show the settings") { _ in await settings() },
            route(.post, "/__control/settings", "Change settings") { call in
                try await apply(try await Self.body(call))
                return await settings()
            },
            route(.post, "/__control/reset", "Forget everything") { _ in
                await reset()
                return ["reset": true]
            },
            route(.get, "/__control/health", "Say that it runs") { _ in ["status": "ok"] },
        ]
    }

    private func ledger() async -> JSONNode {
        [
            "simplyprint": await farm.ledger, "sendcloud": await parcels.ledger, "shopify": await shopify.ledger,
            "mail": await mail.ledger, "push": await push.ledger,
        ]
    }

    private func settings() async -> JSONNode {
        [
            "shopify": await shopify.settingsNode, "simplyprint": await farm.settingsNode,
            "sendcloud": await parcels.settingsNode, "speed": .decimal(clock.pace.factor),
        ]
    }

    private func apply(_ patch: JSONNode) async throws {
        var bad: [String] = []
        if let part = patch["shopify"] { bad += await shopify.apply(part) }
        if let part = patch["simplyprint"] { bad += await farm.apply(part) }
        if let part = patch["sendcloud"] { bad += await parcels.apply(part) }
        bad += (patch.members ?? []).map(\.name).filter { !["shopify", "simplyprint", "sendcloud"].contains($0) }
        guard bad.isEmpty else {
            throw Problem.invalid(bad.map { .init($0, "is unknown or has a wrong value") })
        }
    }

    private func setPace(_ pace: Pace) async {
        clock.pace = pace
        for desk in [shopify, farm, parcels, push] as [any VendorDesk] { await desk.setPace(pace) }
    }

    private func reset() async {
        await faults.replace([])
        clock.reset(pace: Pace(options.speed))
        await late.reset()
        await hooks.reset()
        await mail.reset()
        for desk in [shopify, farm, parcels, push] as [any VendorDesk] { await desk.reset() }
    }

    // MARK: Reading requests

    private static let noOrder = Problem.notFound("There is no such order in the shop.")

    private static func id(_ call: Call) throws -> Int64 {
        guard let text = call.pathParameters["id"], let id = Int64(wireDigits: text) else {
            throw Problem.notFound("Ids are digits.")
        }
        return id
    }

    /// An empty body is an empty object.
    private static func body(_ call: Call) async throws -> JSONNode {
        let bytes = try await call.body()
        guard !bytes.isEmpty else { return [:] }
        guard let node = JSONNode.parse(bytes), node.members != nil else {
            throw Problem.malformed("The body is not a JSON object.")
        }
        return node
    }
}

extension Fault {
    var node: JSONNode {
        var node: JSONNode = [
            "vendor": .string(vendor?.rawValue ?? "*"), "call": .string(call), "fault": .string(kind.rawValue),
            "status": .integer(status), "delayMs": .integer(delayMilliseconds), "copies": .integer(copies),
            "probability": .decimal(probability),
        ]
        if let times { node["times"] = .integer(times) }
        if let retryAfter { node["retryAfter"] = .string(retryAfter) }
        return node
    }
}
