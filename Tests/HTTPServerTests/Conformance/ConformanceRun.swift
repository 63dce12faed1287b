import TestKit
import Testing

/// One case over one transport.
struct ConformanceRun: Sendable, CustomTestStringConvertible {
    let conformanceCase: ConformanceCase
    let transport: ConformanceCase.Transport

    var testDescription: String {
        "\(conformanceCase.name) (\(conformanceCase.level.rawValue), \(conformanceCase.rule), \(transport.rawValue))"
    }

    static func all(_ group: String) -> [ConformanceRun] {
        ConformanceGroup.all.filter { $0.name == group }.flatMap(\.cases).flatMap { conformanceCase in
            conformanceCase.transports.map { ConformanceRun(conformanceCase: conformanceCase, transport: $0) }
        }
    }

    /// Sent behind every case: an answer to it shows that the connection lives, or that something was smuggled.
    private static let probe = ConformanceCase.bytes(head("GET /probe HTTP/1.1", "Host: probe"))

    func judge() async throws {
        let channel = try ConformanceServer.shared.get().open(transport)
        var hasFinished = false
        for step in conformanceCase.steps {
            switch step {
            case .send(let text): channel.send(ConformanceCase.bytes(text))
            case .drip(let text):
                for byte in ConformanceCase.bytes(text) { channel.send([byte]) }
            case .awaitContinue:
                _ = try await wait(channel, "100 Continue") { $0.interimCount > 0 }
            case .awaitAnswers(let count):
                _ = try await wait(channel, "\(count) answers") { $0.answers.count >= count }
            case .finish:
                channel.finishSending()
                hasFinished = true
            }
        }
        if !hasFinished { channel.send(Self.probe) }
        let count = conformanceCase.statuses.count
        let reading = try await wait(channel, "the end") { reading in
            channel.hasEnded || reading.answers.count > count
        }
        compare(reading, hasEnded: channel.hasEnded)
        #expect(!channel.wasReset)
    }

    private func wait(
        _ channel: any ByteChannel, _ what: String, until isDone: (WireAnswer.Reading) -> Bool
    ) async throws -> WireAnswer.Reading {
        var reading = WireAnswer.Reading()
        var readBytes = -1
        try await eventually(within: .seconds(20), what) {
            await channel.poll()
            if channel.received.count != readBytes || channel.hasEnded {
                readBytes = channel.received.count
                reading = WireAnswer.read(
                    channel.received, headAnswers: conformanceCase.headAnswers, hasEnded: channel.hasEnded)
            }
            return isDone(reading) || channel.hasEnded
        }
        return reading
    }

    private func compare(_ reading: WireAnswer.Reading, hasEnded: Bool) {
        var answers = reading.answers
        #expect(reading.complaint == nil)
        #expect(reading.rest.isEmpty, "bytes behind the last answer")
        switch conformanceCase.ending {
        case .closes: #expect(hasEnded, "the connection must close")
        case .stays:
            #expect(!hasEnded, "the connection must stay open")
            #expect(answers.popLast()?.body == "probe", "the next request must be answered")
        case .either:
            if !hasEnded { #expect(answers.popLast()?.body == "probe") }
        }
        guard answers.count == conformanceCase.statuses.count else {
            Issue.record("\(conformanceCase.statuses.count) answers expected, not \(answers.map(\.status))")
            return
        }
        for (answer, statuses) in zip(answers, conformanceCase.statuses) {
            #expect(
                statuses.contains(answer.status), "\(answer.status), not one of \(statuses.sorted()): \(answer.body)")
        }
        for check in conformanceCase.checks { self.check(check, answers, reading) }
    }

    private func check(_ check: ConformanceCase.Check, _ answers: [WireAnswer], _ reading: WireAnswer.Reading) {
        guard let first = answers.first else { return }
        switch check {
        case .body(let text): #expect(first.body == text)
        case .bodyOfAnswer(let index, let text): #expect(answers.indices.contains(index) && answers[index].body == text)
        case .field(let name, let value): #expect(first[name] == value, "\(name)")
        case .hasField(let name): #expect(first[name] != nil, "\(name)")
        case .lacksField(let name): #expect(first[name] == nil, "\(name)")
        case .list(let name, let member):
            let members = (first[name] ?? "").split(separator: ",").map { $0.trimmingPrefix(" ") }
            #expect(members.contains { $0 == member }, "\(name)")
        case .noContinue: #expect(reading.interimCount == 0, "no 100 Continue is wanted")
        case .sameFieldsAsSecond:
            // Of these each answer has its own.
            let own: Set<String> = ["date", "x-request-id", "x-correlation-id"]
            let lists = answers.prefix(2).map { answer in
                answer.fields.filter { !own.contains($0.name) }.map { "\($0.name): \($0.value)" }
            }
            #expect(lists.count == 2 && lists[0] == lists[1])
        case .dateIsIMFFixdate:
            let dates = first.fields.filter { $0.name == "date" }.map(\.value)
            let form =
                /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] [A-Z][a-z]{2} [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT/
            #expect(dates.count == 1 && dates[0].wholeMatch(of: form) != nil, "\(dates)")
        case .serverTellsNoVersion: #expect(first["server"]?.contains(/[0-9\/]/) != true)
        }
    }
}
