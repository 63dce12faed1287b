/// Numbers of the wire, digit by digit: `Int("+5")` is 5 in Swift, and a sign, a blank or an overflow here has been a
/// CVE elsewhere (contracts/http.md §3).
package enum WireNumber {
    /// 1 to 19 decimal digits that fit an `Int`; nil for anything else.
    package static func decimal(_ text: some StringProtocol) -> Int? {
        guard (1...19).contains(text.utf8.count) else { return nil }
        var value = 0
        for byte in text.utf8 {
            guard Octets.isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte &- 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// Appends a number in decimal. - Parameter value: not negative.
    static func appendDecimal(_ value: Int, to output: inout [UInt8]) {
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a number in hexadecimal. - Parameter value: not negative.
    static func appendHexadecimal(_ value: Int, to output: inout [UInt8]) {
        var shift = 0
        while value >> shift >= 16 { shift += 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xF)
            output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
            shift -= 4
        }
    }
}
