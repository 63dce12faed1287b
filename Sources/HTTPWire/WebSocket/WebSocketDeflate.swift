/// permessage-deflate (RFC 7692): what this side wants, and what both have agreed on.
package enum WebSocketDeflate {
    package static let name = "permessage-deflate"

    /// What the server asks for, and how it compresses.
    package struct Settings: Hashable, Sendable {
        /// 9 to 15; with `memoryLevel` it decides what a connection that compresses costs: 2^(w+2) + 2^(m+9) bytes,
        /// 32 KiB here.
        package var serverWindowBits = 12
        package var memoryLevel = 5
        /// 8 to 15; a client that does not know the parameter uses 15.
        package var clientWindowBits = 15
        /// Forget the window after each message: worse ratio, no memory while idle.
        package var serverNoContextTakeover = false
        package var clientNoContextTakeover = false
        /// Fast rather than small, for it is done on the loop.
        package var level = 1
        /// Shorter messages are sent as they are.
        package var thresholdBytes = 256

        package init() {}
    }

    /// The parameters in force (RFC 7692 §7.1).
    package struct Agreement: Hashable, Sendable {
        package var serverNoContextTakeover: Bool
        package var clientNoContextTakeover: Bool
        package var serverWindowBits: Int
        package var clientWindowBits: Int
        /// The element of the answer's `Sec-WebSocket-Extensions`.
        package var answer: String
        package var settings: Settings
    }

    private struct Offer {
        var serverNoContextTakeover = false
        var clientNoContextTakeover = false
        var serverWindowBits: Int?
        var hasClientWindowBits = false
        var clientWindowBits: Int?
    }

    /// The first offer that can be accepted (§5.1: in the client's order of preference); nil when there is none.
    package static func agree(on offers: [WebSocketExtension], settings: Settings) -> Agreement? {
        for element in offers where element.name == name {
            if let offer = offer(element), let agreement = accept(offer, settings) { return agreement }
        }
        return nil
    }

    /// - Returns: nil for what §7.1 says must be declined: unknown or repeated parameters, invalid values.
    private static func offer(_ element: WebSocketExtension) -> Offer? {
        var offer = Offer()
        var seen: Set<String> = []
        for parameter in element.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): offer.serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): offer.clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = windowBits(value) else { return nil }
                offer.serverWindowBits = bits
            case ("client_max_window_bits", nil): offer.hasClientWindowBits = true
            case ("client_max_window_bits", let value?):
                guard let bits = windowBits(value) else { return nil }
                offer.hasClientWindowBits = true
                offer.clientWindowBits = bits
            default: return nil
            }
        }
        return offer
    }

    /// §7.1.2: 8 to 15, without leading zeros.
    private static func windowBits(_ text: String) -> Int? {
        switch text {
        case "8": 8
        case "9": 9
        case "10": 10
        case "11": 11
        case "12": 12
        case "13": 13
        case "14": 14
        case "15": 15
        default: nil
        }
    }

    private static func accept(_ offer: Offer, _ settings: Settings) -> Agreement? {
        let serverBits = min(offer.serverWindowBits ?? 15, max(9, settings.serverWindowBits))
        // zlib's deflate has no raw window of 8 bits, and one of 9 would refer to what the client has forgotten.
        guard serverBits >= 9 else { return nil }
        let clientBits = offer.hasClientWindowBits ? min(offer.clientWindowBits ?? 15, settings.clientWindowBits) : 15
        var answer = name
        let serverForgets = offer.serverNoContextTakeover || settings.serverNoContextTakeover
        let clientForgets = offer.clientNoContextTakeover || settings.clientNoContextTakeover
        if serverForgets { answer += "; server_no_context_takeover" }
        if clientForgets { answer += "; client_no_context_takeover" }
        // §7.1.2.1: owed when it was asked for, allowed when it was not.
        if serverBits < 15 || offer.serverWindowBits != nil { answer += "; server_max_window_bits=\(serverBits)" }
        // §7.1.2.2: only when the client has said that it knows it.
        if clientBits < 15 { answer += "; client_max_window_bits=\(clientBits)" }
        return Agreement(
            serverNoContextTakeover: serverForgets, clientNoContextTakeover: clientForgets,
            serverWindowBits: serverBits, clientWindowBits: clientBits, answer: answer, settings: settings)
    }
}
