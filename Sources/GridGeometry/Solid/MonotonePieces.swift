/// Pieces of faces on their way from west to east, each cut into triangles as far as its vertices are known.
///
/// What is left of a piece is a chain of vertices on its northern or southern side that bends inwards (or not at all);
/// the first of them is also the last vertex on the opposite side. Three vertices on one line never make a triangle:
/// a judge that drops triangles without area would find a hole there.
struct MonotonePieces {
    private struct Piece {
        var top: Int32
        var isNorthern: Bool
        var isSingle: Bool
        var facing: Int32
    }

    private struct Link {
        var vertex: Int32
        var previous: Int32
    }

    private let xs: [Int]
    private let ys: [Int]
    private let z: Int
    private var pieces: [Piece] = []
    private var links: [Link] = []
    private var run: [Int] = []
    private(set) var triangles: [Mesh.Triangle] = []

    init(xs: [Int], ys: [Int], z: Int) {
        self.xs = xs
        self.ys = ys
        self.z = z
    }

    mutating func reserve(_ vertexCount: Int) {
        links.reserveCapacity(vertexCount * 2)
        triangles.reserveCapacity(vertexCount + vertexCount / 4)
    }

    func isNorthern(_ piece: Int32) -> Bool { pieces[Int(piece)].isNorthern }

    /// A piece that begins with a vertex; `facing` is +1 up or -1 down.
    mutating func begin(at vertex: Int, facing: Int32) -> Int32 {
        let link = push(vertex, after: -1)
        pieces.append(Piece(top: link, isNorthern: false, isSingle: true, facing: facing))
        return Int32(pieces.count - 1)
    }

    /// A piece between an edge from another piece's last vertex to a new one and whatever lies beyond that last vertex.
    mutating func branch(from piece: Int32, to vertex: Int) -> Int32 {
        let old = pieces[Int(piece)]
        let first = push(Int(links[Int(old.top)].vertex), after: -1)
        let link = push(vertex, after: first)
        pieces.append(Piece(top: link, isNorthern: !old.isNorthern, isSingle: false, facing: old.facing))
        return Int32(pieces.count - 1)
    }

    mutating func add(_ vertex: Int, to piece: Int32, isNorthern: Bool) throws(MeshFault) {
        let index = Int(piece)
        let state = pieces[index]
        if state.isSingle {
            pieces[index].top = push(vertex, after: state.top)
            pieces[index].isNorthern = isNorthern
            pieces[index].isSingle = false
        } else if state.isNorthern == isNorthern {
            pieces[index].top = push(vertex, after: clip(state, before: vertex))
        } else {
            try fan(state, to: vertex)
            let first = push(Int(links[Int(state.top)].vertex), after: -1)
            pieces[index].top = push(vertex, after: first)
            pieces[index].isNorthern = isNorthern
        }
    }

    mutating func end(_ piece: Int32, at vertex: Int) throws(MeshFault) {
        try fan(pieces[Int(piece)], to: vertex)
    }

    private mutating func push(_ vertex: Int, after link: Int32) -> Int32 {
        links.append(Link(vertex: Int32(vertex), previous: link))
        return Int32(links.count - 1)
    }

    /// Cuts off the corners of the chain that a further vertex on the same side makes convex; returns the chain's new
    /// last link.
    private mutating func clip(_ piece: Piece, before vertex: Int) -> Int32 {
        var top = piece.top
        while true {
            let previous = links[Int(top)].previous
            guard previous >= 0 else { return top }
            let (far, near) = (Int(links[Int(previous)].vertex), Int(links[Int(top)].vertex))
            let turn = orientation(far, near, vertex)
            guard piece.isNorthern ? turn < 0 : turn > 0 else { return top }
            emit(far, near, vertex, piece)
            top = previous
        }
    }

    /// Joins a vertex of the opposite side, or the last one, with the whole chain.
    private mutating func fan(_ piece: Piece, to vertex: Int) throws(MeshFault) {
        run.removeAll(keepingCapacity: true)
        var top = piece.top
        while links[Int(top)].previous >= 0 {
            let previous = links[Int(top)].previous
            let (far, near) = (Int(links[Int(previous)].vertex), Int(links[Int(top)].vertex))
            let turn = orientation(far, near, vertex)
            top = previous
            if turn == 0 {
                run.append(near)
                continue
            }
            guard piece.isNorthern == (turn < 0) else { throw .crossing(x: xs[vertex], y: ys[vertex], z: z) }
            guard !run.isEmpty else {
                emit(far, near, vertex, piece)
                continue
            }
            // Vertices on the line from `near` to `vertex`: the triangle is divided at each of them.
            var last = vertex
            for middle in run {
                emit(far, middle, last, piece)
                last = middle
            }
            emit(far, near, last, piece)
            run.removeAll(keepingCapacity: true)
        }
        guard run.isEmpty else { throw .crossing(x: xs[vertex], y: ys[vertex], z: z) }
    }

    /// The triangle of two neighbours of a chain, from west to east, and a vertex that sees them.
    private mutating func emit(_ far: Int, _ near: Int, _ vertex: Int, _ piece: Piece) {
        let isSwapped = piece.isNorthern == (piece.facing > 0)
        triangles.append(
            isSwapped
                ? Mesh.Triangle(Int32(far), Int32(vertex), Int32(near))
                : Mesh.Triangle(Int32(far), Int32(near), Int32(vertex)))
    }

    @inline(__always)
    private func orientation(_ first: Int, _ second: Int, _ third: Int) -> Int {
        (xs[second] &- xs[first]) &* (ys[third] &- ys[first]) &- (ys[second] &- ys[first]) &* (xs[third] &- xs[first])
    }
}
