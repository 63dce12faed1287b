import Foundation
import GridGeometry

/// Plan, mesh, verification and STL in memory, warm.
enum Speed {
    static func measure(_ plate: SamplePlate, rounds: Int) throws {
        let clock = ContinuousClock()
        var (milliseconds, processor): ([Double], [Double]) = ([], [])
        var (triangles, bytes, segments) = (0, 0, 0)
        // Two rounds more, which are not counted.
        for round in 0..<rounds + 2 {
            (triangles, bytes) = (0, 0)
            let before = processorMilliseconds()
            let taken = try clock.measure {
                let plan = try Planner.plan(plate.wish)
                let reports = try PlateMaker.make(plan, formats: [.stl], title: plate.name) { bytes += $0.bytes.count }
                segments = reports.count
                triangles = reports.reduce(0) { $0 + $1.facts.triangleCount }
            }
            let (seconds, attoseconds) = taken.components
            guard round >= 2 else { continue }
            milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) / 1e15)
            processor.append(processorMilliseconds() - before)
        }
        print(
            Line([
                ("case", plate.name), ("milliseconds", milliseconds), ("processorMilliseconds", processor),
                ("triangles", triangles), ("bytes", bytes), ("segments", segments),
                ("peakKibibytes", try peakKibibytes()),
            ]).text)
    }

    /// What this process has had of a processor.
    private static func processorMilliseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// The most memory that this process has had (proc(5), VmHWM).
    private static func peakKibibytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
