import Jobs
import Kernel
import Routing

/// What a request that does something says beside what it does: why.
struct ActRequest: Decodable {
    let reason: String?

    static let schema = Schema.object(
        name: "Act", [.init("reason", .nullable(.string), required: false, "1 to 500 characters, kept in the log")])
}

extension Call {
    /// Who asks, and why; the body may be left out.
    ///
    /// There is one API key, which has no name of its own yet.
    /// - Throws: `Problem` 400 for broken JSON, 422 for a reason that is empty or too long.
    func act() async throws -> OperatorAct {
        // A body is read once, so not by `decode`, which refuses an empty one.
        let bytes = try await body()
        guard !bytes.isEmpty else { return OperatorAct(by: Self.operatorName, reason: nil) }
        do {
            let reason = try JSON.decode(ActRequest.self, from: bytes).reason
            return OperatorAct(by: Self.operatorName, reason: try reason.map(Self.checked))
        } catch let error as DecodingError {
            throw Problem(decoding: error)
        }
    }

    static let operatorName = "operator"

    /// - Throws: `Problem` 422.
    static func checked(_ reason: String) throws -> String {
        let text = String(reason.filter { !$0.isNewline && $0 != "\0" })
        guard (1...OperatorAct.reasonMaximum).contains(text.count), text.contains(where: { !$0.isWhitespace }) else {
            throw Problem.invalid([
                .init("reason", "is empty or too long", allowed: "1 to \(OperatorAct.reasonMaximum) characters")
            ])
        }
        return text
    }
}
