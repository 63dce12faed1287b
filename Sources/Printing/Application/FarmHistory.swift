import FoundationEssentials
import Jobs
import Kernel
import SimplyPrint

/// How far back the farm's history is read for one attempt. A printed item leaves the farm's queue within a day, so the
/// history is the last place that knows of it: it is read back to the moment the attempt's print job was made, however
/// much the farm printed since.
enum FarmHistory {
    /// The farm's clock and ours differ by less.
    static let marginSeconds = 300.0
    /// 100 jobs each.
    static let pagesMaximum = 300

    static let tooLong = JobFailure.notNow(
        "The farm has printed more than \(pagesMaximum * 100) jobs since; its history cannot be read to the end.",
        retryAfterSeconds: 600)

    /// When the print job of an attempt was made, `<print job>-<attempt>…`; nil: its id does not say.
    static func start(of reference: String) -> Date? {
        UUID(uuidString: String(reference.prefix(36))).flatMap(Identities.moment)?.addingTimeInterval(-marginSeconds)
    }
}

extension SimplyPrintClient {
    /// Everything the farm printed since the print job of that attempt was made.
    func history(sinceAttemptOf reference: String) async throws -> JobHistory {
        try await jobHistory(since: FarmHistory.start(of: reference), pagesMaximum: FarmHistory.pagesMaximum)
    }
}
