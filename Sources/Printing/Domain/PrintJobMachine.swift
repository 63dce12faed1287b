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
    /// An operator found the finished print to be bad; it is made again.
    case markedBad
}

/// The life of a print job: pure, for any order and repetition of observations (DESIGN §3.7).
///
/// What the farm says is ranked by fact, not by arrival: of two jobs of the farm the newer one speaks (a queue item that
/// was put back is printed by a further job), and of one job the word that comes later in a print's life. A finished
/// print is finished, whichever job it was. Our own words (`sent`, `outcomeUnknown`) are written in the transaction that
/// changes the effect's row under its fence, so they come in the fence's order and give way to any word of the farm.
package enum PrintJobMachine {
    /// State and the farm job that it was taken from.
    package struct Life: Hashable, Sendable {
        package var state: PrintJobState
        package var farmJobID: Int64?

        package init(state: PrintJobState, farmJobID: Int64? = nil) {
            self.state = state
            self.farmJobID = farmJobID
        }
    }

    /// How much a word about one farm job says; a later one outranks.
    private enum Rank: Int {
        case nothing
        case assigned
        case started
        case returned
        /// Also vanished and withdrawn: over without a print, for a reason that any word of the farm explains better.
        case cancelled
        case failed
        case finished
    }

    /// The life after the observation; the same when it says nothing new.
    ///
    /// - Parameter farmJobID: the farm's job that it is about, or for `withdrawn` and `vanished` the newest that was known
    ///   when the farm was looked at, 0 for none; nil: the newest that is known now.
    package static func after(_ observation: PrintObservation, of farmJobID: Int64? = nil, in life: Life) -> Life {
        switch observation {
        case .retryRequested:
            return [.failed, .cancelled].contains(life.state) ? Life(state: .planned) : life
        case .markedBad:
            return life.state == .done ? Life(state: .planned) : life
        case .sent, .outcomeUnknown:
            guard [.planned, .intent, .unknown].contains(life.state) else { return life }
            return Life(state: observation == .sent ? .intent : .unknown, farmJobID: life.farmJobID)
        case .queued:
            guard [.planned, .intent, .unknown].contains(life.state) else { return life }
            return Life(state: .queued, farmJobID: life.farmJobID)
        case .withdrawn where farmJobID == nil && [.started, .assigned].contains(rank(of: life)):
            // The farm has begun it; it belongs to the farm now.
            return life
        case .returned where [.planned, .intent, .unknown].contains(life.state) && farmJobID == nil:
            return life
        case .assigned, .started, .finished, .failed, .cancelledAtFarm, .vanished, .returned, .withdrawn:
            return heard(observation, farmJobID ?? life.farmJobID, in: life)
        }
    }

    /// The state alone, where no job of the farm is known.
    package static func after(_ observation: PrintObservation, in state: PrintJobState) -> PrintJobState {
        after(observation, in: Life(state: state)).state
    }

    private static func heard(_ observation: PrintObservation, _ farmJobID: Int64?, in life: Life) -> Life {
        let known = rank(of: life)
        let said = rank(of: observation)
        let newest = [farmJobID, life.farmJobID].compactMap { $0 }.filter { $0 > 0 }.max()
        // The job that finished it is its job, whatever the farm took up besides.
        if said == .finished { return Life(state: .done, farmJobID: known == .finished ? newest : farmJobID) }
        let isNews = (life.farmJobID ?? 0, known.rawValue) < (farmJobID ?? 0, said.rawValue)
        guard known != .finished, isNews else { return life }
        return Life(state: state(after: observation), farmJobID: newest)
    }

    private static func rank(of life: Life) -> Rank {
        switch life.state {
        case .planned, .intent, .unknown: .nothing
        // A queued one of which a job is known is one that was put back.
        case .queued: life.farmJobID == nil ? .nothing : .returned
        case .assigned: .assigned
        case .printing: .started
        case .cancelled: .cancelled
        case .failed: .failed
        case .done: .finished
        }
    }

    private static func rank(of observation: PrintObservation) -> Rank {
        switch observation {
        case .sent, .outcomeUnknown, .queued, .retryRequested, .markedBad: .nothing
        case .assigned: .assigned
        case .started: .started
        case .returned: .returned
        case .cancelledAtFarm, .vanished, .withdrawn: .cancelled
        case .failed: .failed
        case .finished: .finished
        }
    }

    private static func state(after observation: PrintObservation) -> PrintJobState {
        switch observation {
        case .sent: .intent
        case .outcomeUnknown: .unknown
        case .queued, .returned: .queued
        case .assigned: .assigned
        case .started: .printing
        case .finished: .done
        case .failed: .failed
        case .cancelledAtFarm, .vanished, .withdrawn: .cancelled
        case .retryRequested, .markedBad: .planned
        }
    }
}

extension PrintJobMachine {
    /// ADR-019's word for an observation of the farm; nil for our own doings.
    package static func farmStatus(_ observation: PrintObservation) -> String? {
        switch observation {
        case .started, .assigned: "PRINTING"
        case .finished: "COMPLETED"
        case .failed: "FAILED"
        case .cancelledAtFarm, .vanished: "CANCELLED"
        case .queued, .returned: "QUEUED"
        case .sent, .outcomeUnknown, .withdrawn, .retryRequested, .markedBad: nil
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
