import Testing

@testable import GridGeometry

/// Feet of bins in every whole pocket of assembled plates: nothing of any part stands in them, neither of the pocket's
/// own part nor tabs and jaws of its neighbours; and they do not rattle.
@Suite struct FootFitTests {
    private static func wish(
        _ width: Double, _ depth: Double, bed: Double, _ change: (inout PlateWish) -> Void
    ) -> PlateWish {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: Length(millimetres: bed), depth: Length(millimetres: bed)))
        wish.numbering = nil
        change(&wish)
        return wish
    }

    private static func magnets(_ style: Magnets.Style, _ frame: Magnets.Frame) -> Magnets {
        var magnets = Magnets()
        (magnets.style, magnets.frame) = (style, frame)
        return magnets
    }

    /// Of 3 × 3 cells, whole ones and with fractions, with seams in both directions.
    private static let plates: [(name: String, wish: PlateWish)] = [
        ("tight tabs", wish(131, 129, bed: 95) { _ in }),
        ("loose tabs", wish(131, 129, bed: 95) { $0.intersectionConnector?.fit = 0 }),
        ("tabs half tight, no padding", wish(126, 126, bed: 95) { $0.intersectionConnector?.fit = 5 }),
        ("no tabs", wish(131, 129, bed: 95) { $0.intersectionConnector = nil }),
        (
            "edge tabs",
            wish(131, 129, bed: 95) {
                $0.intersectionConnector = nil
                $0.edgeConnector = EdgeConnector()
                $0.edgeConnector?.countPerCell = 3
                $0.edgeConnector?.bar.width = Length(millimetres: 8)
            }
        ),
        (
            "edge tabs of full height over a base",
            wish(126, 126, bed: 95) {
                $0.edgeConnector = EdgeConnector()
                $0.edgeConnector?.heightFemale = Length(millimetres: 4.65)
                $0.solidBase = Length(millimetres: 1)
            }
        ),
        (
            "edge tabs and press-fit",
            wish(126, 126, bed: 95) {
                $0.edgeConnector = EdgeConnector()
                $0.magnets = Magnets()
            }
        ),
        ("press-fit, numbered", wish(131, 129, bed: 95) { ($0.magnets, $0.numbering) = (Magnets(), Numbering()) }),
        ("glue from top, solid", wish(131, 129, bed: 95) { $0.magnets = magnets(.glueFromTop, .solid) }),
        ("glue from top, round", wish(147, 129, bed: 95) { $0.magnets = magnets(.glueFromTop, .round) }),
        ("glue from bottom", wish(131, 129, bed: 95) { $0.magnets = magnets(.glueFromBottom, .round) }),
        ("numbered", wish(131, 129, bed: 95) { $0.numbering = Numbering() }),
        (
            "strips",
            wish(136, 140, bed: 95) {
                ($0.fillerX, $0.fillerY) = (.none, .none)
                $0.hasSeparatePadding = true
            }
        ),
        (
            "dynamic cells, edges moved out",
            wish(140, 131, bed: 95) {
                ($0.fillerX, $0.fillerY) = (
                    .dynamic(minimum: Length(millimetres: 10)), .dynamic(minimum: Length(millimetres: 20))
                )
                $0.edgeAdjust.north = Length(millimetres: 2)
            }
        ),
        (
            "edges cut off",
            wish(126, 126, bed: 95) {
                $0.edgeAdjust = Sides(all: Length(millimetres: -2))
            }
        ),
        (
            "largest corners",
            wish(138, 138, bed: 95) {
                ($0.fillerX, $0.fillerY) = (.none, .none)
                $0.cornerRadius = Length(tenthMicrometres: WishCheck.largestRadius(60_000, 60_000))
            }
        ),
    ]

    /// What stands at a height of a slab, in the plate's coordinates.
    private static func section(of slab: Slab, at z: Int, origin: Point) -> [[Point]] {
        let (below, whole) = (z - slab.bottomZ, slab.topZ - slab.bottomZ)
        return slab.loops.map { loop in
            zip(loop.bottom, loop.top).map { bottom, top in
                Point(
                    origin.x + bottom.x + Clipping.divided((top.x - bottom.x) * below, whole),
                    origin.y + bottom.y + Clipping.divided((top.y - bottom.y) * below, whole))
            }
        }
    }

    /// Middles of the whole pockets.
    private static func pockets(of plan: PlatePlan) -> [Point] {
        plan.segments.flatMap { segment -> [Point] in
            let frame = SegmentFrame(segment, wish: plan.wish)
            return (0..<frame.rowCount).flatMap { row in
                (0..<frame.columnCount).compactMap { column -> Point? in
                    let cell = frame.cell(column: column, row: row)
                    guard cell.width == Profile.pitch, cell.depth == Profile.pitch else { return nil }
                    return segment.origin + Point((cell.west + cell.east) / 2, (cell.south + cell.north) / 2)
                }
            }
        }
    }

    /// All that stands at heights over the pockets' bottoms: at the ends and quarters of each slab, and where the foot's
    /// sides change direction. Between them all points of plate and foot move on straight lines.
    private static func sections(of plan: PlatePlan) throws -> [(z: Int, loops: [[Point]])] {
        var shaper = PlateShaper(plan)
        var found: [(z: Int, loops: [[Point]])] = []
        for segment in plan.segments {
            let pocketZ = SegmentFrame(segment, wish: plan.wish).pocketZ
            for slab in try shaper.slabs(of: segment) where slab.bottomZ >= pocketZ {
                let (bottom, height) = (slab.bottomZ, slab.topZ - slab.bottomZ)
                var heights = (0...4).map { bottom + height * $0 / 4 }
                heights += BinFoot.levels.map { pocketZ + $0 }.filter { slab.bottomZ < $0 && $0 < slab.topZ }
                found += heights.map {
                    (z: $0 - pocketZ, loops: section(of: slab, at: $0, origin: segment.origin))
                }
            }
        }
        return found
    }

    /// All that stands at one height over the pockets' bottoms.
    private static func section(of plan: PlatePlan, at z: Int) throws -> [[Point]] {
        var shaper = PlateShaper(plan)
        return try plan.segments.flatMap { segment -> [[Point]] in
            let height = SegmentFrame(segment, wish: plan.wish).pocketZ + z
            let slab = try shaper.slabs(of: segment).first { $0.bottomZ <= height && height < $0.topZ }
            return slab.map { section(of: $0, at: height, origin: segment.origin) } ?? []
        }
    }

    private static func room(_ foot: [Point], at place: Point) -> FreeRoom { FreeRoom(foot.map { $0 + place }) }

    @Test(arguments: plates.indices)
    func everyPocketTakesAFoot(index: Int) throws {
        let (name, wish) = Self.plates[index]
        let plan = try Planner.plan(wish)
        let pockets = Self.pockets(of: plan)
        #expect(plan.segments.count > 3 && pockets.count >= 6, "\(name)")
        for (z, loops) in try Self.sections(of: plan) {
            let foot = BinFoot.section(at: z)
            for pocket in pockets {
                #expect(!Self.room(foot, at: pocket).meets(loops), "\(name): pocket \(pocket), height \(z)")
            }
        }
    }

    /// Of the clearance all is there, to 0.03 mm, and no more: a foot moved so far to any side is stopped.
    @Test(arguments: [
        (4_000, BinFoot.slopeClearance), (16_000, BinFoot.uprightClearance), (40_000, BinFoot.slopeClearance),
    ])
    func aFootHasTheClearanceOfTheSpecification(z: Int, clearance: Int) throws {
        for (name, wish) in Self.plates where wish.edgeAdjust == Sides(all: .zero) {
            let plan = try Planner.plan(wish)
            let loops = try Self.section(of: plan, at: z)
            let foot = BinFoot.section(at: z)
            for pocket in Self.pockets(of: plan) {
                let isFree = !Self.room(BinFoot.section(at: z, grownBy: clearance - 300), at: pocket).meets(loops)
                #expect(isFree, "\(name): pocket \(pocket)")
                for (x, y) in [(1, 0), (0, 1), (-1, 0), (0, -1)] {
                    let place = pocket + Point(x * (clearance + 300), y * (clearance + 300))
                    #expect(Self.room(foot, at: place).meets(loops), "\(name): pocket \(pocket) towards \(x) \(y)")
                }
            }
        }
    }

    /// The judge itself: a foot that is wider by half a millimetre, and one without a pocket, are stopped.
    @Test func aFootThatDoesNotFitIsFound() throws {
        let plan = try Planner.plan(Self.plates[0].wish)
        let loops = try Self.section(of: plan, at: 16_000)
        for pocket in Self.pockets(of: plan) {
            #expect(Self.room(BinFoot.section(at: 16_000, grownBy: 5_000), at: pocket).meets(loops))
        }
        let square = FreeRoom(Box(west: 1, south: 1, east: 9, north: 9).corners)
        #expect(square.meets([Box(west: 0, south: 0, east: 10, north: 10).corners]))
        #expect(!square.meets([Box(west: 9, south: 0, east: 10, north: 10).corners]))
    }
}
