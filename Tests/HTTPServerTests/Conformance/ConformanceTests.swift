import Testing

/// The cases of `ConformanceGroup`, each over every transport: `docs/03-architecture/http-conformance.md`.
@Suite struct ConformanceTests {
    @Test(arguments: ConformanceRun.all("request-line")) func requestLine(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("host-target")) func hostAndTarget(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("header-syntax")) func headerSyntax(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("content-length")) func contentLength(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("transfer-encoding")) func transferEncoding(_ run: ConformanceRun) async throws
    {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("chunked")) func chunkedBodies(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("connection")) func connection(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("methods")) func methods(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("expect")) func expectContinue(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("limits")) func limits(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("path")) func path(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("upgrade")) func upgrade(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("response")) func response(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test(arguments: ConformanceRun.all("robust")) func robustness(_ run: ConformanceRun) async throws {
        try await run.judge()
    }

    @Test func theTableIsWhole() {
        let cases = ConformanceGroup.all.flatMap(\.cases)
        #expect(cases.count > 500)
        for group in ConformanceGroup.all {
            #expect(Set(group.cases.map(\.name)).count == group.cases.count, "\(group.name) has a name twice")
        }
        for conformanceCase in cases {
            #expect(conformanceCase.rule.contains("§"), "\(conformanceCase.name) names no clause")
            #expect(conformanceCase.sentText.unicodeScalars.allSatisfy { $0.value < 256 }, "\(conformanceCase.name)")
        }
    }
}
