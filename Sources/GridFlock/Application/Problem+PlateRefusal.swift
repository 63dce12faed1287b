package import GridGeometry
package import Kernel

extension Problem {
    /// Field by field, with the allowed range and the nearest value that can be made.
    package init(refusing refusal: PlateRefusal) {
        self = .invalid(
            refusal.items.map { Field($0.field, $0.reason, allowed: $0.allowed, nearest: $0.nearest) })
    }
}
