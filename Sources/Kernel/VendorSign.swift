/// What one call to a vendor says about the vendor as a whole, whatever became of the call itself.
package enum VendorSign: Hashable, Sendable {
    /// It answered: what it said is another matter.
    case answered
    /// It cannot be reached, does not answer in time or answers 5xx.
    case down
    /// It asks to be left alone for so long (429); nil where it does not say how long.
    case limited(seconds: Double?)
}

/// The way from the place that calls a vendor to the one that runs the work: the queue pauses the jobs of a vendor that
/// is down, but only the call knows that it is.
package enum VendorSigns {
    @TaskLocal package static var listener: (any VendorSignListener)?

    package static func tell(_ vendor: String, _ sign: VendorSign?) {
        if let sign { listener?.hear(vendor, sign) }
    }
}

package protocol VendorSignListener: Sendable {
    func hear(_ vendor: String, _ sign: VendorSign)
}

extension VendorFailure {
    /// Nil: nothing.
    package var sign: VendorSign? {
        switch kind {
        case .unreachable, .timedOut, .broken: .down
        case .rateLimited: .limited(seconds: retryAfterSeconds)
        case .unauthorized, .rejected, .notFound, .conflict, .malformed: .answered
        case .givenUp: nil
        }
    }
}
