/// What was read of the farm's history.
package struct JobHistory: Hashable, Sendable {
    package let jobs: [HistoricJob]
    /// It reaches back to the moment that was asked for, or to the beginning: what is not in it was not printed since.
    package let isComplete: Bool

    package init(jobs: [HistoricJob], isComplete: Bool) {
        self.jobs = jobs
        self.isComplete = isComplete
    }
}
