import Cryptography
package import Kernel
package import Postgres

/// The browsers that want to be told.
package struct PushSubscriptions: Sendable {
    /// Operators are few; each has a browser or three.
    package static let countMaximum = 200

    private let database: Database
    private let identity: PushIdentity?
    private let identities: Identities

    package init(database: Database, identity: PushIdentity?, identities: Identities) {
        self.database = database
        self.identity = identity
        self.identities = identities
    }

    /// What a browser subscribes with.
    /// - Throws: `Problem` 404 where push is not set up.
    package func publicKey() throws -> String {
        try requireIdentity().publicKey
    }

    /// - Throws: `Problem` 422 naming what is wrong, 409 when there are too many.
    package func subscribe(endpoint: String, key: String, authentication: String) async throws -> PushSubscriptionID {
        let identity = try requireIdentity()
        var bad: [Problem.Field] = []
        if PushEndpoint(endpoint, allowsPlainHTTP: identity.allowsLocalServices) == nil {
            bad.append(.init("endpoint", "is no address of a push service", allowed: "an https URL"))
        }
        if Base64URL.decode(key).flatMap(P256.PublicKey.init) == nil {
            bad.append(.init("keys.p256dh", "is no key", allowed: "base64url of an uncompressed P-256 point"))
        }
        if Base64URL.decode(authentication)?.count != WebPushMessage.authenticationBytes {
            bad.append(.init("keys.auth", "is no secret", allowed: "base64url of 16 bytes"))
        }
        guard bad.isEmpty else { throw Problem.invalid(bad) }
        let new = PushSubscription(
            id: identities.make(), endpoint: endpoint, key: key, authentication: authentication)
        let id = try await database.transaction { transaction in
            try await PushStorage.save(new, limit: Self.countMaximum, in: transaction)
        }
        guard let id else {
            throw Problem.conflict("\(Self.countMaximum) browsers are subscribed already; unsubscribe some.")
        }
        return id
    }

    /// - Throws: `Problem` 404 when there is none.
    package func unsubscribe(_ id: PushSubscriptionID) async throws {
        let isDeleted = try await database.transaction { try await PushStorage.delete(id, in: $0) }
        guard isDeleted else { throw Problem.notFound("There is no such subscription.") }
    }

    private func requireIdentity() throws -> PushIdentity {
        guard let identity else { throw Problem.notFound("Push messages are not set up: VAPID_PRIVATE_KEY is unset.") }
        return identity
    }
}
