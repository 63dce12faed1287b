package import Kernel

/// The making of a design's files, one after the other: whoever keeps each as it comes never holds all of them.
package struct Making: Sendable {
    /// Of the generator: raised when the same wish gives other bytes than before.
    package let revision: Int
    /// The next file; nil when there is none any more. Never called twice at a time.
    package let next: @Sendable () throws -> MadeFile?
    /// What was measured of the parts in each file, JSON, by the file's name; complete once there is no further file.
    package let facts: @Sendable () -> [String: JSONValue]

    package init(
        revision: Int, next: @escaping @Sendable () throws -> MadeFile?,
        facts: @escaping @Sendable () -> [String: JSONValue] = { [:] }
    ) {
        self.revision = revision
        self.next = next
        self.facts = facts
    }
}
