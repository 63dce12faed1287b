import Cryptography
import Testing

/// Bytes of the RFCs' own spelling.
private func bytes(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [UInt8] {
    try #require(Base64URL.decode(text), sourceLocation: sourceLocation)
}

@Suite struct HKDFTests {
    @Test func outputIsThatOfTheRFC() {
        // RFC 5869 A.1.
        let output = HKDFSHA256.derive(
            secret: [UInt8](repeating: 0x0B, count: 22), salt: Array(0x00...0x0C), info: Array(0xF0...0xF9), count: 42)
        #expect(
            Hex.encode(output)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    }
}

@Suite struct Base64URLTests {
    @Test(arguments: [("", ""), ("Zg", "f"), ("Zg==", "f"), ("Zm8", "fo"), ("Zm8=", "fo"), ("Zm9v", "foo")])
    func paddingMayBeThereOrNot(text: String, plain: String) {
        #expect(Base64URL.decode(text) == Array(plain.utf8))
    }

    @Test func theAlphabetIsThatOfURLs() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64URL.decode("-_8") == [0xFB, 0xFF])
    }

    @Test(arguments: ["+/8", "Zh", "Z", "Zg===", "Z g", "é"])
    func anotherSpellingIsRefused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}

@Suite struct EncryptedContentTests {
    @Test func aBodyIsThatOfTheRFC() throws {
        // RFC 8188 §3.1.
        let coded = EncryptedContent.seal(
            Array("I am the walrus".utf8), secret: try bytes("yqdlZ-tYemfogSmv7Ws5PQ"), keyName: [],
            salt: try bytes("I1BsxtFttlv3u_Oo94xnmw"))
        #expect(Base64URL.encode(coded) == "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")
    }

    @Test func severalRecordsAreReadAsInTheRFC() throws {
        // RFC 8188 §3.2: two records of 25 bytes, the first with a byte of padding, the key named `a1`.
        let coded = try bytes(
            "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA")
        #expect(EncryptedContent.head(of: coded)?.keyName == Array("a1".utf8))
        #expect(EncryptedContent.head(of: coded)?.recordBytes == 25)
        let plain = EncryptedContent.open(coded, secret: try bytes("BO3ZVPxUlnLORbVGMpbT1Q"))
        #expect(plain == Array("I am the walrus".utf8))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 16, 200], [18, 25, 64, 4_096])
    func whatWasSealedOpensAgain(count: Int, recordBytes: Int) {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let secret = RandomBytes.make(count: 16)
        let coded = EncryptedContent.seal(
            plain, secret: secret, keyName: [1, 2], salt: RandomBytes.make(count: 16), recordBytes: recordBytes,
            padding: 5)
        #expect(EncryptedContent.open(coded, secret: secret) == plain)
        #expect(EncryptedContent.open(coded, secret: RandomBytes.make(count: 16)) == nil)
    }

    @Test func aChangedOrShortenedBodyDoesNotOpen() {
        let secret = RandomBytes.make(count: 16)
        let coded = EncryptedContent.seal(
            Array("three records of text".utf8), secret: secret, keyName: [], salt: RandomBytes.make(count: 16),
            recordBytes: 25)
        #expect(EncryptedContent.open(coded, secret: secret) != nil)
        // Cut off exactly at a record's end: the delimiter gives it away (RFC 8188 §2).
        #expect(EncryptedContent.open(Array(coded[..<(21 + 25)]), secret: secret) == nil)
        for index in coded.indices {
            var changed = coded
            changed[index] ^= 1
            #expect(EncryptedContent.open(changed, secret: secret) == nil, "byte \(index)")
        }
    }
}

@Suite struct WebPushMessageTests {
    private static let authentication = "BTBZMqHH6r4Tts7J_aSIgg"
    private static let receiverKey = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    private static let body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        + "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"

    @Test func theBodyIsThatOfTheRFC() throws {
        // RFC 8291 §5 and appendix A.
        let key = try #require(
            P256.PublicKey(
                try bytes(
                    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")))
        let receiver = try #require(
            WebPushMessage.Receiver(key: key, authentication: try bytes(Self.authentication)))
        let sender = try #require(P256.PrivateKey(try bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")))
        let body = WebPushMessage.seal(
            Array("When I grow up, I want to be a watermelon".utf8), for: receiver, sender: sender,
            salt: try bytes("DGv6ra1nlYgDCS1FRnbzlw"))
        #expect(Base64URL.encode(body) == Self.body)
    }

    @Test func theBrowserReadsTheBodyOfTheRFC() throws {
        let key = try #require(P256.PrivateKey(try bytes(Self.receiverKey)))
        let text = WebPushMessage.open(
            try bytes(Self.body), key: key, authentication: try bytes(Self.authentication))
        #expect(text == Array("When I grow up, I want to be a watermelon".utf8))
        #expect(
            WebPushMessage.open(
                try bytes(Self.body), key: .make(), authentication: try bytes(Self.authentication)) == nil)
    }

    @Test func theLongestTextStillReachesEveryPushService() throws {
        let key = P256.PrivateKey.make()
        let authentication = RandomBytes.make(count: WebPushMessage.authenticationBytes)
        let receiver = try #require(WebPushMessage.Receiver(key: key.publicKey, authentication: authentication))
        let text = [UInt8](repeating: 0x41, count: WebPushMessage.textBytesMaximum)
        let body = WebPushMessage.seal(text, for: receiver)
        #expect(body.count == 4_096)
        #expect(WebPushMessage.open(body, key: key, authentication: authentication) == text)
    }
}

@Suite struct P256Tests {
    @Test func aPointOffTheCurveIsNoKey() {
        var bytes = P256.PrivateKey.make().publicKey.bytes
        #expect(P256.PublicKey(bytes) != nil)
        bytes[64] ^= 1
        #expect(P256.PublicKey(bytes) == nil)
        #expect(P256.PublicKey([UInt8](repeating: 0, count: 65)) == nil)
        #expect(P256.PublicKey([0]) == nil)
    }

    @Test(arguments: [
        String(repeating: "00", count: 32), String(repeating: "ff", count: 32),
        // The order of the curve itself.
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ])
    func aNumberOutsideTheRangeIsNoPrivateKey(hex: String) throws {
        #expect(P256.PrivateKey(try #require(Hex.decode(hex))) == nil)
    }

    @Test func bothSidesComputeTheSame() {
        let one = P256.PrivateKey.make()
        let other = P256.PrivateKey.make()
        #expect(one.sharedSecret(with: other.publicKey) == other.sharedSecret(with: one.publicKey))
        #expect("\(one)" == "[redacted]")
    }

    @Test func aTokenIsBelievedOnlyWithItsKey() throws {
        let key = P256.PrivateKey.make()
        let token = SignedToken.make(claims: Array(#"{"aud":"https://push.example"}"#.utf8), key: key)
        let claims = try #require(SignedToken.claims(of: token, key: key.publicKey))
        #expect(String(decoding: claims, as: UTF8.self) == #"{"aud":"https://push.example"}"#)
        #expect(SignedToken.claims(of: token, key: P256.PrivateKey.make().publicKey) == nil)
        #expect(SignedToken.claims(of: token + "A", key: key.publicKey) == nil)
        #expect(SignedToken.claims(of: "a.b", key: key.publicKey) == nil)
    }

    @Test func aTokenOfTheRFCIsRead() throws {
        // RFC 7515 A.3, an ES256 signature made elsewhere.
        let x = try bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
        let y = try bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
        let key = try #require(P256.PublicKey([4] + x + y))
        let signed =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let signature = try bytes(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        #expect(key.isValid(signature, for: Array(signed.utf8)))
        #expect(!key.isValid(signature, for: Array((signed + "A").utf8)))
    }
}
