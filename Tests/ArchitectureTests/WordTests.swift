import Testing

@Suite struct WordTests {
    /// Words that have no place in `Sources`, and where they may stand all the same.
    static let banned: [(word: String, why: String, allowed: [String])] = [
        ("try!", "traps on an error", []),
        ("as!", "traps on another type", []),
        ("print(", "use a logger, or CommandOutput in a command", ["Sources/Forma3DSandbox/", "Sources/Forma3DDemo/"]),
        ("Thread.sleep", "blocks a thread; wait for a condition", []),
        ("usleep(", "blocks a thread; wait for a condition", []),
        ("fatalError(", "ends the process", []),
        ("DispatchSemaphore", "blocks a thread of the cooperative pool", []),
        ("unsafeSQL", "binds nothing", ["Sources/Postgres/", "Sources/Migrations/", "/Storage/"]),
    ]

    @Test(arguments: banned.map(\.word))
    func aBannedWordStandsNowhere(_ word: String) throws {
        let rule = try #require(Self.banned.first { $0.word == word })
        let files = try Repository.swiftFiles("Sources")
        #expect(!files.isEmpty)
        for file in files where !rule.allowed.contains(where: file.path.contains) {
            for (index, line) in SwiftSource(file.text).codeLines.enumerated()
            where Self.contains(line, word: word) {
                Issue.record("\(file.path):\(index + 1) has \(word): \(rule.why)")
            }
        }
    }

    @Test func nothingIsLeftForLater() throws {
        let words = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]
        for folder in ["Sources", "Tests", "scripts", "migrations", "deployment", "docs"] {
            for file in try Repository.files(folder) {
                for (index, line) in file.lines.enumerated() {
                    let found = words.first { word in
                        line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == word }
                    }
                    if let found { Issue.record("\(file.path):\(index + 1) has \(found)") }
                }
            }
        }
    }

    @Test func everyUnsafeThingSaysWhyItIsSafe() throws {
        let marks = [
            "@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast", "withMemoryRebound", "assumingMemoryBound",
        ]
        /// How far from the line the comment may be: attributes and the head of the declaration stand between.
        let reach = 8
        var judged = 0
        for file in try Repository.swiftFiles("Sources") + Repository.swiftFiles("Tests/TestKit") {
            for (index, line) in SwiftSource(file.text).codeLines.enumerated()
            where marks.contains(where: { line.contains($0) }) {
                judged += 1
                let near = file.lines[max(0, index - reach)..<min(file.lines.count, index + 3)]
                #expect(near.contains { $0.contains("SAFETY:") }, "\(file.path):\(index + 1) has no SAFETY: comment")
            }
            if file.text.contains("Unmanaged.") {
                #expect(
                    file.text.contains("SAFETY:"), "\(file.path) counts references by hand without a SAFETY: comment")
            }
        }
        #expect(judged > 0)
    }

    @Test func noTaskIsStartedWithoutAnOwner() throws {
        for file in try Repository.swiftFiles("Sources") {
            for (index, line) in SwiftSource(file.text).codeLines.enumerated() {
                let start = line.drop { $0 == " " }
                let isBare = start.hasPrefix("Task {") || start.hasPrefix("Task.detached") || start.hasPrefix("Task(")
                #expect(!isBare, "\(file.path):\(index + 1) starts a task that nobody awaits or cancels")
            }
        }
    }

    @Test func namesSayWhatAThingIs() throws {
        let empty = /(Manager|Helper|Util|Utils|Utilities|Common)$|^(Helper|Util|Common)/
        for file in try Repository.swiftFiles("Sources") + Repository.swiftFiles("Tests") {
            #expect(
                !String(file.name.dropLast(".swift".count)).contains(empty), "\(file.path): the name says nothing")
            for line in SwiftSource(file.text).codeLines {
                let declaration = line.firstMatch(of: /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/)
                guard let name = declaration?.1 else { continue }
                #expect(!name.contains(empty), "\(file.path): the name \(name) says nothing")
            }
        }
    }

    @Test func noPathOfOneMachineIsWrittenDown() throws {
        let paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
        let files = try Repository.files("")
        #expect(files.count > 50)
        for file in files {
            for (index, line) in file.lines.enumerated() {
                let isNamed = paths.contains { line.contains($0) }
                #expect(!isNamed, "\(file.path):\(index + 1) names a path of one machine")
            }
        }
    }

    /// Whole words only: `has!` is not `as!`, `fingerprint(` is not `print(`.
    private static func contains(_ line: Substring, word: String) -> Bool {
        line.ranges(of: word).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_" && (before != "." || word != "print(")
        }
    }
}
