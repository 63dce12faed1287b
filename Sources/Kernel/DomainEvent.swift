/// A fact in past tense, ids only (DESIGN §3.4). Encoded as the `data` of one row of the event log.
///
/// Correlation id, time and source belong to the log's row, not to the event.
package protocol DomainEvent: Codable, Sendable {
    /// The wire name, `order.created`. One test lists them all.
    static var name: String { get }
}
