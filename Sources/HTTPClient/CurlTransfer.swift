import CCurl
import HTTPWire

/// One exchange on one easy handle. Lives on the curl thread.
final class CurlTransfer {
    let arrival: CurlThread.Arrival
    let origin: String
    let deadline: ContinuousClock.Instant
    /// It stood in line for most of its time: that it had no answer says little about its server.
    let wasHeldUp: Bool
    let easy: UnsafeMutableRawPointer
    private var headerLines: UnsafeMutablePointer<curl_slist>?
    private let faultText: UnsafeMutablePointer<CChar>
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// Nil when there is no memory for it.
    init?(_ call: CallLines.Waiting, startedAt: ContinuousClock.Instant, configuration: HTTPClient.Configuration) {
        guard let easy = curl_easy_init() else { return nil }
        arrival = call.arrival
        origin = call.origin
        deadline = call.deadline
        wasHeldUp = call.deadline - startedAt < .seconds(call.arrival.request.timeoutSeconds / 2)
        self.easy = easy
        // SAFETY: CURL_ERROR_SIZE bytes as CURLOPT_ERRORBUFFER asks for, freed in `deinit` after the handle.
        faultText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        faultText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(arrival.request, configuration)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerLines)
        faultText.deallocate()
    }

    /// False only when libcurl had not yet begun to write: no request byte, no body byte, and not even the step before
    /// them (`PRETRANSFER`), on this connection or one before it.
    var mayHaveBeenSent: Bool {
        var requestBytes = 0
        var bodyBytes: curl_off_t = 0
        var pretransferMicroseconds: curl_off_t = 0
        let isKnown =
            forma3d_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes) == CURLE_OK
            && forma3d_curl_get_size(easy, CURLINFO_SIZE_UPLOAD_T, &bodyBytes) == CURLE_OK
            && forma3d_curl_get_size(easy, CURLINFO_PRETRANSFER_TIME_T, &pretransferMicroseconds) == CURLE_OK
        return !isKnown || requestBytes > 0 || bodyBytes > 0 || pretransferMicroseconds > 0
    }

    func outcome(_ code: CURLcode) -> CurlThread.Outcome {
        guard code == CURLE_OK else {
            let kind = isTooLarge ? .responseTooLarge : CurlFault.kind(code)
            let detail = isTooLarge ? "the answer is larger than allowed" : CurlFault.detail(code, text: faultText)
            return .failure(HTTPClientError(kind: kind, mayHaveBeenSent: mayHaveBeenSent, detail: detail))
        }
        guard head.isComplete else {
            return .failure(
                HTTPClientError(kind: .brokenLink, mayHaveBeenSent: true, detail: "the answer was cut off in its head"))
        }
        var status = 0
        _ = forma3d_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return .success(HTTPClientResponse(status: HTTPStatus(status), fields: head.fields, body: body))
    }

    private func configure(_ request: HTTPClientRequest, _ configuration: HTTPClient.Configuration) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(min(configuration.connectTimeoutSeconds, 3_600) * 1_000)))
        set(CURLOPT_USERAGENT, configuration.userAgent)
        if let file = configuration.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
        if RequestCheck.isLoopback(request.url) { set(CURLOPT_PROXY, "") }
        if request.neverResend { set(CURLOPT_FRESH_CONNECT, 1) }
        if request.publicAddressesOnly {
            set(CURLOPT_PROXY, "")
            _ = forma3d_curl_public_addresses_only(easy)
        } else {
            _ = forma3d_curl_close_sockets_on_exec(easy)
        }
        // SAFETY: the buffer lives as long as the handle.
        _ = forma3d_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, faultText)
        setMethodAndBody(request)
        setFields(request)
        setReceivers()
    }

    private func setMethodAndBody(_ request: HTTPClientRequest) {
        let hasBody = !request.body.isEmpty || [.post, .put, .patch].contains(request.method)
        if hasBody {
            set(CURLOPT_POST, 1)
            _ = forma3d_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            var body = request.body
            body.append(0)
            // SAFETY: COPYPOSTFIELDS copies POSTFIELDSIZE bytes before it returns; the added zero only makes the
            // buffer of an empty body non-nil.
            body.withUnsafeMutableBytes { buffer in
                _ = forma3d_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, buffer.baseAddress)
            }
        }
        if request.method == .head { set(CURLOPT_NOBODY, 1) }
        if request.method != .head, hasBody || request.method != .get {
            set(CURLOPT_CUSTOMREQUEST, request.method.name)
        }
    }

    private func setFields(_ request: HTTPClientRequest) {
        var lines = request.fields.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // libcurl would wait a second for "100 Continue" and would call every body a form.
        lines.append("Expect:")
        if request.fields["content-type"] == nil { lines.append("Content-Type:") }
        for line in lines { headerLines = curl_slist_append(headerLines, line) ?? headerLines }
        // SAFETY: the list lives as long as the handle.
        _ = forma3d_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerLines)
    }

    private func setReceivers() {
        // SAFETY: libcurl calls back on this thread only while the handle is in the multi handle, and `CurlTransfers`
        // holds this object as long.
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = forma3d_curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.receive(bytes, size * count, context) { $0.take(headLine: $1) }
        }
        _ = forma3d_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = forma3d_curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.receive(bytes, size * count, context) { $0.take(bodyPiece: $1) }
        }
        _ = forma3d_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    }

    /// What a receiver gives back: the count when taken, anything else ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        guard let bytes, count > 0 else { return count }
        // SAFETY: `context` is the transfer given in `setReceivers`; the bytes are valid during the call.
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func take(headLine: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = !head.take(line: headLine)
        return !isTooLarge
    }

    private func take(bodyPiece: UnsafeRawBufferPointer) -> Bool {
        guard bodyPiece.count <= arrival.request.responseLimitBytes - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bodyPiece)
        return true
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = forma3d_curl_set_long(easy, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        _ = forma3d_curl_set_text(easy, option, value)
    }
}
