import Testing

@Suite struct SizeTests {
    static let fileLinesMaximum = 400
    /// "Under 70 lines": the longest that passes.
    static let functionLinesMaximum = 69

    @Test(arguments: ["Sources", "Tests"])
    func noFileIsLongerThanItMayBe(_ folder: String) throws {
        let files = try Repository.swiftFiles(folder)
        #expect(files.count > 10)
        for file in files {
            let count = file.text.hasSuffix("\n") ? file.lines.count - 1 : file.lines.count
            #expect(count <= Self.fileLinesMaximum, "\(file.path) has \(count) lines")
        }
    }

    @Test func noFunctionIsLongerThanItMayBe() throws {
        var judged = 0
        for file in try Repository.swiftFiles("Sources") {
            for function in SwiftSource(file.text).functions {
                judged += 1
                #expect(
                    function.length <= Self.functionLinesMaximum,
                    "\(file.path):\(function.line) \(function.name) has \(function.length) lines")
            }
        }
        #expect(judged > 100, "the scanner finds no functions any more")
    }

    @Test func functionsAreMeasuredFromTheirFirstLineToTheirLast() {
        let source = SwiftSource(
            """
            protocol P {
                func requirement(_ a: Int) async throws -> Int
            }
            struct S {
                init(
                    a: Int
                ) {
                    self.init(a)
                }
                func one() { "}".count }
                func two<T>(
                    _ text: String = "{", run: () -> Void = {}
                ) async throws
                where T: P {
                    if true { run() }
                }
            }
            """)
        #expect(source.functions.map(\.name) == ["init", "one", "two"])
        #expect(source.functions.map(\.length) == [5, 1, 6])
    }
}
