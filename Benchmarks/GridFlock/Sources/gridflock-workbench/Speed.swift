import Foundation
import GridGeometry

/// Plan, mesh, verification and STL in memory, warm.
enum Speed {
    static func measure(_ plate: SamplePlate, rounds: Int) throws {
        let clock = ContinuousClock()
        var milliseconds: [Double] = []
        var (triangles, bytes, segments) = (0, 0, 0)
        // Two rounds more, which are not counted.
        for round in 0..<rounds + 2 {
            (triangles, bytes) = (0, 0)
            let taken = try clock.measure {
                let plan = try Planner.plan(plate.wish)
                let reports = try PlateMaker.make(plan, formats: [.stl], title: plate.name) { bytes += $0.bytes.count }
                segments = reports.count
                triangles = reports.reduce(0) { $0 + $1.facts.triangleCount }
            }
            let (seconds, attoseconds) = taken.components
            if round >= 2 { milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) / 1e15) }
        }
        print(
            Line([
                ("case", plate.name), ("milliseconds", milliseconds), ("triangles", triangles), ("bytes", bytes),
                ("segments", segments), ("peakKibibytes", try peakKibibytes()),
            ]).text)
    }

    /// The most memory that this process has had (proc(5), VmHWM).
    private static func peakKibibytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
