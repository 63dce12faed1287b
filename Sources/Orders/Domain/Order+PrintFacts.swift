package import Contracts
import Kernel

extension Order {
    /// The most that is known of one print job. Facts are joined, never replaced: of two, the one of the later attempt
    /// holds, and of one attempt the one that outranks the other. So it does not matter in which order they come, how
    /// often, or how late (DESIGN §3.7).
    package struct PrintFact: Hashable, Sendable {
        /// Rising: what is later in the list holds against what is before it. A print that is there is there, whether it
        /// was called cancelled or not; and only a print that was there can be bad.
        package enum Outcome: Int, Hashable, Sendable, CaseIterable {
            case wanted
            case failed
            case cancelled
            case printed
            case bad
        }

        /// Which copy of which line; the same for the whole life of a print job.
        package struct Copy: Hashable, Sendable {
            package let lineItemID: LineItemID
            package let key: CopyKey

            package init(lineItemID: LineItemID, key: CopyKey) {
                self.lineItemID = lineItemID
                self.key = key
            }
        }

        package let attempt: Int
        package let outcome: Outcome
        /// Nil while no event has named it.
        package let copy: Copy?

        package init(attempt: Int, outcome: Outcome, copy: Copy? = nil) {
            self.attempt = attempt
            self.outcome = outcome
            self.copy = copy
        }

        /// What both together say: the least upper bound.
        package func joined(with other: PrintFact) -> PrintFact {
            let holds = (attempt, outcome.rawValue) < (other.attempt, other.outcome.rawValue) ? other : self
            return PrintFact(attempt: holds.attempt, outcome: holds.outcome, copy: copy ?? other.copy)
        }
    }

    /// Learns something about a print job, and what follows from it for the order's sets.
    package mutating func note(_ fact: PrintFact, of printJob: PrintJobID) {
        let known = printFacts[printJob]
        let joined = known?.joined(with: fact) ?? fact
        guard joined != known else { return }
        printFacts[printJob] = joined
        if joined.outcome == .failed {
            failedPrintJobs.insert(printJob)
        } else {
            failedPrintJobs.remove(printJob)
        }
        guard let copy = joined.copy, let index = lines.firstIndex(where: { $0.id == copy.lineItemID }) else { return }
        if joined.outcome == .printed {
            lines[index].finished.insert(copy.key)
        } else if !printFacts.values.contains(where: { $0.outcome == .printed && $0.copy == copy }) {
            lines[index].finished.remove(copy.key)
        }
    }

    /// Print jobs whose newest attempt failed since `before`: also one that failed again before its reprint was heard of.
    func newlyFailed(since before: Order?) -> [PrintJobID] {
        failedPrintJobs.filter { printJob in
            guard let before, before.failedPrintJobs.contains(printJob) else { return true }
            return before.printFacts[printJob]?.attempt != printFacts[printJob]?.attempt
        }.sorted { $0.description < $1.description }
    }
}
