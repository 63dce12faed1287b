package import Contracts
package import Jobs
package import Kernel
package import Postgres
package import Shopify

/// Tells Shopify that an order has left, with its tracking.
package struct FulfilmentModule: Sendable {
    private let jobs: FulfilmentJobs
    private let tracking: TrackingJobs
    private let answers: FulfilmentAnswers

    package init(
        database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract,
        shipping: any ShippingContract,
        client: ShopifyClient, callTimeoutSeconds: Double, shippingEnabled: Bool, identities: Identities, time: Time
    ) {
        let effect = ShopifyFulfilmentEffect(client: client, callTimeoutSeconds: callTimeoutSeconds) {
            try await FulfilmentStorage.takenByOthers($0, than: $1, in: database)
        }
        effects.register(effect)
        let tracked = FulfilmentTracking(client: client, callTimeoutSeconds: callTimeoutSeconds)
        effects.register(tracked)
        tracking = TrackingJobs(
            database: database, effects: effects, orders: orders, shipping: shipping, effect: tracked)
        jobs = FulfilmentJobs(
            shippingEnabled: shippingEnabled, database: database, outbox: outbox, effects: effects, orders: orders,
            shipping: shipping, effect: effect, client: client, identities: identities, time: time)
        answers = FulfilmentAnswers(database: database)
    }

    package var contract: any FulfilmentContract { answers }
    package var registrations: [JobRegistration] { jobs.registrations + [tracking.registration] }
}
