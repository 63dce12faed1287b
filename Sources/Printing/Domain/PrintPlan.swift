package import Contracts

/// What has to change so that exactly the wanted copies are printed.
package struct PrintPlan: Hashable, Sendable {
    /// Wanted, and nothing prints it yet.
    package let missing: [WantedCopy]
    /// Not wanted any more and not started: taken back.
    package let surplus: [PrintJob]

    /// - Parameter existing: the order's print jobs that are not withdrawn.
    package init(wanted: [WantedCopy], existing: [PrintJob]) {
        struct Key: Hashable {
            let line: LineItemID
            let part: Int
            let copy: Int
        }
        let known = Set(existing.map { Key(line: $0.lineItemID, part: $0.partNumber, copy: $0.copyNumber) })
        let wantedKeys = Set(wanted.map { Key(line: $0.lineItemID, part: $0.partNumber, copy: $0.copyNumber) })
        missing = wanted.filter { !known.contains(Key(line: $0.lineItemID, part: $0.partNumber, copy: $0.copyNumber)) }
        surplus = existing.filter { job in
            !wantedKeys.contains(Key(line: job.lineItemID, part: job.partNumber, copy: job.copyNumber))
                && [.planned, .intent, .queued, .unknown].contains(job.state)
        }
    }
}
