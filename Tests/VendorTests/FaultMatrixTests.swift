import Kernel
import Sendcloud
import Shopify
import SimplyPrint
import TestKit
import Testing

/// The three calls that must not happen twice.
enum OnceOnly: CaseIterable {
    case shopify
    case simplyPrint
    case sendcloud

    func call(_ standIn: StandIn) async throws {
        switch self {
        case .shopify: _ = try await standIn.shopify.createFulfilment(.sample)
        case .simplyPrint: _ = try await standIn.simplyPrint.addQueueItem(.sample)
        case .sendcloud: _ = try await standIn.sendcloud.createParcel(.sample())
        }
    }

    func failure(_ script: @escaping ScriptedServer.Script, timeoutSeconds: Double = 10) async throws -> VendorFailure {
        try await StandIn.with(timeoutSeconds: timeoutSeconds, script) { standIn in
            let failure = try await vendorFailure { try await call(standIn) }
            #expect(standIn.server.received.count == 1, "a call that must happen once was sent again")
            return failure
        }
    }
}

func vendorFailure(_ call: () async throws -> Void) async throws -> VendorFailure {
    do {
        try await call()
    } catch let failure as VendorFailure {
        return failure
    }
    throw Unexpected()
}

struct Unexpected: Error {}

extension NewFulfilment {
    static let sample = NewFulfilment(
        orderID: 6_198_424_240_428,
        fulfilmentOrders: [
            .init(fulfilmentOrderID: 9_825_098_170_674, lines: [.init(id: 19_872_518_504_754, quantity: 2)])
        ],
        tracking: .init(company: "PostNL", number: "3STEST1", url: "https://track.example/3STEST1"),
        notifyCustomer: true)
}

extension NewQueueItem {
    static let sample = NewQueueItem(
        fileID: "0123456789abcdef0123456789abcdef", amount: 1, note: "#1053 base", customFieldID: "forma3d",
        reference: "job-1-1")
}

extension NewParcel {
    static func sample(items: [Item] = []) -> NewParcel {
        NewParcel(
            name: "Testa Koper", companyName: nil, address: "Voorbeeldstraat", houseNumber: "12", address2: "bus 3",
            city: "Gent", postalCode: "9000", country: "BE", countryState: nil, telephone: "+32470000001",
            email: "testa.koper@example.com", weightKilograms: "1.250", orderNumber: "#1053",
            externalReference: "shipment 1-1", shippingMethodID: 8, senderAddressID: 7, totalOrderValue: "78.75",
            currency: "EUR", items: items)
    }
}

@Suite(.timeLimit(.minutes(5))) struct FaultMatrixTests {
    @Test(arguments: OnceOnly.allCases)
    func silenceIsATimeOutThatMayHaveHappened(once: OnceOnly) async throws {
        let failure = try await once.failure({ _ in .silence }, timeoutSeconds: 0.3)
        #expect(failure.kind == .timedOut)
        #expect(failure.mayHaveHappened)
        #expect(failure.retryVerdict == .notNow(retryAfterSeconds: nil))
    }

    @Test(arguments: OnceOnly.allCases)
    func aHangUpWithoutAnswerIsBrokenAndMayHaveHappened(once: OnceOnly) async throws {
        let failure = try await once.failure { _ in .hangUp }
        #expect(failure.kind == .broken)
        #expect(failure.mayHaveHappened)
    }

    @Test(arguments: OnceOnly.allCases)
    func halfABodyIsBrokenAndMayHaveHappened(once: OnceOnly) async throws {
        let failure = try await once.failure { _ in
            .raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"data\":{")
        }
        #expect(failure.kind == .broken)
        #expect(failure.mayHaveHappened)
    }

    @Test(arguments: OnceOnly.allCases)
    func aRefusedConnectionIsUnreachableAndDidNotHappen(once: OnceOnly) async throws {
        try await StandIn.with({ _ in .hangUp }) { standIn in
            standIn.server.stop()
            try await eventually("the port to be closed") {
                let failure = try await vendorFailure { try await once.call(standIn) }
                return failure.kind == .unreachable && !failure.mayHaveHappened
            }
        }
    }

    @Test(arguments: OnceOnly.allCases, [500, 502, 503, 504])
    func aServerErrorIsBrokenAndMayHaveHappened(once: OnceOnly, status: Int) async throws {
        let failure = try await once.failure { _ in
            .answer(
                status: status, fields: ["content-type": "text/html", "x-request-id": "req-1"],
                body: Array("<html><body>Bad gateway</body></html>".utf8))
        }
        #expect(failure.kind == .broken)
        #expect(failure.status == status)
        #expect(failure.mayHaveHappened)
        #expect(failure.requestID == "req-1")
        #expect(!failure.message.contains("<html>"))
    }

    @Test(
        arguments: OnceOnly.allCases,
        [("2.5", 2.5), ("60", 60), ("soon", nil), ("1e9", 3_600), (nil, nil)] as [(String?, Double?)])
    func tooManyCallsCarryTheWaitAskedFor(once: OnceOnly, retryAfter: (String?, Double?)) async throws {
        let failure = try await once.failure { _ in
            .json("{\"errors\":\"slow down\"}", status: 429, fields: retryAfter.0.map { ["retry-after": $0] } ?? [:])
        }
        #expect(failure.kind == .rateLimited)
        #expect(failure.retryAfterSeconds == retryAfter.1)
        #expect(!failure.mayHaveHappened)
        #expect(failure.retryVerdict == .notNow(retryAfterSeconds: retryAfter.1))
    }

    @Test(arguments: OnceOnly.allCases)
    func anHTMLPageWithStatus200IsBroken(once: OnceOnly) async throws {
        let failure = try await once.failure { _ in
            .answer(status: 200, fields: ["content-type": "text/html"], body: Array("  <!doctype html><p>Hello".utf8))
        }
        #expect(failure.kind == .broken)
        #expect(failure.mayHaveHappened)
    }

    @Test(arguments: OnceOnly.allCases, ["", "null", "[]", "\"ok\"", "{", "plain words"])
    func anAnswerOfAnotherShapeIsMalformedAndMayHaveHappened(once: OnceOnly, body: String) async throws {
        let failure = try await once.failure { _ in
            .answer(status: 200, fields: ["content-type": "text/plain"], body: Array(body.utf8))
        }
        #expect(failure.kind == .malformed)
        #expect(failure.mayHaveHappened)
    }

    @Test(arguments: OnceOnly.allCases, [401, 403])
    func aBadKeyIsUnauthorized(once: OnceOnly, status: Int) async throws {
        let failure = try await once.failure { _ in .json("{\"message\":\"no\"}", status: status) }
        #expect(failure.kind == .unauthorized)
        #expect(
            failure.retryVerdict == .notNow(retryAfterSeconds: 60), "a rotated key must not spend the orders' tries")
        #expect(!failure.mayHaveHappened)
    }

    @Test(arguments: OnceOnly.allCases)
    func aRedirectIsNotFollowed(once: OnceOnly) async throws {
        let failure = try await once.failure { _ in .answer(status: 307, fields: ["location": "/other"], body: []) }
        #expect(failure.kind == .malformed)
    }

    @Test(arguments: OnceOnly.allCases)
    func aDeadKeptConnectionDoesNotMakeItHappenTwice(once: OnceOnly) async throws {
        try await StandIn.with({ $0.method == "GET" || $0.target.contains("page") ? .json("{}") : .hangUp }) {
            standIn in
            // A connection is kept by a harmless call first.
            _ = try? await standIn.sendcloud.user()
            #expect(standIn.server.received.count == 1)
            let failure = try await vendorFailure { try await once.call(standIn) }
            #expect(failure.mayHaveHappened)
            #expect(standIn.server.received.count == 2)
        }
    }

    @Test func noFailureShowsAKey() async throws {
        for once in OnceOnly.allCases {
            let failure = try await once.failure { _ in .json("{\"message\":\"no\"}", status: 401) }
            for secret in ["shpat_token", "sp_key", "secret", "cHVibGljOnNlY3JldA=="] {
                #expect(!"\(failure) \(failure.operatorMessage) \(failure.message)".contains(secret))
            }
        }
    }
}
