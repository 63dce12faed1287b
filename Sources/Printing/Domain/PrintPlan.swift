package import Contracts

/// What has to change so that as many copies as are wanted are printed.
///
/// Copies of a part are alike: they are counted, not told apart by number. What is printed counts first, whatever its
/// number, so that a lowered quantity never prints again what lies there already.
package struct PrintPlan: Hashable, Sendable {
    /// Wanted, and nothing prints it yet.
    package let missing: [WantedCopy]
    /// Not wanted any more, and not started or at an end without a print: taken back.
    package let surplus: [PrintJob]
    /// Not in the farm's queue yet, and of another file or profile than is wanted now.
    package let outdated: [Replacement]

    /// A print job and the copy that takes its place.
    package struct Replacement: Hashable, Sendable {
        package let printJob: PrintJob
        package let copy: WantedCopy
    }

    /// - Parameter existing: the order's print jobs that are not withdrawn, and those that were printed all the same.
    package init(wanted: [WantedCopy], existing: [PrintJob]) {
        let wantedByPart = Dictionary(grouping: wanted) { Part(line: $0.lineItemID, number: $0.partNumber) }
        let existingByPart = Dictionary(grouping: existing) { Part(line: $0.lineItemID, number: $0.partNumber) }
        var beyond: Set<PrintJobID> = []
        var fresh: Set<WantedCopy> = []
        for (part, copies) in wantedByPart {
            let jobs = existingByPart[part] ?? []
            let taken = Set(jobs.map(\.copyNumber))
            fresh.formUnion(copies.filter { !taken.contains($0.copyNumber) }.prefix(max(0, copies.count - jobs.count)))
        }
        for (part, jobs) in existingByPart {
            let ranked = jobs.sorted { (Self.rank($0.state), $0.copyNumber) < (Self.rank($1.state), $1.copyNumber) }
            beyond.formUnion(ranked.dropFirst(wantedByPart[part]?.count ?? 0).map(\.id))
        }
        missing = wanted.filter { fresh.contains($0) }
        surplus = existing.filter { beyond.contains($0.id) && !$0.isWithdrawn && Self.canBeTakenBack($0.state) }
        outdated = existing.compactMap { job in
            let part = Part(line: job.lineItemID, number: job.partNumber)
            guard !beyond.contains(job.id), let copy = wantedByPart[part]?.first, job.isOutdated(by: copy) else {
                return nil
            }
            return Replacement(printJob: job, copy: copy.numbered(job.copyNumber))
        }
    }

    private struct Part: Hashable {
        let line: LineItemID
        let number: Int
    }

    /// Lower is kept first: what is printed, then what is nearest to it.
    private static func rank(_ state: PrintJobState) -> Int {
        switch state {
        case .done: 0
        case .printing: 1
        case .assigned: 2
        case .queued: 3
        case .unknown: 4
        case .intent: 5
        case .planned: 6
        case .failed, .cancelled: 7
        }
    }

    private static func canBeTakenBack(_ state: PrintJobState) -> Bool {
        switch state {
        case .planned, .intent, .queued, .unknown, .failed, .cancelled: true
        case .assigned, .printing, .done: false
        }
    }
}

extension PrintJob {
    /// An unknown one is left alone: the farm may have it with the file it was asked for.
    fileprivate func isOutdated(by copy: WantedCopy) -> Bool {
        [.planned, .intent].contains(state)
            && (simplyPrintFileID != copy.simplyPrintFileID || printProfile != copy.printProfile)
    }
}

extension WantedCopy {
    fileprivate func numbered(_ number: Int) -> WantedCopy {
        WantedCopy(
            lineItemID: lineItemID, partNumber: partNumber, copyNumber: number, partName: partName,
            simplyPrintFileID: simplyPrintFileID, printProfile: printProfile)
    }
}
