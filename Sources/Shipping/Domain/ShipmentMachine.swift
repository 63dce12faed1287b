package import Contracts
import FoundationEssentials

/// What happened to a shipment, ours or the carrier's word.
package enum ShipmentObservation: Hashable, Sendable {
    case sent
    case outcomeUnknown
    case parcelCreated
    case labelStored
    case inTransit
    case delivered
    case problem
    case cancelled
    /// An operator or a mended address wants it tried again.
    case planned
}

/// The life of a shipment: pure; the carrier's statuses may come scrambled and repeat (contracts §2.5).
package enum ShipmentMachine {
    package static func after(_ observation: ShipmentObservation, in state: ShipmentState) -> ShipmentState {
        switch (state, observation) {
        case (.delivered, .problem): .exception
        case (.delivered, _): .delivered
        case (.cancelled, _): .cancelled
        case (_, .cancelled): .cancelled
        case (.planned, .sent), (.intent, .sent), (.unknown, .sent): .intent
        case (.planned, .outcomeUnknown), (.intent, .outcomeUnknown), (.unknown, .outcomeUnknown): .unknown
        case (.planned, .parcelCreated), (.intent, .parcelCreated), (.unknown, .parcelCreated): .created
        case (.created, .labelStored): .labelReady
        case (.intent, .planned), (.unknown, .planned): state
        case (.created, .inTransit), (.created, .delivered), (.created, .problem):
            // The label is not stored yet; the status is noted beside, and taken when it is.
            .created
        case (.labelReady, .inTransit), (.exception, .inTransit): .handedOver
        case (.labelReady, .delivered), (.handedOver, .delivered), (.exception, .delivered): .delivered
        case (.labelReady, .problem), (.handedOver, .problem): .exception
        default: state
        }
    }
}
