import Kernel

/// Who a request or webhook belongs to.
enum Vendor: String, CaseIterable, Sendable {
    case shopify
    case simplyprint
    case sendcloud
    case mail
    case push
}

/// Something that goes wrong on purpose.
struct Fault: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// The connection is cut; nothing happened.
        case dropBefore
        /// It happened; the connection is cut.
        case dropAfter
        /// An answer of that status instead; nothing happened.
        case status
        /// It happened; the answer waits `delayMs`.
        case delay
        /// The connection is cut; it happens `delayMs` later.
        case late
        /// An HTML page of a proxy instead, status 502; nothing happened.
        case html
        /// Shopify's `THROTTLED` with HTTP 200; for the others 429.
        case throttle
        case hookDrop
        case hookDuplicate
        case hookDelay
        /// It comes one to `copies` times, each at a moment of its own within `delayMs`.
        case hookScatter
        case hookWrongSignature

        var isForHooks: Bool { rawValue.hasPrefix("hook") }
    }

    /// Nil for every vendor.
    let vendor: Vendor?
    /// Lower case; `*` for every call.
    let call: String
    let kind: Kind
    let status: Int
    let retryAfter: String?
    let delayMilliseconds: Int
    /// Most deliveries of a scattered webhook.
    var copies = 2
    /// How often it still happens; nil for always.
    var times: Int?
    let probability: Double

    static let delayMillisecondsMaximum: Int64 = 3_600_000
    static let copiesMaximum: Int64 = 20

    /// Whether it is meant for one of these calls.
    func matches(_ vendor: Vendor, calls: [String], hook: Bool) -> Bool {
        guard kind.isForHooks == hook, self.vendor == nil || self.vendor == vendor else { return false }
        return call == "*" || calls.contains { Self.normal($0) == call }
    }

    /// Case and the spelling of fulfilment do not matter.
    static func normal(_ call: String) -> String {
        call.lowercased().replacing("fulfilment", with: "fulfillment")
    }
}

extension Fault {
    /// Reads the list of `POST /__control/faults`.
    static func list(_ node: JSONNode?) throws(Problem) -> [Fault] {
        guard let entries = node?.array else {
            throw Problem.invalid([.init("body", "is not a list", allowed: "[{vendor, call, fault, …}] or []")])
        }
        var faults: [Fault] = []
        var bad: [Problem.Field] = []
        for (index, entry) in entries.enumerated() {
            switch Fault.read(entry, path: "[\(index)]") {
            case .success(let fault): faults.append(fault)
            case .failure(let refusal): bad += refusal.fields
            }
        }
        guard bad.isEmpty else { throw Problem.invalid(bad) }
        return faults
    }

    private static let names: Set<String> = [
        "vendor", "call", "fault", "status", "retryAfter", "delayMs", "copies", "times", "probability",
    ]

    private static func read(_ entry: JSONNode, path: String) -> Result<Fault, Problem> {
        var bad: [Problem.Field] = []
        let vendor = entry["vendor"]?.string.flatMap(Vendor.init)
        if vendor == nil, entry["vendor"]?.string != "*" {
            bad.append(.init("\(path).vendor", "is unknown", allowed: "shopify, simplyprint, sendcloud, mail, push, *"))
        }
        let call = entry["call"]?.string ?? ""
        if call.isEmpty { bad.append(.init("\(path).call", "is missing", allowed: "a call's name or *")) }
        let kind = entry["fault"]?.string.flatMap(Kind.init)
        if kind == nil {
            let allowed = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            bad.append(.init("\(path).fault", "is unknown", allowed: allowed))
        }
        let status = entry["status"]?.integer ?? (kind == .html ? 502 : 500)
        if !(100...599).contains(status) || (entry["status"] != nil && entry["status"]?.integer == nil) {
            bad.append(.init("\(path).status", "is no HTTP status", allowed: "100 to 599"))
        }
        let delay = entry["delayMs"]?.integer ?? 1_000
        if !(0...delayMillisecondsMaximum).contains(delay)
            || (entry["delayMs"] != nil && entry["delayMs"]?.integer == nil)
        {
            bad.append(.init("\(path).delayMs", "is out of range", allowed: "0 to \(delayMillisecondsMaximum)"))
        }
        let copies = entry["copies"]?.integer ?? 2
        if entry["copies"] != nil, !(1...copiesMaximum).contains(entry["copies"]?.integer ?? 0) {
            bad.append(.init("\(path).copies", "is out of range", allowed: "1 to \(copiesMaximum)"))
        }
        let times = entry["times"]?.integer
        if entry["times"] != nil, !(1...1_000_000).contains(times ?? 0) {
            bad.append(.init("\(path).times", "is out of range", allowed: "1 to 1000000"))
        }
        let probability = entry["probability"]?.double ?? 1
        if !(0...1).contains(probability) || (entry["probability"] != nil && entry["probability"]?.double == nil) {
            bad.append(.init("\(path).probability", "is out of range", allowed: "0 to 1"))
        }
        for member in entry.members ?? [] where !names.contains(member.name) {
            bad.append(.init("\(path).\(member.name)", "is unknown"))
        }
        guard bad.isEmpty, let kind else { return .failure(.invalid(bad)) }
        return .success(
            Fault(
                vendor: vendor, call: normal(call), kind: kind, status: Int(status),
                retryAfter: entry["retryAfter"]?.text, delayMilliseconds: Int(delay), copies: Int(copies),
                times: times.map { Int($0) }, probability: probability))
    }
}

/// The faults in force. A pure value.
struct FaultPlan: Sendable {
    private(set) var faults: [Fault] = []

    init(_ faults: [Fault] = []) {
        self.faults = faults
    }

    /// The first fault that strikes this call; one with `times` is used up by it.
    mutating func strike(
        _ vendor: Vendor, calls: [String], hook: Bool, using generator: inout some RandomNumberGenerator
    ) -> Fault? {
        for index in faults.indices where faults[index].matches(vendor, calls: calls, hook: hook) {
            let fault = faults[index]
            if fault.times == 0 { continue }
            if fault.probability < 1, Double.random(in: 0..<1, using: &generator) >= fault.probability { continue }
            if let times = fault.times { faults[index].times = times - 1 }
            return fault
        }
        return nil
    }
}
