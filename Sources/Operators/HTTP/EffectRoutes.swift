import HTTPWire
package import Jobs
import Kernel
package import Routing

/// Effects on the outside world over REST: which are not settled, what is known of one, and an operator's decision.
package struct EffectRoutes: Sendable {
    private let board: EffectBoard

    /// Characters of a reference and of a vendor's id.
    private static let referenceMaximum = 200
    private static let vendorIDMaximum = 100

    package init(board: EffectBoard) {
        self.board = board
    }

    package var routes: [Route] { [list, one, resolve] }

    private var list: Route {
        Route(
            .get, "/api/v1/effects", "List effects on vendors, newest first: those that are not settled, or a state's",
            tag: "Effects", access: .operators,
            parameters: [
                .init("state", "only this state; without it sent and unknown", .oneOf(EffectJSON.states)),
                .init("kind", "only this kind, simplyprint.queue-item"),
                .init("orderId", "only this order's", .format("uuid")),
                .init("limit", "1 to 200, default 50", .integer),
                .init("cursor", "nextCursor of the page before"),
            ],
            returns: .object(
                name: "EffectPage",
                [.init("items", .array(EffectJSON.summarySchema)), .init("nextCursor", .nullable(.string))]),
            problems: [422],
            handle: { call in
                let limit = try call.integer("limit", in: 1...200, default: 50)
                var search = EffectBoard.Search(limit: limit + 1)
                search.state = try call.choice("state")
                search.kind = call.query("kind")
                search.subject = try call.optionalID("orderId")
                search.before = try call.query("cursor").map { try Self.checked($0, "cursor", Self.referenceMaximum) }
                let found = try await board.effects(search)
                let shown = found.prefix(limit)
                let next = found.count > limit ? shown.last?.reference : nil
                return .json(
                    try JSON.encode(
                        JSONValue.object([
                            "items": .array(shown.map(EffectJSON.summary)), "nextCursor": JSONValue(next),
                        ])))
            })
    }

    private var one: Route {
        Route(
            .get, "/api/v1/effects/{reference}", "Show one effect with its sends and what the vendor was found to hold",
            tag: "Effects", access: .operators, returns: EffectJSON.schema, problems: [404],
            handle: { call in try await answer(Self.reference(call)) })
    }

    /// What `POST /api/v1/effects/{reference}/resolve` takes.
    private struct Resolve: Decodable {
        let decision: String
        let vendorId: String?
        let reason: String
    }

    private var resolve: Route {
        Route(
            .post, "/api/v1/effects/{reference}/resolve",
            "Decide an effect of which it is not known whether it was made", tag: "Effects", access: .operators,
            takes: .object(
                name: "ResolveEffect",
                [
                    .init(
                        "decision", .oneOf(EffectBoard.Decision.allCases.map(\.rawValue)),
                        "made: it is there, and is recorded; not-made: it may be sent again; ask-again: look it up now"),
                    .init(
                        "vendorId", .nullable(.string), required: false,
                        "of what was made; where the vendor can be asked it must hold it under our reference"),
                    .init("reason", .string, "1 to 500 characters without personal data, kept in the log"),
                ]), returns: EffectJSON.schema, problems: [400, 404, 409, 422, 503],
            handle: { call in
                let reference = try Self.reference(call)
                let body = try await call.decode(Resolve.self)
                guard let decision = EffectBoard.Decision(rawValue: body.decision) else {
                    throw Problem.invalid([
                        .init(
                            "decision", "is not one of the known values",
                            allowed: EffectBoard.Decision.allCases.map(\.rawValue).joined(separator: ", "))
                    ])
                }
                if body.vendorId != nil, decision != .made {
                    throw Problem.invalid([.init("vendorId", "says nothing here", allowed: "only with made")])
                }
                let vendorID = try body.vendorId.map { try Self.checked($0, "vendorId", Self.vendorIDMaximum) }
                let act = OperatorAct(by: Call.operatorName, reason: try Call.checked(body.reason))
                try Self.check(await board.resolve(reference, as: decision, vendorID: vendorID, by: act))
                return try await answer(reference)
            })
    }

    // MARK: Answers

    private static let noEffect = Problem.notFound(
        "There is no effect with this reference; settled ones are pruned after a while.")

    private func answer(_ reference: String) async throws -> HTTPResponse {
        guard let effect = try await board.effect(reference) else { throw Self.noEffect }
        return .json(try JSON.encode(try EffectJSON.write(effect)))
    }

    private static func reference(_ call: Call) throws -> String {
        guard let text = call.pathParameters["reference"], text.utf8.count <= referenceMaximum, !text.contains("\0")
        else { throw noEffect }
        return text
    }

    private static func checked(_ text: String, _ name: String, _ maximum: Int) throws -> String {
        guard (1...maximum).contains(text.utf8.count), !text.contains("\0") else {
            throw Problem.invalid([.init(name, "is empty or too long", allowed: "1 to \(maximum) bytes")])
        }
        return text
    }

    /// - Throws: `Problem` 404, 409 or 503, which says what there is.
    private static func check(_ answer: EffectBoard.Answer) throws {
        switch answer {
        case .done: return
        case .noSuchEffect: throw noEffect
        case .notOpen(let state):
            throw Problem.conflict(
                state == .sent
                    ? "This effect is being made right now; its job finds out what became of it."
                    : "This effect is \(state.rawValue): nothing is in doubt.")
        case .cannotAsk:
            throw Problem.conflict("Nobody can be asked about this kind of effect: decide made or not-made.")
        case .kindNotKnown: throw Problem.conflict("This server does not know this kind of effect.")
        case .changed: throw Problem.conflict("The effect changed in this moment: look at it again.")
        case .noJob:
            throw Problem.conflict(
                "The job of this effect is gone, so nobody would go on with it: nothing was changed.")
        case .notThere(let found):
            let words = found.map { "\($0.vendorId) (\($0.isAlive ? "there" : "cancelled or deleted"))" }
            throw Problem.conflict(
                "That is not what the vendor holds under this reference. It holds: "
                    + (words.isEmpty ? "nothing" : words.joined(separator: ", ")) + ".")
        case .lookUpFailed(let reason):
            throw Problem.unavailable("The vendor could not be asked: \(reason)", retryAfterSeconds: 5)
        }
    }
}
