import Foundation
import GridGeometry

/// Random drawers with random options: whatever is planned must come out closed, in one body for each segment, within
/// the bed, and exactly as large as asked.
enum Fuzz {
    private struct Wrong: Error {
        let reason: String
    }

    /// - Parameter folder: for the STL files of every hundredth plate, for a judge.
    /// - Returns: whether nothing was wrong.
    static func run(seeds: Range<UInt64>, folder: String?) -> Bool {
        var (made, segments, triangles, failures) = (0, 0, 0, 0)
        var refused: [String: Int] = [:]
        for seed in seeds {
            var wish = RandomWish.make(seed: seed)
            do {
                var plan: PlatePlan
                do throws(PlateRefusal) {
                    plan = try Planner.plan(wish)
                    wish.cellOverride = RandomWish.override(cells: plan.columns.count * plan.rows.count, seed: seed)
                    if !wish.cellOverride.isEmpty { plan = try Planner.plan(wish) }
                } catch {
                    refused[error.items[0].field, default: 0] += 1
                    continue
                }
                let isKept = folder != nil && seed % 100 == 0
                let reports = try PlateMaker.make(plan, formats: isKept ? [.stl] : [], title: "\(seed)") { file in
                    let path = "\(folder ?? ".")/seed-\(seed)"
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    try Data(file.bytes).write(to: URL(fileURLWithPath: "\(path)/\(file.name)"))
                }
                try checkOuterSize(of: plan, reports)
                made += 1
                segments += reports.count
                triangles += reports.reduce(0) { $0 + $1.facts.triangleCount }
            } catch let late as PlateRefusal {
                // Better said with the plan, but said.
                refused["late: " + late.items[0].field, default: 0] += 1
            } catch {
                failures += 1
                print(Line([("seed", Int(seed)), ("failure", "\(error)"), ("wish", "\(wish)")]).text)
            }
        }
        let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print(
            Line([
                ("plates", made), ("segments", segments), ("triangles", triangles), ("failures", failures),
                ("refused", reasons),
            ]).text)
        return failures == 0
    }

    /// The assembled plate's box is the plate, unless cells at its rim are left out.
    private static func checkOuterSize(of plan: PlatePlan, _ reports: [SegmentReport]) throws {
        guard !plan.wish.cellOverride.contains(.empty) else { return }
        var (west, south, east, north) = (Int.max, Int.max, Int.min, Int.min)
        for (segment, report) in zip(plan.segments, reports) {
            west = min(west, segment.origin.x + Int(report.facts.low.x))
            south = min(south, segment.origin.y + Int(report.facts.low.y))
            east = max(east, segment.origin.x + Int(report.facts.high.x))
            north = max(north, segment.origin.y + Int(report.facts.high.y))
        }
        let adjust = plan.wish.edgeAdjust
        let size = plan.wish.plate
        let width = (size.width + adjust.west + adjust.east).tenthMicrometres
        let depth = (size.depth + adjust.south + adjust.north).tenthMicrometres
        guard east - west == width, north - south == depth else {
            throw Wrong(reason: "outer size is \(east - west) × \(north - south) instead of \(width) × \(depth)")
        }
    }
}
