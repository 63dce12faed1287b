@testable import PrivatePostgres
import Testing

@Suite struct PostmasterFileTests {
    private let whole = """
        14434
        /var/lib/forma3d/postgres
        1795317600
        5432
        /tmp/forma3d-101-0123456789abcdef

         16236708         9
        ready   \n
        """

    @Test func aWholeFileIsRead() throws {
        let file = try #require(PostmasterFile(whole))
        #expect(file.processID == 14_434)
        #expect(file.socketDirectory == "/tmp/forma3d-101-0123456789abcdef")
        #expect(file.status == "ready")
    }

    @Test func everyPrefixOfAFileIsReadWithoutATrap() {
        for length in 0...whole.utf8.count {
            let file = PostmasterFile(String(decoding: whole.utf8.prefix(length), as: UTF8.self))
            if length >= 6 { #expect(file?.processID == 14_434) }
        }
    }

    @Test(arguments: ["", "\n", "0", "1", "-77\n/x", "abc", "99999999999999999999", " 12", "12x"])
    func whatNamesNoProcessIsNoFile(text: String) {
        #expect(PostmasterFile(text) == nil)
    }
}

@Suite struct PostgresBinariesTests {
    @Test(arguments: [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15), ("postgres (PostgreSQL) 17beta1\n", 17),
        ("15", 15), ("9.6", 9),
    ])
    func theMajorVersionIsTheFirstNumber(text: String, version: Int) {
        #expect(PostgresBinaries.majorVersion(of: text) == version)
    }

    @Test func noNumberIsNoVersion() {
        #expect(PostgresBinaries.majorVersion(of: "postgres") == nil)
        #expect(PostgresBinaries.majorVersion(of: "") == nil)
    }
}

@Suite struct SocketDirectoryTests {
    @Test func namesAreShortAndDifferForDifferentDirectories() {
        let names = (0..<1_000).map { SocketDirectory.hash("/data/\($0)") }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.utf8.count == 16 })
        #expect(SocketDirectory.hash("") == "cbf29ce484222325")
    }
}
