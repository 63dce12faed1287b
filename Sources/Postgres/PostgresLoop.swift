package import EventLoop
import Logging

/// The loop thread that all connections of the process share unless they are given another.
package enum PostgresLoop {
    /// Started with the first connection; lives as long as the process.
    package static let shared = EventLoop(name: "postgres", logger: Logger(label: "postgres"))
}
