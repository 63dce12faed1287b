/// HKDF with SHA-256 (RFC 5869): keys out of a secret that is not one yet.
package enum HKDFSHA256 {
    /// RFC 5869 §2.2.
    package static func extract(salt: [UInt8], secret: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticationCode(for: secret, key: salt)
    }

    /// RFC 5869 §2.3.
    /// - Parameter count: at most 255 · 32 bytes.
    package static func expand(_ key: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition(count <= 255 * SHA256.lengthBytes, "RFC 5869 ends at 255 blocks")
        var output: [UInt8] = []
        var block: [UInt8] = []
        var number: UInt8 = 1
        while output.count < count {
            block = HMACSHA256.authenticationCode(for: block + info + [number], key: key)
            output += block
            number &+= 1
        }
        return Array(output.prefix(count))
    }

    /// Both steps.
    package static func derive(secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        expand(extract(salt: salt, secret: secret), info: info, count: count)
    }
}
