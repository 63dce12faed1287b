import Cryptography
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct DigestTests {
    @Test(arguments: [
        // FIPS 180-4's own examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAreThoseOfTheStandard(message: String, digest: String) {
        #expect(Hex.encode(SHA256.digest(bytes(message))) == digest)
    }

    @Test func authenticationCodesAreThoseOfRFC4231() {
        let first = HMACSHA256.authenticationCode(for: bytes("Hi There"), key: [UInt8](repeating: 0x0B, count: 20))
        #expect(Hex.encode(first) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = HMACSHA256.authenticationCode(for: bytes("what do ya want for nothing?"), key: bytes("Jefe"))
        #expect(Hex.encode(second) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        // Test case 6: a key longer than a block.
        let sixth = HMACSHA256.authenticationCode(
            for: bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
            key: [UInt8](repeating: 0xAA, count: 131))
        #expect(Hex.encode(sixth) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func anEmptyKeyAndAnEmptyMessageAreTaken() {
        let code = HMACSHA256.authenticationCode(for: [], key: [])
        #expect(Hex.encode(code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func shopifysPublishedVectorForOAuthHolds() {
        let query =
            "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com"
            + "&state=0.6784241404160823&timestamp=1337178173"
        let code = HMACSHA256.authenticationCode(for: bytes(query), key: bytes("hush"))
        #expect(Hex.encode(code) == "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf")
    }
}

@Suite struct ConstantTimeTests {
    @Test func onlyEqualBytesAreEqual() {
        #expect(ConstantTime.isEqual([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.isEqual([UInt8](), []))
        #expect(!ConstantTime.isEqual([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.isEqual([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.isEqual([], [0]))
        #expect(ConstantTime.isEqual("geheim", "geheim"))
        #expect(!ConstantTime.isEqual("geheim", "Geheim"))
    }
}

@Suite struct RandomBytesTests {
    @Test func theyHaveTheLengthAskedForAndDoNotRepeat() {
        #expect(RandomBytes.make(count: 0).isEmpty)
        #expect(RandomBytes.make(count: -1).isEmpty)
        let drawn = (0..<64).map { _ in RandomBytes.make(count: 16) }
        #expect(drawn.allSatisfy { $0.count == 16 })
        #expect(Set(drawn).count == 64)
    }
}

@Suite struct SecretTests {
    @Test func noWayOfPrintingShowsIt() {
        let secret = Secret("shpat_verysecret")
        struct Holder { var token: Secret }
        var dumped = ""
        dump(Holder(token: secret), to: &dumped)
        for text in [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\(Holder(token: secret))", dumped,
        ] {
            #expect(!text.contains("verysecret"))
            #expect(text.contains("redacted"))
        }
        #expect(secret.revealed == "shpat_verysecret")
        #expect(secret.isEqual("shpat_verysecret"))
        #expect(!secret.isEqual("shpat_other"))
    }
}
