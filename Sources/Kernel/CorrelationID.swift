import FoundationEssentials

/// Ties together everything that one cause set off: the webhook, its jobs, events, vendor calls and log lines.
package struct CorrelationID: Hashable, Sendable, CustomStringConvertible {
    package static let lengthMaximum = 128

    /// The one in force in this task; set by the server for a request and by the queue for a job.
    @TaskLocal package static var current: CorrelationID?

    package let text: String

    /// Takes what a client sent when it is safe to log and to send on: 1 to 128 visible ASCII characters.
    package init?(_ text: String) {
        guard (1...Self.lengthMaximum).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.text = text
    }

    package static func make(_ identities: Identities) -> CorrelationID {
        CorrelationID(unchecked: identities.uuid().uuidString.lowercased())
    }

    private init(unchecked text: String) {
        self.text = text
    }

    package var description: String { text }
}
