import Cryptography
package import HTTPClient
import HTTPWire
package import Kernel
package import Logging

/// Sendcloud's API, version 2 (https://api.sendcloud.dev/docs/sendcloud-public-api).
///
/// Every failure is a `VendorFailure`; nothing is retried here. HTTP 200 is not success: a parcel can come back with
/// status 1002 and `errors`.
package struct SendcloudClient: Sendable {
    package static let responseLimitBytes = 16 * 1024 * 1024
    /// Pages of parcels with one external reference; more than one parcel is already a fault.
    static let pagesMaximum = 20

    let configuration: SendcloudConfiguration
    private let line: VendorLine

    package init(configuration: SendcloudConfiguration, http: HTTPClient, logger: Logger) {
        self.configuration = configuration
        line = VendorLine(vendor: "sendcloud", http: http, logger: logger)
    }

    /// Asks whether the keys are good.
    package func user() async throws(VendorFailure) {
        try await ask("user", .get, url("user")) { _ throws(VendorFailure) in }
    }

    /// The shipping methods of this account; their ids differ from account to account and may disappear.
    package func shippingMethods() async throws(VendorFailure) -> [ShippingMethod] {
        try await ask("shippingMethods", .get, url("shipping_methods")) { answer throws(VendorFailure) in
            try answer.decode(ShippingMethodsBody.self).methods
        }
    }

    /// The ids of the addresses parcels can be sent from.
    package func senderAddresses() async throws(VendorFailure) -> [Int64] {
        try await ask("senderAddresses", .get, url("user/addresses/sender")) { answer throws(VendorFailure) in
            try answer.decode(SenderAddressesBody.self).ids
        }
    }

    /// One call; an answer outside 200…299 is a failure with Sendcloud's words.
    func ask<Answer>(
        _ operation: String, _ method: HTTPMethod, _ url: String, body: JSONValue? = nil,
        accept: String = "application/json", neverResend: Bool = false,
        reading read: (VendorAnswer) throws(VendorFailure) -> Answer
    ) async throws(VendorFailure) -> Answer {
        try await askWhatever(operation, method, url, body: body, accept: accept, neverResend: neverResend) {
            answer throws(VendorFailure) in
            guard answer.response.status.isSuccess else { throw answer.refusal }
            return try read(answer)
        }
    }

    /// One call; the reader sees every status.
    func askWhatever<Answer>(
        _ operation: String, _ method: HTTPMethod, _ url: String, body: JSONValue? = nil,
        accept: String = "application/json", neverResend: Bool = false,
        reading read: (VendorAnswer) throws(VendorFailure) -> Answer
    ) async throws(VendorFailure) -> Answer {
        // RFC 7617: the pair as UTF-8.
        let credentials = Base64.encode(Array("\(configuration.publicKey):\(configuration.secretKey)".utf8))
        var fields: HTTPFields = ["accept": accept, "authorization": "Basic \(credentials)"]
        if body != nil { fields["content-type"] = "application/json" }
        let request = HTTPClientRequest(
            method: method, url: url, fields: fields, body: body.flatMap { try? JSON.encode($0) } ?? [],
            timeoutSeconds: configuration.timeoutSeconds, responseLimitBytes: Self.responseLimitBytes,
            neverResend: neverResend)
        return try await line.call(operation, request, reading: read)
    }

    func url(_ path: String) -> String {
        var root = configuration.apiURL[...]
        while root.hasSuffix("/") { root = root.dropLast() }
        return "\(root)/\(path)"
    }
}

/// One way to ship.
package struct ShippingMethod: Codable, Hashable, Sendable {
    package var id: Int64
    package var name: String
    package var carrier: String

    package init(id: Int64, name: String, carrier: String) {
        self.id = id
        self.name = name
        self.carrier = carrier
    }
}

private struct ShippingMethodsBody: Decodable {
    var methods: [ShippingMethod]

    init(from decoder: any Decoder) throws {
        methods = try decoder.looseObject().list("shipping_methods", of: Wire.self).map(\.method)
    }

    private struct Wire: Decodable {
        var method: ShippingMethod

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            let id = try object.requireInteger("id")
            method = ShippingMethod(
                id: id, name: object.filledText("name") ?? String(id), carrier: object.filledText("carrier") ?? "")
        }
    }
}

private struct SenderAddressesBody: Decodable {
    var ids: [Int64]

    init(from decoder: any Decoder) throws {
        ids = try decoder.looseObject().list("sender_addresses", of: Wire.self).map(\.id)
    }

    private struct Wire: Decodable {
        var id: Int64

        init(from decoder: any Decoder) throws {
            id = try decoder.looseObject().requireInteger("id")
        }
    }
}

extension VendorAnswer {
    /// The failure an answer outside 200…299 stands for.
    var refusal: VendorFailure {
        let text = ErrorText.of(response.body)
        // Version 2 does not document what a used external reference is answered with; whatever it is, the parcel is
        // to be looked up.
        if (400..<500).contains(status), let text, text.lowercased().contains("external_reference") {
            return failure(.conflict, VendorText.clean("\(status): \(text)"), mayHaveHappened: false)
        }
        return failureOfStatus(text: text)
    }
}
