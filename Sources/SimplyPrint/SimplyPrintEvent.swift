package import FoundationEssentials
import Kernel

/// What SimplyPrint reported. Nothing in it says which queue item a job came from.
package struct SimplyPrintEvent: Hashable, Sendable {
    /// `job.done`, `printer.ai_failure_detected`, …
    package var name: String
    package var at: Date?
    /// For `job.…` events only: in `maintenance.…` the same key holds a maintenance job.
    package var job: Job?

    package init(name: String, at: Date?, job: Job?) {
        self.name = name
        self.at = at
        self.job = job
    }

    /// The print it speaks of.
    package struct Job: Hashable, Sendable {
        package var id: Int64?
        package var uid: String?
        package var printerID: Int64?
        package var printerName: String?

        package init(id: Int64?, uid: String?, printerID: Int64?, printerName: String?) {
            self.id = id
            self.uid = uid
            self.printerID = printerID
            self.printerName = printerName
        }
    }

    /// - Throws: `DecodingError` when the body is no JSON object with an `event`.
    package static func decode(_ body: [UInt8]) throws -> SimplyPrintEvent {
        try JSON.decode(Wire.self, from: body).event
    }

    private struct Wire: Decodable {
        var event: SimplyPrintEvent

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            let name = try object.requireText("event")
            event = SimplyPrintEvent(name: name, at: object.moment("timestamp"), job: nil)
            guard name.hasPrefix("job."), let data = object.object("data"), let job = data.object("job") else { return }
            // The printer is inside the job; ADR-020 expected it beside it.
            let printer = job.object("printer") ?? data.object("printer")
            event.job = Job(
                id: job.integer("id"), uid: job.filledText("uid"),
                printerID: printer?.integer("id") ?? job.integer("printer_id"),
                printerName: printer?.filledText("name"))
        }
    }
}
