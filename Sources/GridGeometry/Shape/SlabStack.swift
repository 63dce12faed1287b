/// Puts the slabs of a segment on each other.
struct SlabStack {
    let frame: SegmentFrame
    let outline: [[Point]]
    let edgeTabs: EdgeTabs?
    let cuts: CutEdges
    /// Holes of the number in the underside.
    let digits: [[Point]]
    let digitDepth: Int
    let under: UnderLayers

    init(frame: SegmentFrame, outline: [[Point]], cache: inout CellCache) {
        self.frame = frame
        self.outline = outline
        let tabs = EdgeTabs(frame)
        edgeTabs = tabs
        cuts = CutEdges(frame)
        let number = NumberPlace(frame: frame, edgeTabs: tabs)
        digits = number.holes()
        digitDepth = digits.isEmpty ? 0 : number.depth
        under = UnderLayers(frame: frame, outline: outline, edgeTabs: tabs, cuts: cuts, cache: &cache)
    }

    func slabs() -> [Slab] {
        var slabs = under.slabs()
        var levels = [0, Profile.lowerSlopeTop, Profile.upperSlopeBottom, Profile.height]
        levels += edgeTabs?.levels ?? []
        levels += cuts.levels
        levels = levels.filter { 0...Profile.height ~= $0 }.sorted()
        levels = levels.enumerated().filter { $0.offset == 0 || levels[$0.offset - 1] != $0.element }.map(\.element)
        for (bottom, top) in zip(levels, levels.dropFirst()) {
            slabs.append(
                Slab(bottomZ: frame.pocketZ + bottom, topZ: frame.pocketZ + top, loops: loops(from: bottom, to: top)))
        }
        return withNumber(slabs)
    }

    private func loops(from bottom: Int, to top: Int) -> [Slab.Loop] {
        let middle = (bottom + top) / 2
        var openings = cuts.openings(at: middle)
        var closed: [(EdgeTab, EdgeTabPlace)] = []
        var males: [(EdgeTab, EdgeTabPlace)] = []
        if let tabs = edgeTabs {
            if top <= tabs.maleTop { males = tabs.malePlaces.map { (tabs.male, $0) } }
            for place in top <= tabs.femaleTop ? tabs.femalePlaces : [] {
                let isPocket = frame.kind(column: place.column, row: place.row) == .cell
                if isPocket, tabs.female.reach > Profile.inset(at: middle) {
                    let cell = frame.cell(column: place.column, row: place.row)
                    openings.append(Opening(place, socket: tabs.female, cell: cell))
                } else {
                    closed.append((tabs.female, place))
                }
            }
        }
        var sides = outline
        if top == Profile.height { sides = RidgePoints(frame: frame).added(to: outline) }
        var result: [Slab.Loop] = []
        if openings.isEmpty, males.isEmpty, closed.isEmpty {
            result = sides.map { Slab.Loop(prism: $0) }
        } else {
            let moving = MovingOutline(
                outline: sides, frame: frame, openings: openings, males: males, closedSockets: closed)
            let below = moving.loops(at: bottom, slabBottom: bottom) { ring(of: $0, at: bottom, middle: middle) }
            let above = moving.loops(at: top, slabBottom: bottom) { ring(of: $0, at: top, middle: middle) }
            result = zip(below, above).compactMap { Self.withoutRepeats(bottom: $0, top: $1) }
        }
        result += pockets(from: bottom, to: top, without: openings)
        return result
    }

    private func ring(of opening: Opening, at z: Int, middle: Int) -> CutRing {
        CutRing(
            cell: opening.cell, z: z, cuts: cuts.lines(column: opening.column, row: opening.row, at: middle))
    }

    private func pockets(from bottom: Int, to top: Int, without openings: [Opening]) -> [Slab.Loop] {
        var isOpen = Set<Int>()
        for opening in openings { isOpen.insert(opening.row * frame.columnCount + opening.column) }
        let below = Profile.inset(at: bottom)
        let above = Profile.inset(at: top)
        var loops: [Slab.Loop] = []
        loops.reserveCapacity(frame.rowCount * frame.columnCount)
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .cell {
                if isOpen.contains(row * frame.columnCount + column) { continue }
                let cell = frame.cell(column: column, row: row)
                let ring = PocketRing.hole(of: cell, inset: below)
                loops.append(
                    Slab.Loop(bottom: ring, top: above == below ? ring : PocketRing.hole(of: cell, inset: above)))
            }
        }
        return loops
    }

    /// Neighbours that coincide at both heights are one; a loop needs an area at one of them.
    static func withoutRepeats(bottom: [Point], top: [Point]) -> Slab.Loop? {
        var loop = Slab.Loop(bottom: [], top: [])
        for (below, above) in zip(bottom, top) where loop.bottom.last != below || loop.top.last != above {
            loop.bottom.append(below)
            loop.top.append(above)
        }
        while loop.bottom.count > 1, loop.bottom[0] == loop.bottom[loop.bottom.count - 1],
            loop.top[0] == loop.top[loop.top.count - 1]
        {
            loop.bottom.removeLast()
            loop.top.removeLast()
        }
        return loop.bottom.count >= 3 ? loop : nil
    }

    /// Divides the slabs at the number's depth and takes it out below.
    private func withNumber(_ slabs: [Slab]) -> [Slab] {
        guard !digits.isEmpty else { return slabs }
        var result: [Slab] = []
        for slab in slabs {
            if slab.topZ <= digitDepth {
                result.append(Self.engraved(slab, digits))
            } else if slab.bottomZ >= digitDepth {
                result.append(slab)
            } else {
                let (lower, upper) = divided(slab, at: digitDepth)
                result += [Self.engraved(lower, digits), upper]
            }
        }
        return result
    }

    private static func engraved(_ slab: Slab, _ digits: [[Point]]) -> Slab {
        Slab(
            bottomZ: slab.bottomZ, topZ: slab.topZ,
            loops: slab.loops + digits.map { Slab.Loop(prism: $0) })
    }

    /// The slab's slopes go on in the same planes; the points between are rounded.
    private func divided(_ slab: Slab, at z: Int) -> (Slab, Slab) {
        let below = z - slab.bottomZ
        let whole = slab.topZ - slab.bottomZ
        func between(_ bottom: Int, _ top: Int) -> Int { bottom + Clipping.divided((top - bottom) * below, whole) }
        var lower = Slab(bottomZ: slab.bottomZ, topZ: z, loops: [])
        var upper = Slab(bottomZ: z, topZ: slab.topZ, loops: [])
        for loop in slab.loops {
            if loop.bottom == loop.top {
                lower.loops.append(loop)
                upper.loops.append(loop)
                continue
            }
            let middle = zip(loop.bottom, loop.top).map { Point(between($0.x, $1.x), between($0.y, $1.y)) }
            lower.loops.append(contentsOf: [Self.withoutRepeats(bottom: loop.bottom, top: middle)].compactMap(\.self))
            upper.loops.append(contentsOf: [Self.withoutRepeats(bottom: middle, top: loop.top)].compactMap(\.self))
        }
        return (lower, upper)
    }
}
