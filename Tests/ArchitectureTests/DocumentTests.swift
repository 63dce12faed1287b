import Foundation
import Testing

@Suite struct DocumentTests {
    @Test func theChangelogIsKept() throws {
        let text = try Repository.text("CHANGELOG.md")
        #expect(text.hasPrefix("# Changelog"))
        #expect(text.contains("## [Unreleased]"))
    }

    @Test func decisionsAreNumberedOnFromTheOriginals() throws {
        let names = try Repository.files("docs/03-architecture/adr").map(\.name).filter { $0 != "README.md" }.sorted()
        #expect(!names.isEmpty)
        for (index, name) in names.enumerated() {
            #expect(Int(name.prefix(3)) == 39 + index, "\(name) should have number \(39 + index)")
        }
        for file in try Repository.files("docs/03-architecture/adr") where file.name != "README.md" {
            for heading in ["## Context", "## Options", "## Decision", "## Consequences"] {
                #expect(file.text.contains(heading), "\(file.path) has no \(heading)")
            }
        }
    }

    @Test func everyLinkBetweenDocumentsLeadsSomewhere() throws {
        let pages = try Repository.files("").filter { $0.path.hasSuffix(".md") }
        #expect(pages.count > 5)
        for page in pages {
            let folder = Repository.root.appending(path: page.path).deletingLastPathComponent()
            for match in page.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) where !match.1.contains("://") {
                let target = folder.appending(path: String(match.1)).standardizedFileURL
                #expect(
                    FileManager.default.fileExists(atPath: target.path()), "\(page.path) links to \(match.1)")
            }
        }
    }

    @Test func everyDecisionThatTheCodeCitesExists() throws {
        let known = Set(
            try Repository.files("docs/03-architecture/adr").compactMap { Int($0.name.prefix(3)) })
        for file in try Repository.swiftFiles("Sources") {
            for match in file.text.matches(of: /ADR-([0-9]{3})/) {
                let number = Int(match.1) ?? 0
                #expect(number < 39 || known.contains(number), "\(file.path) cites ADR-\(match.1), which is not there")
            }
        }
    }
}
