/// A part of a plate as it goes into a file of several: the mesh of its shape and where it lies.
package struct PlateItem: Hashable, Sendable {
    /// The segment's number.
    package let number: Int
    /// Which shape it has, as an index into the shapes that were added.
    package let shape: Int
    /// Where the shape's own origin lies on the assembled plate.
    package let place: Point

    package init(number: Int, shape: Int, place: Point) {
        self.number = number
        self.shape = shape
        self.place = place
    }
}
