/// Wakes the workers of this process directly after a commit and those of others through the notifier (DESIGN §3.10).
package final class WakeUps: Sendable {
    package init() {}

    package func signal() { fatalError("skeleton") }
}
