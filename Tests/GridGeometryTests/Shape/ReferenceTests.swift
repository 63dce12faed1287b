import Testing

@testable import GridGeometry

@Suite struct ReferenceTests {
    @Test func c01() throws {
        let plan = SamplePlan.plate(width: 42, depth: 42, columns: [42], rows: [42])
        let volume = try SegmentShape.volume(of: plan.segments[0], in: plan)
        print(volume)
        #expect(abs(volume - 1226.9909) < 0.1)
    }

    @Test func c04() throws {
        for (w, h, cols, rows, pad, con, want) in [
            (175.0, 169.0, [42.0, 42, 42, 42], [42.0, 42, 42, 42], [0.0, 0, 1, 7], [true, true, false, false], 26983.9596),
            (196.0, 169.0, [42.0, 42, 42, 42, 21], [42.0, 42, 42, 42], [1.0, 7, 0, 0], [false, false, true, true], 30767.2384),
        ] {
            let plan = SamplePlan.single(columns: cols, rows: rows, padding: pad, connects: con)
            let slabs = try SegmentShape.slabs(of: plan.segments[0], in: plan)
            let v = SegmentShape.volume(of: slabs)
            print(w, h, v, want, (v - want) / want, slabs[0].loops[0].bottom.count)
            print(Box.around(slabs.flatMap { $0.loops.flatMap { $0.top } }))
        }
    }
}
