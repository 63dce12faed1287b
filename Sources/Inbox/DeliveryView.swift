package import FoundationEssentials
package import Jobs
package import Kernel
import Postgres

/// One stored delivery as an operator sees it: never its body.
package struct DeliveryView: Sendable, Hashable {
    package enum State: String, Hashable, Sendable, SQLDecodable {
        case received, processed, failed

        package init?(sqlText: String) { self.init(rawValue: sqlText) }
    }

    package let id: WebhookID
    package let source: String
    package let topic: String
    package let state: State
    /// Why it failed.
    package let note: String?
    package let subject: StreamID?
    package let correlationID: CorrelationID
    package let receivedAt: Date
    package let isErased: Bool
}
