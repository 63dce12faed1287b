import Foundation
import Testing

@testable import Forma3D

@Suite struct SettingsDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func file(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    @Test func theExampleEnvironmentIsTheTable() throws {
        #expect(
            try file(".env.example") == SettingsDocuments.environmentFile(),
            "run: swift run forma3d config --env > .env.example")
    }

    @Test func theReferencePageIsTheTable() throws {
        #expect(
            try file("docs/05-deployment/configuration-reference.md") == SettingsDocuments.markdown(),
            "run: swift run forma3d config --markdown > docs/05-deployment/configuration-reference.md")
    }

    @Test func theExampleSetsNothingByItself() {
        let lines = SettingsDocuments.environmentFile().split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("#") })
        for row in SettingsTable.all { #expect(lines.contains { $0.hasPrefix("#\(row.name)=") }) }
    }
}
