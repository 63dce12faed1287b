import FoundationEssentials
import HTTPClient
import HTTPWire
import Kernel
import Logging

/// Sends the webhooks: the shell around `HookBook`.
actor HookPost {
    private let client: HTTPClient
    private let clock: SandboxClock
    private let faults: FaultDesk
    private let alarm: Alarm
    private var book = HookBook()
    /// Told when a delivery to a subscription of the Admin API is over.
    private let onOver: @Sendable (_ subscriptionID: Int64, _ succeeded: Bool) async -> Void

    init(
        client: HTTPClient, clock: SandboxClock, faults: FaultDesk, alarm: Alarm,
        onOver: @escaping @Sendable (Int64, Bool) async -> Void
    ) {
        self.client = client
        self.clock = clock
        self.faults = faults
        self.alarm = alarm
        self.onOver = onOver
    }

    /// A webhook to send, before faults have had their say.
    struct Letter: Sendable {
        let vendor: Vendor
        let topic: String
        let url: String
        let fields: HTTPFields
        let body: [UInt8]
        let rule: RetryRule
        var subscriptionID: Int64?
        /// The field that proves where it comes from; a wrong signature replaces it.
        let signatureField: String
    }

    func send(_ letters: [Letter]) async {
        guard !letters.isEmpty else { return }
        for letter in letters {
            let fault = await faults.strike(letter.vendor, calls: [letter.topic, "hook"], hook: true)
            let now = clock.now()
            var fields = letter.fields
            if fault?.kind == .hookWrongSignature { fields[letter.signatureField] = "bm90IHRoZSBzaWduYXR1cmU=" }
            for delay in Self.delaysSeconds(fault) {
                book.add { id in
                    HookDelivery(
                        id: id, vendor: letter.vendor, topic: letter.topic, url: letter.url, fields: fields,
                        body: letter.body, rule: letter.rule, subscriptionID: letter.subscriptionID,
                        dueAt: now.addingTimeInterval(delay),
                        state: fault?.kind == .hookDrop ? .dropped : .waiting)
                }
            }
        }
        await alarm.ring()
    }

    /// When each delivery goes out, from now.
    private static func delaysSeconds(_ fault: Fault?) -> [Double] {
        guard let fault else { return [0] }
        let longest = Double(fault.delayMilliseconds) / 1_000
        return switch fault.kind {
        case .hookDuplicate: [0, 0]
        case .hookDelay: [longest]
        case .hookScatter: (0..<Int.random(in: 1...fault.copies)).map { _ in Double.random(in: 0...longest) }
        default: [0]
        }
    }

    var nextDue: Date? { book.nextDue }

    func takeDue(at now: Date) -> [HookDelivery] { book.takeDue(at: now) }

    /// One attempt; the outcome goes into the book.
    func attempt(_ delivery: HookDelivery) async {
        var request = HTTPClientRequest(method: .post, url: delivery.url, fields: delivery.fields, body: delivery.body)
        request.timeoutSeconds = delivery.rule.timeoutSeconds
        let attempt: HookDelivery.Attempt
        do {
            let response = try await client.send(request)
            attempt = .init(at: clock.now(), status: response.status.code, reason: nil)
        } catch {
            attempt = .init(at: clock.now(), status: nil, reason: "\(error.kind)")
        }
        let over = book.note(delivery.id, attempt, pace: clock.pace, at: clock.now())
        if let over, let subscriptionID = over.subscriptionID {
            await onOver(subscriptionID, over.state == .delivered)
        }
        await alarm.ring()
    }

    var nodes: [JSONNode] { book.nodes }

    func reset() { book = HookBook() }
}
