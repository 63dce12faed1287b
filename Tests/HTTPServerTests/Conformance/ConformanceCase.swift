/// One exchange on one connection: what is sent, and what may come back.
///
/// Pure data without imports: the suite runs it over sockets and in process, and `scripts/fuzz` takes its bytes as
/// seeds. Texts stand for bytes, one scalar below 256 each (`"\u{80}"` is the byte 0x80).
struct ConformanceCase: Sendable {
    enum Level: String, Sendable {
        case must = "MUST"
        case should = "SHOULD"
    }

    enum Transport: String, Sendable, CaseIterable {
        /// Parser, routes and encoder without a socket.
        case inProcess
        /// A real server on 127.0.0.1.
        case tcp
    }

    /// What has to become of the connection after the answers.
    enum Ending: Sendable {
        /// Closed by the server, and what follows in the same bytes is never answered.
        case closes
        /// Open, as the answer to a further request shows.
        case stays
        case either
    }

    enum Step: Sendable {
        case send(String)
        /// Byte by byte.
        case drip(String)
        case awaitContinue
        case awaitAnswers(Int)
        /// The client shuts its sending side.
        case finish
    }

    /// What the first answer, unless said otherwise, must be or must not be.
    enum Check: Sendable {
        case body(String)
        case bodyOfAnswer(Int, String)
        case field(String, String)
        case hasField(String)
        case lacksField(String)
        /// A comma-separated list holds that member.
        case list(String, has: String)
        case noContinue
        case sameFieldsAsSecond
        case dateIsIMFFixdate
        case serverTellsNoVersion
    }

    let name: String
    /// The clause that decides.
    let rule: String
    var level = Level.must
    var steps: [Step]
    /// The statuses that each of the answers may have; there must be as many answers.
    var statuses: [Set<Int>]
    var ending: Ending
    var checks: [Check] = []
    /// So many answers at the front are to HEAD requests: they end with their head.
    var headAnswers = 0
    var transports = Transport.allCases
}

extension ConformanceCase {
    /// Bytes that are no request: one error answer, closed, nothing behind it answered.
    static func refused(
        _ name: String, _ rule: String, _ text: String, _ statuses: Set<Int> = [400], level: Level = .must
    ) -> ConformanceCase {
        ConformanceCase(
            name: name, rule: rule, level: level, steps: [.send(text)], statuses: [statuses], ending: .closes,
            checks: [.field("connection", "close")])
    }

    /// A request that is answered.
    static func answered(
        _ name: String, _ rule: String, _ text: String, _ statuses: Set<Int> = [200], _ checks: [Check] = [],
        ending: Ending = .stays, level: Level = .must, heads: Int = 0
    ) -> ConformanceCase {
        ConformanceCase(
            name: name, rule: rule, level: level, steps: [.send(text)], statuses: [statuses], ending: ending,
            checks: checks, headAnswers: heads)
    }

    /// Anything else: several steps or answers.
    static func exchange(
        _ name: String, _ rule: String, _ steps: [Step], _ statuses: [Set<Int>], _ ending: Ending,
        _ checks: [Check] = [], level: Level = .must, heads: Int = 0, transports: [Transport] = Transport.allCases
    ) -> ConformanceCase {
        ConformanceCase(
            name: name, rule: rule, level: level, steps: steps, statuses: statuses, ending: ending, checks: checks,
            headAnswers: heads, transports: transports)
    }

    /// Everything that is sent, as one text.
    var sentText: String {
        steps.map { step in
            switch step {
            case .send(let text), .drip(let text): text
            case .awaitContinue, .awaitAnswers, .finish: ""
            }
        }.joined()
    }

    var sentBytes: [UInt8] { Self.bytes(sentText) }

    /// One scalar, one byte; a scalar beyond Latin-1 becomes `?` (a case never holds one).
    static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
    }
}

/// The lines joined by CRLF, and the empty line that ends a head.
func head(_ lines: String...) -> String {
    lines.joined(separator: "\r\n") + "\r\n\r\n"
}

/// A `GET /` with these field lines besides Host.
func get(_ lines: String...) -> String {
    (["GET / HTTP/1.1", "Host: a"] + lines).joined(separator: "\r\n") + "\r\n\r\n"
}

/// A `POST /echo` with these field lines besides Host; the body comes behind.
func post(_ lines: String..., body: String = "") -> String {
    (["POST /echo HTTP/1.1", "Host: a"] + lines).joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// A chunked `POST /echo` with that coded body.
func chunked(_ coded: String) -> String {
    post("Transfer-Encoding: chunked", body: coded)
}
