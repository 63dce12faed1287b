/// Triangles over shared vertices, in tenths of a micrometre, counter-clockwise seen from outside.
package struct Mesh: Hashable, Sendable {
    package struct Vertex: Hashable, Sendable {
        package var x: Int32
        package var y: Int32
        package var z: Int32

        package init(x: Int32, y: Int32, z: Int32) {
            self.x = x
            self.y = y
            self.z = z
        }
    }

    package struct Triangle: Hashable, Sendable {
        package var a: Int32
        package var b: Int32
        package var c: Int32

        package init(_ a: Int32, _ b: Int32, _ c: Int32) {
            self.a = a
            self.b = b
            self.c = c
        }
    }

    package var vertices: [Vertex]
    package var triangles: [Triangle]

    package init(vertices: [Vertex], triangles: [Triangle]) {
        self.vertices = vertices
        self.triangles = triangles
    }
}
