/// What can happen to a design's files. Pure: the same events give the same state in whatever order jobs repeat them.
package enum DesignState: String, Hashable, Sendable, CaseIterable {
    /// Waits for a worker.
    case queued
    case generating
    case ready
    /// Was ready; the files made room for others and are made again when somebody asks.
    case evicted
    case failed
}

/// `(state, event) → (state, actions)` of a design (docs/gridflock.md).
package enum DesignMachine {
    package enum Event: Hashable, Sendable {
        /// Somebody wants the files.
        case wanted
        /// A worker has it in hand.
        case started
        case made
        /// No worker will try again by itself.
        case gaveUp
        /// A file of it was thrown away.
        case evicted
    }

    package enum Action: Hashable, Sendable {
        case enqueue
        case tellReady
        case tellFailed
    }

    package static func step(_ state: DesignState, _ event: Event) -> (state: DesignState, actions: [Action]) {
        switch (state, event) {
        case (.evicted, .wanted), (.failed, .wanted): (.queued, [.enqueue])
        // A rescued job begins anew; so does a dead letter that an operator brings back.
        case (.queued, .started), (.failed, .started), (.evicted, .started): (.generating, [])
        // A run that was overtaken makes the same files: told once.
        case (.ready, .made): (.ready, [])
        case (_, .made): (.ready, [.tellReady])
        case (.queued, .gaveUp), (.generating, .gaveUp), (.evicted, .gaveUp): (.failed, [.tellFailed])
        case (.ready, .evicted): (.evicted, [])
        default: (state, [])
        }
    }
}
