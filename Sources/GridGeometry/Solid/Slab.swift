/// A solid between two heights, seen from above as directed loops with the solid on their left (outer loops run
/// counter-clockwise, holes clockwise). Between the heights every vertex moves on a straight line, so a prism has equal
/// bottoms and tops and a taper has not. A segment is a stack of slabs without gaps in height.
package struct Slab: Hashable, Sendable {
    package struct Loop: Hashable, Sendable {
        /// As many as in `top`; neighbours may coincide in one of the two, never in both.
        package var bottom: [Point]
        package var top: [Point]

        package init(bottom: [Point], top: [Point]) {
            self.bottom = bottom
            self.top = top
        }

        package init(prism points: [Point]) { self.init(bottom: points, top: points) }
    }

    /// Tenths of a micrometre; the underside of the segment is 0.
    package var bottomZ: Int
    package var topZ: Int
    package var loops: [Loop]

    package init(bottomZ: Int, topZ: Int, loops: [Loop]) {
        self.bottomZ = bottomZ
        self.topZ = topZ
        self.loops = loops
    }
}
