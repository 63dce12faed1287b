package import FoundationEssentials

/// The wall clock, as a value that is passed in.
///
/// It stamps what people read (logs, answers). Leases, schedules and run-at use the database's `jobs.clock()`, deadlines
/// inside a process use `ContinuousClock` (DESIGN §3.9).
package struct Time: Sendable {
    package let now: @Sendable () -> Date

    package init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    package static let system = Time { Date() }
}
