import Kernel

/// A printer of the farm, at one moment.
package struct Printer: Hashable, Sendable {
    package var id: Int64
    package var name: String
    /// `operational`, `printing`, `paused`, `offline`, …; `unknown` when SimplyPrint names none.
    package var state: String
    /// A finished print is still on the bed: nothing starts before someone clears it.
    package var awaitingBedClear: Bool
    /// Nil when idle, and sometimes while printing.
    package var job: JobRef?

    package init(id: Int64, name: String, state: String, awaitingBedClear: Bool, job: JobRef?) {
        self.id = id
        self.name = name
        self.state = state
        self.awaitingBedClear = awaitingBedClear
        self.job = job
    }

    /// The job a printer works on.
    package struct JobRef: Hashable, Sendable {
        package var id: Int64
        package var uid: String?
        package var state: String?

        package init(id: Int64, uid: String?, state: String?) {
            self.id = id
            self.uid = uid
            self.state = state
        }
    }
}

extension Printer: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        // The id stands outside `printer`; `printer.id` does not exist.
        id = try object.requireInteger("id")
        let printer = object.object("printer")
        name = printer?.filledText("name") ?? object.filledText("name") ?? String(id)
        awaitingBedClear = printer?.flag("awaitingBedClear") ?? object.flag("awaitingBedClear") ?? false
        state = printer?.filledText("state") ?? object.filledText("state") ?? "unknown"
        if let job = object.object("job"), let id = job.integer("id") {
            self.job = JobRef(id: id, uid: job.filledText("uid"), state: job.filledText("state"))
        }
    }
}
