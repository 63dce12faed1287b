/// A wish that cannot be made: every field that stands in the way, with what would be right.
package struct PlateRefusal: Error, Hashable, Sendable {
    package struct Item: Hashable, Sendable {
        /// As in the body of a request, `drawerWidthMillimetres`.
        package let field: String
        package let reason: String
        /// The allowed values or range, in words.
        package let allowed: String?
        /// The nearest value that can be made, as it would be written in the body.
        package let nearest: String?

        package init(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
            self.field = field
            self.reason = reason
            self.allowed = allowed
            self.nearest = nearest
        }
    }

    /// Never empty; in the order of the request's fields.
    package let items: [Item]

    package init(_ items: [Item]) { self.items = items }

    package init(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
        items = [Item(field, reason, allowed: allowed, nearest: nearest)]
    }
}
