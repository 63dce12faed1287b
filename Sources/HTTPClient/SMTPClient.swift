package import Kernel
package import Logging
import Synchronization

/// Mail submission over SMTP on libcurl (RFC 5321, RFC 6409): one message to one recipient on a connection of its own.
///
/// Not on the curl thread of `HTTPClient`: libcurl waits for the answer to the final dot, and to QUIT, without going
/// back to its caller (lib/smtp.c, `smtp_done`), so a slow mail server would hold up every call to a vendor.
package final class SMTPClient: Sendable {
    package enum Security: String, Sendable, CaseIterable {
        /// Plain first, TLS before anything is said (RFC 3207); a server that does not offer it is not used.
        case startTLS = "starttls"
        /// TLS from the first byte (RFC 8314).
        case implicitTLS = "tls"
        /// For a server on this machine.
        case none
    }

    package struct Configuration: Sendable {
        package var host: String
        package var port: Int
        package var security: Security
        /// Both or none; nil sends without logging in.
        package var user: String?
        package var password: String?
        package var connectTimeoutSeconds = 10.0
        /// A PEM file of the authorities to trust instead of the system's; nil for the system's.
        package var certificateAuthorityFile: String?

        package init(host: String, port: Int, security: Security, user: String? = nil, password: String? = nil) {
            self.host = host
            self.port = port
            self.security = security
            self.user = user
            self.password = password
        }
    }

    /// One mail, ready for the wire.
    package struct Mail: Sendable {
        package let sender: MailAddress
        package let recipient: MailAddress
        /// Head and body, every line ended by CR LF, none longer than 998 bytes (RFC 5322 §2.1.1).
        package let content: [UInt8]

        package init(sender: MailAddress, recipient: MailAddress, content: [UInt8]) {
            self.sender = sender
            self.recipient = recipient
            self.content = content
        }
    }

    /// RFC 5321 §4.5.3.1.7 promises 64 KiB everywhere; what we write is a few hundred bytes.
    package static let contentBytesMaximum = 64 * 1024
    static let vendor = "mail"

    private let threads: MailThreads
    private let configuration: Configuration
    private let logger: Logger

    package init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        threads = MailThreads(logger: logger)
    }

    /// Hands one mail over to the server.
    ///
    /// - Parameter timeoutSeconds: from now to the answer to the final dot, the wait for a free thread included.
    /// - Throws: `VendorFailure`. Its `mayHaveHappened` is false when the server certainly did not take the mail: it was
    ///   not handed over whole (RFC 5321 §4.1.1.4: without the final dot there is no mail), or it was refused.
    package func send(_ mail: Mail, timeoutSeconds: Double) async throws(VendorFailure) {
        TransactionScope.requireClosed(for: "mail.send")
        let start = ContinuousClock.now
        do throws(VendorFailure) {
            guard mail.content.count <= Self.contentBytesMaximum else {
                throw Self.failure(.rejected, "the mail is larger than \(Self.contentBytesMaximum) bytes")
            }
            try await handOver(mail, deadline: CallDeadline.from(now: start, seconds: timeoutSeconds))
            VendorLine.record(Self.vendor, "send", ContinuousClock.now - start, status: 250, nil, logger: logger)
        } catch {
            VendorLine.record(
                Self.vendor, "send", ContinuousClock.now - start, status: error.status, error, logger: logger)
            throw error
        }
    }

    private func handOver(_ mail: Mail, deadline: ContinuousClock.Instant) async throws(VendorFailure) {
        do throws(VendorFailure) {
            try await perform(.mail(mail), deadline: deadline)
            VendorSigns.tell(Self.vendor, .answered)
        } catch {
            VendorSigns.tell(Self.vendor, error.sign)
            throw error
        }
    }

    /// Connects, begins TLS and logs in as for a mail, and says no more than NOOP.
    package func check(timeoutSeconds: Double) async throws(VendorFailure) {
        try await perform(.check, deadline: .now + .seconds(timeoutSeconds))
    }

    /// Gives up what is in hand and waits for its threads.
    package func close() async {
        await threads.stopAndWait()
    }

    private func perform(_ task: MailTransfer.Task, deadline: ContinuousClock.Instant) async throws(VendorFailure) {
        let control = MailControl()
        let configuration = configuration
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                threads.submit(
                    MailThreads.Arrival(control: control, continuation: continuation) {
                        MailTransfer.perform(task, configuration, deadline: deadline, control: control)
                    })
            }
        } onCancel: {
            control.cancel()
        }
        if let failure = outcome { throw failure }
    }

    static func failure(
        _ kind: VendorFailure.Kind, _ message: String, status: Int? = nil, mayHaveHappened: Bool = false
    ) -> VendorFailure {
        VendorFailure(
            vendor: vendor, operation: "send", kind: kind, status: status, mayHaveHappened: mayHaveHappened,
            message: message)
    }
}

/// Lets a caller give up a mail that a thread has in hand.
final class MailControl: Sendable {
    private let flag = Atomic<Bool>(false)

    func cancel() { flag.store(true, ordering: .releasing) }
    var isCancelled: Bool { flag.load(ordering: .acquiring) }
}
