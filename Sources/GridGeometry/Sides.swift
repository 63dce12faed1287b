/// One value for each side of a rectangle, clockwise from the north as in the upstream generator.
package struct Sides<Value> {
    package var north: Value
    package var east: Value
    package var south: Value
    package var west: Value

    package init(north: Value, east: Value, south: Value, west: Value) {
        self.north = north
        self.east = east
        self.south = south
        self.west = west
    }

    package init(all value: Value) { self.init(north: value, east: value, south: value, west: value) }
}

extension Sides: Equatable where Value: Equatable {}
extension Sides: Hashable where Value: Hashable {}
extension Sides: Sendable where Value: Sendable {}

/// Width (x, west to east) and depth (y, south to north).
package struct Size: Hashable, Sendable {
    package var width: Length
    package var depth: Length

    package init(width: Length, depth: Length) {
        self.width = width
        self.depth = depth
    }
}
