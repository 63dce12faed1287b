extension JSONNode {
    /// How strings are written.
    enum Style: Sendable {
        /// Only what RFC 8259 asks for.
        case plain
        /// As Shopify signs its webhooks: `\/`, `\u0026`, `\u003c`, `\u003e`, `\u2028`, `\u2029`, else raw UTF-8
        /// (contracts/shopify.md §1.3). A receiver that re-serialises before verifying cannot match it.
        case shopify
    }

    /// Compact bytes, no trailing newline.
    func bytes(_ style: Style = .plain) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, style)
        return output
    }

    private func write(to output: inout [UInt8], _ style: Style) {
        switch self {
        case .null: output += Array("null".utf8)
        case .bool(let value): output += Array((value ? "true" : "false").utf8)
        case .number(let text): output += Array(text.utf8)
        case .string(let text): Self.write(text, to: &output, style)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(to: &output, style)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &output, style)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output, style)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8], _ style: Style) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += [0x5C, 0x22]
            case "\\": output += [0x5C, 0x5C]
            case "\n": output += Array("\\n".utf8)
            case "\r": output += Array("\\r".utf8)
            case "\t": output += Array("\\t".utf8)
            case "/" where style == .shopify: output += Array("\\/".utf8)
            case "&" where style == .shopify, "<" where style == .shopify, ">" where style == .shopify,
                "\u{2028}" where style == .shopify, "\u{2029}" where style == .shopify:
                output += escape(scalar.value)
            case _ where scalar.value < 0x20: output += escape(scalar.value)
            default: output += Array(String(scalar).utf8)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func escape(_ value: UInt32) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [0x5C, UInt8(ascii: "u")]
            + [12, 8, 4, 0].map { shift in digits[Int((value >> UInt32(shift)) & 0xF)] }
    }
}
