package import FoundationEssentials
package import Kernel

/// Tag of `DeliveryID`.
package enum DeliveryTag {}
/// One notice to one recipient.
package typealias DeliveryID = ID<DeliveryTag>

/// Tag of `PushSubscriptionID`.
package enum PushSubscriptionTag {}
/// One browser that wants to be told.
package typealias PushSubscriptionID = ID<PushSubscriptionTag>

/// One notice on its way to one recipient: at most once (ADR-053).
package struct Delivery: Hashable, Sendable {
    package enum Channel: String, Hashable, Sendable, CaseIterable {
        case mail, push
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        case planned
        /// The start is recorded; it may have gone.
        case sent
        case made
        /// Nobody can know whether it went. An operator decides; it is not sent again by itself.
        case unknown
        /// The far side does not want it, or was away for too long.
        case refused
        /// The recipient is no more: a browser that unsubscribed.
        case gone
    }

    package let id: DeliveryID
    package let noticeID: UUID
    package let channel: Channel
    /// An address, or the id of a subscription.
    package let recipient: String
    package let subject: String
    package let text: String
    package let path: String
    package var state: State

    package init(
        id: DeliveryID, noticeID: UUID, channel: Channel, recipient: String, subject: String, text: String,
        path: String, state: State = .planned
    ) {
        self.id = id
        self.noticeID = noticeID
        self.channel = channel
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.path = path
        self.state = state
    }

    /// What the effect is known by; also the mail's Message-ID, so that every copy there could ever be is the same mail.
    package var reference: String { "\(id)-1" }
}

/// A browser's subscription (Push API, `PushSubscription.toJSON()`).
package struct PushSubscription: Hashable, Sendable {
    package let id: PushSubscriptionID
    /// A capability: who knows it can send to the browser. Never logged.
    package let endpoint: String
    /// Base64url of the 65 bytes of the browser's key.
    package let key: String
    /// Base64url of the 16 bytes of its secret.
    package let authentication: String

    package init(id: PushSubscriptionID, endpoint: String, key: String, authentication: String) {
        self.id = id
        self.endpoint = endpoint
        self.key = key
        self.authentication = authentication
    }
}
