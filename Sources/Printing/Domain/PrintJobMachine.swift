package import Contracts

/// What happened to a print job, ours or the farm's word.
package enum PrintObservation: Hashable, Sendable {
    /// The request is about to go to the wire.
    case sent
    /// It went, and nobody knows whether it arrived.
    case outcomeUnknown
    /// It is in the farm's queue.
    case queued
    case assigned
    case started
    case finished
    case failed
    /// Somebody cancelled it at the farm.
    case cancelledAtFarm
    /// It went from the farm without a trace.
    case vanished
    /// The farm stopped the print and put its item back into the queue.
    case returned
    /// Taken back by us before it started.
    case withdrawn
    /// An operator wants it made again.
    case retryRequested
}

/// The life of a print job: pure, for any order and repetition of observations (DESIGN §3.7).
package enum PrintJobMachine {
    /// The state after the observation; the same state when it says nothing new.
    ///
    /// Ranks only rise, so that a late `job.started` cannot undo `job.done`. Done is final. Failed and cancelled are left
    /// only for a reprint, or when the farm itself takes the same queue item up again.
    package static func after(_ observation: PrintObservation, in state: PrintJobState) -> PrintJobState {
        switch (state, observation) {
        case (.done, _): .done
        case (.failed, .retryRequested), (.cancelled, .retryRequested): .planned
        case (_, .retryRequested): state
        case (.failed, .finished), (.cancelled, .finished): .done
        case (.failed, .queued), (.cancelled, .queued), (.failed, .started), (.cancelled, .started): state
        case (.failed, _), (.cancelled, _): state
        case (_, .finished): .done
        case (_, .failed): .failed
        case (_, .cancelledAtFarm), (_, .vanished): .cancelled
        case (.printing, .withdrawn), (.assigned, .withdrawn): state
        case (_, .withdrawn): .cancelled
        case (.printing, .returned), (.assigned, .returned): .queued
        case (_, .returned): state
        case (_, .started): .printing
        case (.printing, _): .printing
        case (_, .assigned): .assigned
        case (.assigned, _): .assigned
        case (_, .queued): .queued
        case (.queued, _): .queued
        case (.planned, .outcomeUnknown), (.intent, .outcomeUnknown), (.unknown, .outcomeUnknown): .unknown
        case (.planned, .sent), (.intent, .sent), (.unknown, .sent): .intent
        }
    }

    /// ADR-019's word for an observation of the farm; nil for our own doings.
    package static func farmStatus(_ observation: PrintObservation) -> String? {
        switch observation {
        case .started, .assigned: "PRINTING"
        case .finished: "COMPLETED"
        case .failed: "FAILED"
        case .cancelledAtFarm, .vanished: "CANCELLED"
        case .queued, .returned: "QUEUED"
        case .sent, .outcomeUnknown, .withdrawn, .retryRequested: nil
        }
    }

    /// ADR-019's map of webhook events; nil for those that say nothing about a print.
    package static func observation(ofEvent name: String) -> PrintObservation? {
        switch name {
        case "job.started", "job.paused", "job.resumed": .started
        case "job.done": .finished
        case "job.failed": .failed
        case "job.cancelled": .cancelledAtFarm
        default: nil
        }
    }
}
