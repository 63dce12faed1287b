import HTTPClient
import Kernel

/// The envelope of every GraphQL answer: `data`, `errors` and what it cost. Both may be there at once.
struct GraphQLAnswer<Data: Decodable>: Decodable {
    var data: Data?
    var errors: [GraphQLFault]
    var cost: GraphQLCost?
    /// GraphQL leaves `data` out when it refuses a request before carrying anything out (GraphQL §7.1).
    var wasCarriedOut: Bool

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        wasCarriedOut = object.contains("data")
        data = try object.decodeIfPresent(Data.self, forKey: "data")
        errors = (try? object.list("errors", of: GraphQLFault.self)) ?? []
        cost = object.object("extensions").flatMap { try? $0.decodeIfPresent(GraphQLCost.self, forKey: "cost") }
    }
}

/// One entry of `errors`.
struct GraphQLFault: Decodable {
    var message: String
    var code: String?
    /// How deep in the answer it happened; 1 is the query's or mutation's own field.
    var depth: Int

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            (message, code, depth) = (text, nil, 0)
            return
        }
        let object = try decoder.looseObject()
        message = object.text("message") ?? ""
        code = object.object("extensions")?.text("code")
        depth = ((try? object.decodeIfPresent([JSONValue].self, forKey: "path")) ?? nil)?.count ?? 0
    }
}

/// https://shopify.dev/docs/api/usage/rate-limits
struct GraphQLCost: Decodable {
    var requested: Double
    var available: Double
    var restorePerSecond: Double

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        let throttle = object.object("throttleStatus")
        func number(_ object: LooseObject?, _ key: LooseKey) -> Double {
            (try? object?.decodeIfPresent(Double.self, forKey: key)) ?? 0
        }
        requested = number(object, "requestedQueryCost")
        available = number(throttle, "currentlyAvailable")
        restorePerSecond = number(throttle, "restoreRate")
    }

    /// Until the bucket holds what the call asked for; whole seconds, at least 1.
    var waitSeconds: Double? {
        guard restorePerSecond > 0 else { return nil }
        return max(1, ((requested - available) / restorePerSecond).rounded(.up))
    }
}

/// One entry of `userErrors`: it has no code, only words.
struct GraphQLUserError: Decodable {
    var field: [String]
    var message: String

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        field = ((try? object.decodeIfPresent([String].self, forKey: "field")) ?? nil) ?? []
        message = object.text("message") ?? ""
    }
}

extension VendorAnswer {
    /// What `errors` stand for when the data decided nothing.
    ///
    /// An error deeper than the mutation's own field can have emptied the answer of a mutation that was carried out
    /// (a field refused for want of a scope), so such a one may have happened.
    func failure(of graph: GraphQLAnswer<some Decodable>) -> VendorFailure {
        let errors = graph.errors
        let words = errors.map(\.message).filter { !$0.isEmpty }.joined(separator: "; ")
        let message = VendorText.clean(words.isEmpty ? "an answer without data" : words)
        let mayHaveHappened = errors.contains { $0.depth > 1 }
        switch errors.compactMap(\.code).first {
        case "THROTTLED":
            return failure(
                .rateLimited, message, mayHaveHappened: false,
                retryAfterSeconds: graph.cost?.waitSeconds ?? retryAfterSeconds)
        case "ACCESS_DENIED":
            return failure(.unauthorized, message, mayHaveHappened: mayHaveHappened)
        case "RESOURCE_NOT_FOUND":
            return failure(.notFound, message, mayHaveHappened: mayHaveHappened)
        case "MAX_COST_EXCEEDED", "BAD_REQUEST":
            return failure(.rejected, message, mayHaveHappened: false)
        case "INTERNAL_SERVER_ERROR":
            return failure(.broken, message, mayHaveHappened: true)
        default:
            // Syntax, unknown fields, variables of the wrong kind.
            let isRefused = !graph.wasCarriedOut && !errors.isEmpty
            return failure(isRefused ? .rejected : .malformed, message, mayHaveHappened: !isRefused)
        }
    }

    /// What a mutation's `userErrors` stand for: nothing was done.
    func failure(_ userErrors: [GraphQLUserError]) -> VendorFailure {
        let words = userErrors.map(\.message).joined(separator: "; ")
        let lowercase = words.lowercased()
        // Someone else was faster, or the order was cancelled: read the order again before anything else.
        let kind: VendorFailure.Kind =
            if lowercase.contains("unfulfillable status") {
                .conflict
            } else if lowercase.contains("does not exist") || lowercase.contains("not found") {
                .notFound
            } else {
                .rejected
            }
        return failure(kind, VendorText.clean(words), mayHaveHappened: false)
    }
}
