package import ArgumentParser
import Glibc
import HTTPServer
import Logging
import Synchronization

/// `forma3d-sandbox`: local stand-ins of Shopify, SimplyPrint and Sendcloud.
@main
package struct SandboxCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "forma3d-sandbox",
        abstract: "Local stand-ins of Shopify, SimplyPrint, Sendcloud, mail and push, for development and tests.",
        discussion: """
            The vendors speak their real wire formats below /shopify, /simplyprint, /simplyprint-files and
            /sendcloud/api/v2. Webhooks go to TARGET/webhooks/shopify, …/simplyprint and …/sendcloud, with the vendors'
            headers, signatures and retries. Mail is taken on a port of its own, push messages below /push.

            POST /__control/orders places an order: {"lines": [{"sku": "LAMP-BLK", "quantity": 2}]}.
            GET /__control/ledger shows every effect, POST /__control/faults switches faults,
            POST /__control/reset forgets everything. docs/05-deployment/sandbox.md has the rest.
            """)

    @Option(help: ArgumentHelp("The port to listen on; 0 picks a free one and prints it.", valueName: "P"))
    package var port = 4010

    @Option(help: ArgumentHelp("The server that gets the webhooks, http://127.0.0.1:3000.", valueName: "URL"))
    package var target: String?

    @Option(help: ArgumentHelp("How much faster than life: a print takes 60 s divided by N.", valueName: "N"))
    package var speed = 1.0

    @Option(help: ArgumentHelp("SimplyPrint requests a minute; 0 for no limit.", valueName: "N"))
    package var rateLimit = 60

    @Option(help: ArgumentHelp("Printers of the farm (default: 4, or 64 from speed 10000).", valueName: "N"))
    package var printers: Int?

    @Option(help: "The address to listen on.")
    package var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "The port of the mail server (default: the one after --port, or a free one).", valueName: "P"))
    package var mailPort: Int?

    @Option(
        help: ArgumentHelp(
            "What the vendors' links begin with, where a proxy stands before them.", valueName: "URL"))
    package var publicURL: String?

    @Flag(help: "Print the settings a server needs to use this stand-in, and end.")
    package var env = false

    package init() {}

    package mutating func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
        if let mailPort, !(0...65_535).contains(mailPort) { throw ValidationError("--mail-port is 0 to 65535.") }
        guard Pace.factorRange.contains(speed) else { throw ValidationError("--speed is 0.01 to 1000000.") }
        guard (0...1_000_000).contains(rateLimit) else { throw ValidationError("--rate-limit is 0 to 1000000.") }
        if let printers, !(0...1_000).contains(printers) { throw ValidationError("--printers is 0 to 1000.") }
        if env, port == 0 { throw ValidationError("--env needs a --port other than 0.") }
        if let target, !target.hasPrefix("http://"), !target.hasPrefix("https://") {
            throw ValidationError("--target is an http or https URL.")
        }
        if !env, target == nil { throw ValidationError("--target is missing: the server that gets the webhooks.") }
    }

    package func run() async throws {
        var options = SandboxOptions()
        options.host = host
        options.port = port
        options.mailPort = mailPort
        options.target = target
        options.speed = speed
        options.requestsPerMinute = rateLimit
        options.printers = printers
        if let publicURL { options.publicURL = publicURL }
        if env {
            Self.say(options.environment(port: port).map { "\($0.name)=\($0.value)" }.joined(separator: "\n"))
            return
        }
        SignalFlag.arm()
        var logger = Logger(label: "sandbox") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let service = SandboxService(options: options, logger: logger)
        let bound: Int
        do {
            bound = try await service.start()
        } catch let error as MailSink.CannotListen {
            throw ValidationError("cannot listen for mail on \(host):\(error.port): choose another --mail-port")
        } catch let error as HTTPServerError {
            throw ValidationError("cannot listen on \(host):\(port): \(error)")
        }
        Self.say("sandbox: listening on http://\(host):\(bound)")
        while !SignalFlag.isRaised { try await ContinuousClock().sleep(for: .milliseconds(50)) }
        await service.stop()
    }

    /// Standard output without a buffer, so that whoever waits for the line gets it.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        var sent = 0
        while sent < bytes.count {
            let count = write(STDOUT_FILENO, Array(bytes[sent...]), bytes.count - sent)
            guard count > 0 else { return }
            sent += count
        }
    }
}

/// Set by SIGTERM and SIGINT; a handler may do no more than store a flag.
private let stopSignalCame = Atomic<Bool>(false)

private enum SignalFlag {
    static var isRaised: Bool { stopSignalCame.load(ordering: .acquiring) }

    static func arm() {
        // Touched before any signal can come, so that the handler never runs the lazy initialiser.
        stopSignalCame.store(false, ordering: .releasing)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGTERM) { _ in stopSignalCame.store(true, ordering: .releasing) }
        signal(SIGINT) { _ in stopSignalCame.store(true, ordering: .releasing) }
    }
}
