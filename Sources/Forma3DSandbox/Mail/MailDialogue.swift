/// The server's side of one SMTP session (RFC 5321), without the socket: bytes in, events out. A pure value.
struct MailDialogue: Sendable {
    enum Event: Hashable, Sendable {
        /// A line to say.
        case say(String)
        /// A whole mail; what is said to it is not decided here.
        case mail(ReceivedMail)
        /// A line to say, then the end of the connection.
        case end(String)
    }

    static let greeting = "220 sandbox.example ESMTP"
    static let lineBytesMaximum = 2_048
    static let contentBytesMaximum = 1_024 * 1_024

    private enum Phase {
        case commands
        case content
        case over
    }

    private var phase = Phase.commands
    private var buffer: [UInt8] = []
    private var sender: String?
    private var recipients: [String] = []
    private var content: [String] = []
    private var contentBytes = 0

    mutating func take(_ bytes: [UInt8]) -> [Event] {
        buffer += bytes
        var events: [Event] = []
        while phase != .over, let end = buffer.firstRange(of: [0x0D, 0x0A]) {
            let line = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
            buffer.removeFirst(end.upperBound)
            if let event = phase == .content ? takeContent(line) : takeCommand(line) { events.append(event) }
        }
        if phase != .over, buffer.count > Self.lineBytesMaximum {
            phase = .over
            events.append(.end("500 line too long"))
        }
        return events
    }

    private mutating func takeCommand(_ line: String) -> Event? {
        switch line.prefix(while: { $0 != " " }).uppercased() {
        case "EHLO":
            forget()
            return .say("250-sandbox.example\r\n250-SIZE \(Self.contentBytesMaximum)\r\n250-8BITMIME\r\n250 AUTH PLAIN")
        case "HELO":
            forget()
            return .say("250 sandbox.example")
        // Whoever it is: the credentials are worthless.
        case "AUTH": return .say("235 2.7.0 welcome")
        case "NOOP": return .say("250 2.0.0 ok")
        case "RSET":
            forget()
            return .say("250 2.0.0 ok")
        case "MAIL":
            forget()
            sender = Self.path(line)
            return .say(sender == nil ? "501 5.5.4 no path" : "250 2.1.0 ok")
        case "RCPT":
            guard sender != nil else { return .say("503 5.5.1 MAIL first") }
            guard let recipient = Self.path(line) else { return .say("501 5.5.4 no path") }
            recipients.append(recipient)
            return .say("250 2.1.5 ok")
        case "DATA":
            guard !recipients.isEmpty else { return .say("503 5.5.1 RCPT first") }
            phase = .content
            return .say("354 go on")
        case "QUIT":
            phase = .over
            return .end("221 2.0.0 bye")
        default: return .say("500 5.5.2 unknown")
        }
    }

    private mutating func takeContent(_ line: String) -> Event? {
        guard line == "." else {
            contentBytes += line.utf8.count + 2
            // RFC 5321 §4.5.2: a dot at the start was doubled.
            if contentBytes <= Self.contentBytesMaximum {
                content.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
            }
            return nil
        }
        phase = .commands
        defer { forget() }
        guard contentBytes <= Self.contentBytesMaximum else { return .say("552 5.3.4 too large") }
        return .mail(ReceivedMail(sender: sender ?? "", recipients: recipients, lines: content))
    }

    private mutating func forget() {
        sender = nil
        recipients = []
        content = []
        contentBytes = 0
    }

    private static func path(_ line: String) -> String? {
        guard let start = line.firstIndex(of: "<"), let end = line[start...].firstIndex(of: ">") else { return nil }
        return String(line[line.index(after: start)..<end])
    }
}

/// One mail as it came.
struct ReceivedMail: Hashable, Sendable {
    let sender: String
    let recipients: [String]
    let lines: [String]

    /// The first field of that name, unfolded.
    func field(_ name: String) -> String? {
        let head = lines.prefix { !$0.isEmpty }
        guard let start = head.firstIndex(where: { $0.lowercased().hasPrefix(name.lowercased() + ":") }) else {
            return nil
        }
        let rest = head[(start + 1)...].prefix { $0.hasPrefix(" ") || $0.hasPrefix("\t") }
        let value = ([String(head[start].dropFirst(name.count + 1))] + rest).joined()
        return String(value.drop { $0 == " " })
    }

    var body: String { lines.drop { !$0.isEmpty }.dropFirst().joined(separator: "\n") }
}
