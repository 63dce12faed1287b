import FoundationEssentials
import HTTPServer
import HTTPWire
import Kernel
import Routing

/// Everything behind the one port: three vendors by their path, the control surface beside them, faults in between.
final class SandboxFront: Sendable {
    /// Uploads are the largest bodies; SimplyPrint takes 100 MB a part, a stand-in needs less.
    static let bodyBytesMaximum = 32 * 1024 * 1024

    let options: SandboxOptions
    let clock: SandboxClock
    let alarm: Alarm
    let faults: FaultDesk
    let shopify: ShopifyDesk
    let farm: FarmDesk
    let parcels: ParcelDesk
    let push: PushOffice
    let mail: MailOffice
    let hooks: HookPost
    let late: LateEffects
    private let control: Gateway

    /// - Parameter makePost: the sender of webhooks; it is told the shop's subscriptions' outcomes.
    init(
        options: SandboxOptions, clock: SandboxClock, alarm: Alarm, faults: FaultDesk, hooks: HookPost,
        late: LateEffects, shopify: ShopifyDesk, farm: FarmDesk, parcels: ParcelDesk, push: PushOffice,
        mail: MailOffice
    ) throws {
        self.options = options
        self.clock = clock
        self.alarm = alarm
        self.faults = faults
        self.hooks = hooks
        self.shopify = shopify
        self.farm = farm
        self.parcels = parcels
        self.push = push
        self.mail = mail
        self.late = late
        let surface = ControlSurface(
            options: options, clock: clock, alarm: alarm, faults: faults, hooks: hooks, late: late, shopify: shopify,
            farm: farm, parcels: parcels, push: push, mail: mail)
        control = try Gateway(routes: surface.routes, authenticate: { _, _ in }, onError: { _, _, _ in })
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let segments = request.path.split(separator: "/").map { QueryString.decode($0, plusIsSpace: false) }
        guard let root = segments.first, root != "__control" else { return await control.respond(to: request) }
        let depth = root == "sendcloud" ? 3 : 1
        guard let desk = desk(for: segments) else { return await control.respond(to: request) }
        let body: [UInt8]
        do {
            body = try await request.body.collect(limitBytes: Self.bodyBytesMaximum)
        } catch {
            return .json(["error": "the body is too large or broke off"], status: 413)
        }
        let inner = VendorRequest(
            method: request.method, segments: Array(segments.dropFirst(depth)),
            query: QueryString.pairs(of: request.query), fields: request.fields, body: body, path: request.path)
        let answer = await respond(to: inner, at: desk, isFileHost: root == "simplyprint-files")
        await alarm.ring()
        return answer
    }

    private func desk(for segments: [String]) -> (any VendorDesk)? {
        switch segments.first {
        case "shopify": shopify
        case "simplyprint", "simplyprint-files": farm
        case "push": push
        case "sendcloud" where segments.count > 2 && segments[1] == "api" && segments[2] == "v2": parcels
        default: nil
        }
    }

    /// The vendor's answer, or what a fault makes of it.
    private func respond(
        to request: VendorRequest, at desk: any VendorDesk, isFileHost: Bool
    ) async -> HTTPResponse {
        let farm = self.farm
        let carryOut: @Sendable () async -> HTTPResponse = {
            isFileHost ? await farm.respond(to: request, isFileHost: true) : await desk.respond(to: request)
        }
        guard let fault = await faults.strike(desk.vendor, calls: desk.calls(of: request), hook: false) else {
            return await carryOut()
        }
        switch fault.kind {
        case .dropBefore: return .cutConnection
        case .dropAfter:
            _ = await carryOut()
            return .cutConnection
        case .late:
            let delay = Double(fault.delayMilliseconds) / 1_000
            await late.add(afterSeconds: delay) { _ = await carryOut() }
            return .cutConnection
        case .delay:
            let answer = await carryOut()
            // Cut short when the client is gone; the effect stands either way.
            try? await ContinuousClock().sleep(for: .milliseconds(fault.delayMilliseconds))
            return answer
        case .html:
            return HTTPResponse(
                status: HTTPStatus(fault.status), fields: ["content-type": "text/html; charset=utf-8"],
                body: .bytes(
                    Array("<html><body><center><h1>\(fault.status) Bad Gateway</h1></center></body></html>".utf8)))
        case .status:
            var fields: HTTPFields = [:]
            fields["retry-after"] = fault.retryAfter
            return .json(desk.refusal(request, status: fault.status), status: fault.status, fields: fields)
        case .throttle: return await desk.throttled(request, retryAfter: fault.retryAfter)
        case .hookDrop, .hookDuplicate, .hookDelay, .hookScatter, .hookWrongSignature: return await carryOut()
        }
    }

    /// Lets happen what is due everywhere. - Returns: when something is due next.
    func advance() async -> Date? {
        var next: [Date] = []
        for desk in [shopify, farm, parcels, push] as [any VendorDesk] {
            if let due = await desk.advance() { next.append(due) }
        }
        if let due = await hooks.nextDue { next.append(due) }
        if let due = await late.nextDue { next.append(due) }
        return next.min()
    }
}

/// Effects that come after their connection was cut.
actor LateEffects {
    private let clock: SandboxClock
    private let alarm: Alarm
    private var agenda = Agenda<@Sendable () async -> Void>()

    init(clock: SandboxClock, alarm: Alarm) {
        self.clock = clock
        self.alarm = alarm
    }

    func add(afterSeconds seconds: Double, _ effect: @escaping @Sendable () async -> Void) async {
        agenda.add(effect, at: clock.now().addingTimeInterval(seconds))
        await alarm.ring()
    }

    var nextDue: Date? { agenda.nextDue }

    func takeDue(at now: Date) -> [@Sendable () async -> Void] {
        var due: [@Sendable () async -> Void] = []
        while let (_, effect) = agenda.popDue(at: now) { due.append(effect) }
        return due
    }

    func reset() { agenda = Agenda() }
}
