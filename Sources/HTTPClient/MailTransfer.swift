import CCurl
import Glibc
import Kernel

/// One SMTP session on one easy handle, from the connection to the answer to the final dot. Blocks its thread.
///
/// The one question is whether the server may have the mail. libcurl asks for the content after the 354 to DATA, and
/// sends the final dot after it was given the last byte: before that byte there is no mail (RFC 5321 §4.1.1.4), from
/// then on only an answer tells.
final class MailTransfer {
    enum Task: Sendable {
        case mail(SMTPClient.Mail)
        case check
    }

    private let easy: UnsafeMutableRawPointer
    private let task: Task
    private let control: MailControl
    private let content: [UInt8]
    private var handedOver = 0
    private var hasBegun = false
    private var lastLine: [UInt8] = []
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private let faultText: UnsafeMutablePointer<CChar>
    /// The open connection; -1 for none. Written by libcurl's callbacks.
    private let socket: UnsafeMutablePointer<Int32>

    /// Of the server's words; the rest of a line is dropped.
    private static let lineBytesMaximum = 512

    static func perform(
        _ task: Task, _ configuration: SMTPClient.Configuration, deadline: ContinuousClock.Instant,
        control: MailControl
    ) -> VendorFailure? {
        let (seconds, attoseconds) = (deadline - .now).components
        let milliseconds = Int(min(seconds, 3_600)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        guard milliseconds > 0 else {
            return SMTPClient.failure(.givenUp, "no connection to the mail server was free in time")
        }
        _ = CurlThread.library
        guard let easy = curl_easy_init() else { return SMTPClient.failure(.unreachable, "no memory for a transfer") }
        let transfer = MailTransfer(task, easy: easy, control: control)
        transfer.configure(configuration, timeoutMilliseconds: milliseconds)
        let code = curl_easy_perform(easy)
        // libcurl says QUIT when it closes a session that is left, and waits up to two minutes for an answer that
        // changes nothing: it is not waited for, and where something went wrong it is not said.
        if transfer.socket.pointee >= 0 {
            shutdown(transfer.socket.pointee, Int32(code == CURLE_OK ? SHUT_RD : SHUT_RDWR))
        }
        return transfer.failure(code)
    }

    private init(_ task: Task, easy: UnsafeMutableRawPointer, control: MailControl) {
        self.task = task
        self.easy = easy
        self.control = control
        if case .mail(let mail) = task { content = mail.content } else { content = [] }
        // SAFETY: CURL_ERROR_SIZE bytes as CURLOPT_ERRORBUFFER asks for, freed in `deinit` after the handle.
        faultText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        faultText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // SAFETY: one number, freed in `deinit` after the handle.
        socket = .allocate(capacity: 1)
        socket.initialize(to: -1)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(recipients)
        faultText.deallocate()
        socket.deallocate()
    }

    /// Everything has been given to libcurl: the dot may be on its way.
    private var isHandedOver: Bool { hasBegun && handedOver == content.count }

    private func failure(_ code: CURLcode) -> VendorFailure? {
        guard code != CURLE_OK else { return nil }
        var status = 0
        _ = forma3d_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let isRefusal = (400..<600).contains(status) && code != CURLE_OPERATION_TIMEDOUT
        if control.isCancelled, !isRefusal {
            return SMTPClient.failure(.givenUp, "the call was given up here", mayHaveHappened: isHandedOver)
        }
        guard isHandedOver else { return beforeTheDot(code, status: isRefusal ? status : nil) }
        // An answer to the dot that refuses is an answer (RFC 5321 §4.2.1); anything else tells nothing.
        if isRefusal { return refusal(status) }
        let (kind, words): (VendorFailure.Kind, String) =
            code == CURLE_OPERATION_TIMEDOUT
            ? (.timedOut, "the mail was handed over, but no answer came in time")
            : (.broken, "the mail was handed over, but the connection broke before the answer")
        return SMTPClient.failure(kind, words, mayHaveHappened: true)
    }

    private func beforeTheDot(_ code: CURLcode, status: Int?) -> VendorFailure {
        if code == CURLE_LOGIN_DENIED {
            return SMTPClient.failure(.unauthorized, "the server refused SMTP_USER and SMTP_PASS", status: status)
        }
        if code == CURLE_USE_SSL_FAILED {
            return SMTPClient.failure(.unreachable, "the server offers no STARTTLS, which SMTP_SECURITY asks for")
        }
        if let status { return refusal(status) }
        let detail = CurlFault.detail(code, text: faultText)
        return switch CurlFault.kind(code) {
        case .invalidURL: SMTPClient.failure(.rejected, "the address set for it cannot be used: \(detail)")
        case .unresolved: SMTPClient.failure(.unreachable, "its name could not be resolved: \(detail)")
        case .refused: SMTPClient.failure(.unreachable, "no connection: \(detail)")
        case .tls: SMTPClient.failure(.unreachable, "no trusted connection: \(detail)")
        case .timedOut: SMTPClient.failure(.timedOut, "no answer in time; nothing was handed over")
        default: SMTPClient.failure(.unreachable, "the connection broke before the mail was handed over: \(detail)")
        }
    }

    /// RFC 5321 §4.2.1: 4xx asks to come again, 5xx not to; RFC 4954 §6 names the ones about logging in.
    private func refusal(_ status: Int) -> VendorFailure {
        let kind: VendorFailure.Kind =
            switch status {
            case 530, 534, 535, 538: .unauthorized
            case 400..<500: .rateLimited
            default: .rejected
            }
        let words = VendorText.clean(String(decoding: lastLine, as: UTF8.self))
        return SMTPClient.failure(kind, words.isEmpty ? "refused with \(status)" : words, status: status)
    }

    // MARK: libcurl

    private func configure(_ configuration: SMTPClient.Configuration, timeoutMilliseconds: Int) {
        let scheme = configuration.security == .implicitTLS ? "smtps" : "smtp"
        // What stands behind the slash is said in EHLO: a name that exists, not the machine's own.
        let name = if case .mail(let mail) = task { mail.sender.domain } else { "localhost" }
        set(CURLOPT_URL, "\(scheme)://\(configuration.host):\(configuration.port)/\(name)")
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if configuration.security == .startTLS { set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let file = configuration.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
        if let user = configuration.user, let password = configuration.password {
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password)
            set(CURLOPT_SASL_IR, 1)
        }
        set(CURLOPT_FRESH_CONNECT, 1)
        set(CURLOPT_TIMEOUT_MS, timeoutMilliseconds)
        let connectMilliseconds = Int(configuration.connectTimeoutSeconds * 1_000)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, min(connectMilliseconds, timeoutMilliseconds)))
        // Bounds the goodbye after a refusal too, which no other limit does.
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, (timeoutMilliseconds + 999) / 1_000))
        // SAFETY: the number lives as long as the handle.
        forma3d_curl_keep_socket(easy, socket)
        // SAFETY: the buffer lives as long as the handle.
        _ = forma3d_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, faultText)
        setTask()
        setCallbacks()
    }

    private func setTask() {
        switch task {
        case .check:
            set(CURLOPT_CUSTOMREQUEST, "NOOP")
            set(CURLOPT_NOBODY, 1)
        case .mail(let mail):
            set(CURLOPT_MAIL_FROM, "<\(mail.sender.text)>")
            recipients = curl_slist_append(nil, "<\(mail.recipient.text)>")
            // SAFETY: the list lives as long as the handle.
            _ = forma3d_curl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
            set(CURLOPT_UPLOAD, 1)
            _ = forma3d_curl_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.content.count))
        }
    }

    private func setCallbacks() {
        // SAFETY: libcurl calls back during `curl_easy_perform` and `curl_easy_cleanup` only, both on this thread and
        // both while this object lives.
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = forma3d_curl_set_receiver(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            MailTransfer.of(context)?.give(bytes, size * count) ?? 0
        }
        _ = forma3d_curl_set_pointer(easy, CURLOPT_READDATA, context)
        _ = forma3d_curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            MailTransfer.of(context)?.hear(bytes, size * count) ?? 0
        }
        _ = forma3d_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = forma3d_curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        set(CURLOPT_NOPROGRESS, 0)
        _ = forma3d_curl_set_progress(easy) { context, _, _, _, _ in
            MailTransfer.of(context)?.control.isCancelled == true ? 1 : 0
        }
        _ = forma3d_curl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> MailTransfer? {
        // SAFETY: `context` is the transfer given in `setCallbacks`.
        context.map { Unmanaged<MailTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func give(_ bytes: UnsafeMutablePointer<CChar>?, _ space: Int) -> Int {
        hasBegun = true
        guard let bytes else { return 0 }
        let count = min(space, content.count - handedOver)
        content.withUnsafeBytes { source in
            // SAFETY: libcurl's buffer has `space` bytes; `count` is within both.
            UnsafeMutableRawBufferPointer(start: bytes, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[handedOver..<handedOver + count]))
        }
        handedOver += count
        return count
    }

    private func hear(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes else { return count }
        // SAFETY: libcurl's line has `count` bytes and is valid during the call.
        lastLine = Array(UnsafeRawBufferPointer(start: bytes, count: min(count, Self.lineBytesMaximum)))
        return count
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = forma3d_curl_set_long(easy, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        _ = forma3d_curl_set_text(easy, option, value)
    }
}
