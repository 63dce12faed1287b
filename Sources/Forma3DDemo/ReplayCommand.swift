import ArgumentParser
import Foundation
import HTTPClient
import HTTPWire
import Kernel
import Logging
import Processes

/// `forma3d-demo replay`, behind `scripts/replay`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Posts every payload of a folder, signed, to a running server and prints what became of each.",
        discussion: """
            The vendor is told by the file's path or content, Shopify's topic by the content. Secrets come from the
            server's own variables (SHOPIFY_WEBHOOK_SECRETS, SIMPLYPRINT_WEBHOOK_SECRET, SENDCLOUD_WEBHOOK_SECRET,
            INTERNAL_API_KEY) unless given. Exit code 1 when an answer was 5xx or none came.
            """)

    @Argument(help: "The folder; every .json file below it is posted.")
    var folder: String

    @Option(help: "The running server.")
    var url = "http://127.0.0.1:3000"

    @Option(help: "Take every file for this vendor's: shopify, simplyprint or sendcloud.")
    var vendor: String?

    @Option(help: "Send this Shopify topic with every file.")
    var topic: String?

    @Option(help: "The secret to sign with, for all vendors.")
    var secret: String?

    @Option(help: "The operators' key, to look up what became of an order.")
    var apiKey: String?

    @Option(help: "How long to wait for each order to come to rest, in seconds.")
    var settle = 5.0

    func run() async throws {
        ProcessLimits.ignoreBrokenPipes()
        var chosen: ReplayPayload.Vendor?
        if let vendor {
            guard let known = ReplayPayload.Vendor(rawValue: vendor) else {
                throw ValidationError("--vendor takes shopify, simplyprint or sendcloud.")
            }
            chosen = known
        }
        let payloads = try ReplayPayload.all(below: folder, vendor: chosen, topic: topic)
        let http = HTTPClient(logger: Logger(label: "replay") { _ in SwiftLogNoOpLogHandler() })
        var rows = [["file", "vendor and topic", "answer", "state", "reason"]]
        var hasFailed = false
        for (index, payload) in payloads.enumerated() {
            let status = await post(payload, number: index, over: http)
            hasFailed = hasFailed || status.map { $0 >= 500 } ?? true
            let outcome = await outcome(of: payload, status: status, over: http)
            let name = payload.vendor == .shopify ? "shopify \(payload.topic)" : payload.vendor.rawValue
            rows.append([payload.file, name, status.map(String.init) ?? "none", outcome.state, outcome.reason])
        }
        await http.close()
        for line in DemoTable.table(rows) { Terminal.line(line) }
        if hasFailed { throw ExitCode.failure }
    }

    private var signer: ReplaySigner {
        let environment = ProcessInfo.processInfo.environment
        func value(_ names: String...) -> String {
            names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        }
        let shopSecrets = value("SHOPIFY_WEBHOOK_SECRETS", "SHOPIFY_CLIENT_SECRET")
        return ReplaySigner(
            shopifySecret: secret ?? shopSecrets.split(separator: ",").first.map(String.init) ?? "",
            simplyPrintSecret: secret ?? value("SIMPLYPRINT_WEBHOOK_SECRET"),
            sendcloudSecret: secret ?? value("SENDCLOUD_WEBHOOK_SECRET", "SENDCLOUD_SECRET_KEY"),
            shopDomain: value("SHOPIFY_SHOP_DOMAIN"))
    }

    /// The status of the answer; nil when none came.
    private func post(_ payload: ReplayPayload, number: Int, over http: HTTPClient) async -> Int? {
        let path = "/webhooks/\(payload.vendor.rawValue)"
        let request = HTTPClientRequest(
            method: .post, url: url + path,
            fields: signer.fields(for: payload, deliveryID: "replay-\(UUID().uuidString.lowercased())-\(number)"),
            body: payload.body, timeoutSeconds: 10)
        return try? await http.send(request).status.code
    }

    /// What the operators' API shows of the order once it has come to rest.
    private func outcome(
        of payload: ReplayPayload, status: Int?, over http: HTTPClient
    ) async -> (state: String, reason: String) {
        guard let status, (200..<300).contains(status) else { return ("refused", "") }
        guard let id = payload.shopifyOrderID else { return ("stored", "") }
        let deadline = ContinuousClock.now + .seconds(settle)
        var seen: (state: String, reason: String) = ("stored", "no order came of it")
        while ContinuousClock.now < deadline {
            if let order = await order(id, over: http) {
                let reason = order["attention"]?["reason"]?.string ?? ""
                seen = (order["status"]?.string ?? "?", reason)
                if !["received", "validated"].contains(seen.state) || !reason.isEmpty { return seen }
            }
            try? await ContinuousClock().sleep(for: .milliseconds(100))
        }
        return seen
    }

    private func order(_ shopifyOrderID: String, over http: HTTPClient) async -> JSONValue? {
        let key = apiKey ?? ProcessInfo.processInfo.environment["INTERNAL_API_KEY"] ?? ""
        let request = HTTPClientRequest(
            method: .get, url: "\(url)/api/v1/orders?shopifyOrderId=\(shopifyOrderID)", fields: ["x-api-key": key],
            timeoutSeconds: 10)
        guard let response = try? await http.send(request), response.status.isSuccess,
            let answer = try? JSON.decode(JSONValue.self, from: response.body)
        else { return nil }
        return answer["items"]?[0]
    }
}
