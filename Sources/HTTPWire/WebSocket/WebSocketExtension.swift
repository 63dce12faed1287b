/// One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1).
package struct WebSocketExtension: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let value: String?
    }

    package let name: String
    package let parameters: [Parameter]

    /// The elements of all lines of the field, in order.
    /// - Returns: nil when a line is not what §9.1 says; the handshake fails then.
    package static func parse(_ lines: [String]) -> [WebSocketExtension]? {
        var elements: [WebSocketExtension] = []
        for line in lines {
            var reader = Reader(rest: Array(line.utf8)[...])
            repeat {
                reader.skipBlanks()
                // RFC 9110 §5.6.1.2: empty elements are let through.
                if reader.rest.isEmpty || reader.rest.first == UInt8(ascii: ",") { continue }
                guard let element = reader.element() else { return nil }
                elements.append(element)
            } while reader.take(",")
            guard reader.rest.isEmpty else { return nil }
        }
        return elements
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skipBlanks() {
            while let first = rest.first, first == Octets.space || first == Octets.tab { rest.removeFirst() }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipBlanks()
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func element() -> WebSocketExtension? {
            guard let name = token() else { return nil }
            var parameters: [Parameter] = []
            while take(";") {
                guard let parameter = token() else { return nil }
                guard take("=") else {
                    parameters.append(Parameter(name: parameter, value: nil))
                    continue
                }
                guard let value = value() else { return nil }
                parameters.append(Parameter(name: parameter, value: value))
            }
            return WebSocketExtension(name: name, parameters: parameters)
        }

        private mutating func token() -> String? {
            skipBlanks()
            let token = rest.prefix(while: Octets.isTokenCharacter)
            guard !token.isEmpty else { return nil }
            rest = rest.dropFirst(token.count)
            return String(decoding: token, as: UTF8.self)
        }

        /// A token, or a quoted string that is one when its quotes and escapes are off.
        private mutating func value() -> String? {
            guard take("\"") else { return token() }
            var bytes: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                guard let plain = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte else { return nil }
                guard Octets.isTokenCharacter(plain) else { return nil }
                bytes.append(plain)
                if rest.isEmpty { return nil }
            }
            return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        }
    }
}
