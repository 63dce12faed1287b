import EventLoop
import FoundationEssentials
import HTTPClient
import HTTPServer
import HTTPWire
package import Logging
import Synchronization

/// The stand-in as a whole: one port, three vendors, their webhooks. Runs in a program of its own or inside a test.
package actor SandboxService {
    /// How long requests in hand may take when it stops.
    static let drainSeconds = 2
    /// The longest a timer sleeps; a later event gets a new one then, so that few are left over at any time.
    static let timerSecondsMaximum = 1.0

    private let options: SandboxOptions
    private let logger: Logger
    private var running: Running?

    private struct Running {
        let front: SandboxFront
        let server: HTTPServer
        let loop: EventLoop
        let client: HTTPClient
        let alarm: Alarm
        let stopping: Stopping
        let mail: MailSink?
        /// Owned here, ended and awaited by `stop()`.
        let task: Task<Void, Never>
    }

    private final class Stopping: Sendable {
        let isAsked = Atomic<Bool>(false)
    }

    package init(options: SandboxOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Binds, listens and begins to play. - Returns: the port. - Throws: `HTTPServerError`.
    package func start() throws -> Int {
        let entrance = Entrance()
        let loop = EventLoop(name: "sandbox", logger: logger)
        var configuration = HTTPServerConfiguration()
        configuration.host = options.host
        configuration.port = options.port
        let server = HTTPServer(configuration: configuration, loop: loop, logger: logger) { request in
            await entrance.respond(to: request)
        }
        let port = try server.start()
        var known = options
        if known.publicURL.isEmpty {
            known.publicURL = "http://\(options.host == "0.0.0.0" ? "127.0.0.1" : options.host):\(port)"
        }
        var outgoing = HTTPClient.Configuration()
        // Shopify gives a connection one second (contracts §1.4).
        outgoing.connectTimeoutSeconds = 1
        let client = HTTPClient(configuration: outgoing, logger: logger)
        let alarm = Alarm()
        let front = try Self.front(options: known, client: client, alarm: alarm)
        let mail = try mailSink(front)
        entrance.open(front)
        let stopping = Stopping()
        let task = Task {
            await withDiscardingTaskGroup { group in
                if let mail { group.addTask { await mail.run() } }
                await Self.play(front, alarm: alarm, stopping: stopping)
                mail?.stop()
            }
        }
        running = Running(
            front: front, server: server, loop: loop, client: client, alarm: alarm, stopping: stopping, mail: mail,
            task: task)
        return port
    }

    /// Where the mail server listens; nil when it does not.
    package var mailPort: Int? { running?.mail?.port }

    /// Nil when the port that nobody asked for is taken: the rest is of use without mail.
    private func mailSink(_ front: SandboxFront) throws -> MailSink? {
        do {
            return try MailSink(
                host: options.host, port: options.mailPortWanted, office: front.mail, faults: front.faults,
                late: front.late, logger: logger)
        } catch let error as MailSink.CannotListen where options.mailPort == nil {
            logger.warning("no mail is taken: the port is in use", metadata: ["port": "\(error.port)"])
            return nil
        }
    }

    /// Answers what is in hand, then ends; webhooks not delivered yet are lost with it.
    package func stop() async {
        guard let running else { return }
        self.running = nil
        await running.server.drain(within: .seconds(Self.drainSeconds))
        running.stopping.isAsked.store(true, ordering: .releasing)
        running.task.cancel()
        await running.alarm.ring()
        await running.task.value
        await running.client.close()
        running.loop.shutDown()
    }

    private static func front(options: SandboxOptions, client: HTTPClient, alarm: Alarm) throws -> SandboxFront {
        let clock = SandboxClock(pace: Pace(options.speed))
        let faults = FaultDesk()
        let letterbox = Letterbox()
        let shopify = ShopifyDesk(options: options, clock: clock) { await letterbox.post($0) }
        let farm = FarmDesk(options: options, clock: clock) { await letterbox.post($0) }
        let parcels = ParcelDesk(options: options, clock: clock) { await letterbox.post($0) }
        let hooks = HookPost(client: client, clock: clock, faults: faults, alarm: alarm) { id, succeeded in
            await shopify.noteDelivery(to: id, succeeded: succeeded)
        }
        letterbox.open(hooks)
        return try SandboxFront(
            options: options, clock: clock, alarm: alarm, faults: faults, hooks: hooks,
            late: LateEffects(clock: clock, alarm: alarm), shopify: shopify, farm: farm, parcels: parcels,
            push: PushOffice(options: options, clock: clock), mail: MailOffice())
    }

    /// Lets time pass: what is due happens, webhooks go out, late effects arrive.
    private static func play(_ front: SandboxFront, alarm: Alarm, stopping: Stopping) async {
        await withDiscardingTaskGroup { group in
            var timerFiresAt: ContinuousClock.Instant?
            while !stopping.isAsked.load(ordering: .acquiring) {
                _ = await front.advance()
                let now = front.clock.now()
                for delivery in await front.hooks.takeDue(at: now) {
                    group.addTask { await front.hooks.attempt(delivery) }
                }
                for effect in await front.late.takeDue(at: now) { group.addTask { await effect() } }
                if let fired = timerFiresAt, fired <= .now { timerFiresAt = nil }
                if let next = await front.advance() {
                    let seconds = next.timeIntervalSince(front.clock.now())
                    guard seconds > 0 else { continue }
                    let fire = ContinuousClock.now + .seconds(min(seconds, timerSecondsMaximum))
                    if timerFiresAt.map({ fire < $0 }) ?? true {
                        timerFiresAt = fire
                        group.addTask {
                            try? await ContinuousClock().sleep(until: fire)
                            await alarm.ring()
                        }
                    }
                }
                await alarm.wait()
            }
            group.cancelAll()
        }
    }
}

/// Lets requests in once everything behind the port is made; the port is known only after it listens.
private final class Entrance: Sendable {
    private let front = Mutex<SandboxFront?>(nil)

    func open(_ front: SandboxFront) { self.front.withLock { $0 = front } }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let front = front.withLock({ $0 }) else { return .text("starting", status: 503) }
        return await front.respond(to: request)
    }
}

/// Ties the vendors to the sender of webhooks, which itself needs the shop.
private final class Letterbox: Sendable {
    private let hooks = Mutex<HookPost?>(nil)

    func open(_ hooks: HookPost) { self.hooks.withLock { $0 = hooks } }

    func post(_ letters: [HookPost.Letter]) async {
        guard !letters.isEmpty, let hooks = hooks.withLock({ $0 }) else { return }
        await hooks.send(letters)
    }
}
