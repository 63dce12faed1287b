package import Contracts
package import FoundationEssentials

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
}

/// The newest time for which each of the carrier's words is known. Words only join: their order of arrival, and how often
/// they come, leave no trace (contracts §2.5).
package struct CarrierWords: Hashable, Sendable {
    package var inTransitAt: Date?
    package var problemAt: Date?
    package var deliveredAt: Date?
    package var cancelledAt: Date?

    package init() {}

    /// - Parameter at: the carrier's clock.
    package mutating func hear(_ observation: ShipmentObservation, at: Date) {
        func later(_ known: Date?) -> Date { max(known ?? at, at) }
        switch observation {
        case .inTransit: inTransitAt = later(inTransitAt)
        case .problem: problemAt = later(problemAt)
        case .delivered: deliveredAt = later(deliveredAt)
        case .cancelled: cancelledAt = later(cancelledAt)
        case .sent, .outcomeUnknown, .parcelCreated, .labelStored: break
        }
    }
}

/// The life of a shipment: pure; the carrier's statuses may come scrambled, repeated and before our own label.
package enum ShipmentMachine {
    /// How far we are with it, and what the carrier said.
    package struct Life: Hashable, Sendable {
        /// `planned`, `intent`, `unknown`, `created`, `labelReady`: as far as we have come.
        package var state: ShipmentState
        package var carrier: CarrierWords
        package var hasParcel: Bool
        package var hasLabel: Bool

        package init(
            state: ShipmentState = .planned, carrier: CarrierWords = .init(), hasParcel: Bool = false,
            hasLabel: Bool = false
        ) {
            self.state = state
            self.carrier = carrier
            self.hasParcel = hasParcel
            self.hasLabel = hasLabel
        }
    }

    /// The life after the observation; the same when it says nothing new.
    /// - Parameter at: the carrier's clock; nil for our own doings.
    package static func after(_ observation: ShipmentObservation, at: Date? = nil, in life: Life) -> Life {
        var life = life
        switch observation {
        case .sent, .outcomeUnknown:
            guard !life.hasParcel, [.planned, .intent, .unknown].contains(life.state) else { return life }
            life.state = observation == .sent ? .intent : .unknown
            return life
        case .parcelCreated: life.hasParcel = true
        case .labelStored: life.hasLabel = true
        case .inTransit, .delivered, .problem, .cancelled:
            life.carrier.hear(observation, at: at ?? Date(timeIntervalSince1970: 0))
        }
        life.state = state(of: life)
        return life
    }

    /// What the facts add up to.
    ///
    /// A parcel that was delivered is with the customer, whatever was cancelled on paper; otherwise a cancellation is
    /// final. A problem counts while nothing newer was said of the parcel.
    private static func state(of life: Life) -> ShipmentState {
        let words = life.carrier
        guard life.hasParcel else { return life.state }
        guard words.deliveredAt != nil || words.cancelledAt == nil else { return .cancelled }
        // The label is not stored yet: the carrier's words are kept, and count when it is.
        guard life.hasLabel else { return .created }
        if let problemAt = words.problemAt, problemAt >= words.inTransitAt ?? .distantPast,
            problemAt > words.deliveredAt ?? .distantPast
        {
            return .exception
        }
        if let deliveredAt = words.deliveredAt {
            let isUnderWayAgain =
                words.problemAt.map { $0 > deliveredAt } == true && words.inTransitAt.map { $0 > deliveredAt } == true
            return isUnderWayAgain ? .handedOver : .delivered
        }
        return words.inTransitAt == nil ? .labelReady : .handedOver
    }
}

extension Shipment {
    package var life: ShipmentMachine.Life {
        .init(state: state, carrier: carrier, hasParcel: parcelID != nil, hasLabel: labelDigest != nil)
    }

    /// Takes an observation over. Parcel and label are its own fields: they are set before they are told.
    package mutating func take(_ observation: ShipmentObservation, at: Date? = nil) {
        let life = ShipmentMachine.after(observation, at: at, in: life)
        state = life.state
        carrier = life.carrier
    }
    /// Cancelled by us. Of a parcel this is a word like the carrier's own: a label that is stored later, or a scan on
    /// its way, does not bring it back to life.
    package mutating func takeBack(at: Date) {
        guard parcelID != nil else {
            state = .cancelled
            return
        }
        take(.cancelled, at: at)
    }
}
