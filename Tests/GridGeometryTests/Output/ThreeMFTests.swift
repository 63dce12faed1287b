import GridGeometry
import Testing

@Suite struct ThreeMFTests {
    private static func file() throws -> [UInt8] {
        var file = try ThreeMF(title: "Drawer <1> & \"2\"")
        for (index, side) in [10_000, 12_345].enumerated() {
            let mesh = try Mesher.mesh(SampleSolids.box(side))
            try file.add(mesh, facts: MeshCheck.verify(mesh), name: "shape \(index)", partNumber: "p\(index)")
        }
        let items = [0, 1, 0].enumerated().map { PlateItem(number: $0 + 1, shape: $1, place: Point(0, 0)) }
        return try file.finish(items: items, origins: [0, 520_000, 1_040_000].map { Point($0, 0) })
    }

    @Test func thePackageHasItsThreePartsWithoutDates() throws {
        let entries = try ZipReading(Self.file()).entries
        #expect(entries.map(\.name) == ["[Content_Types].xml", "_rels/.rels", "3D/3dmodel.model"])
        #expect(entries.allSatisfy { $0.date == 0x21 && $0.time == 0 })
    }

    @Test func shapesAreWrittenOnceAndSegmentsReferToThem() throws {
        let model = String(decoding: try ZipReading(Self.file()).entries[2].bytes, as: UTF8.self)
        #expect(model.contains("<metadata name=\"Title\">Drawer &lt;1&gt; &amp; &quot;2&quot;</metadata>"))
        #expect(model.contains("<object id=\"1\" type=\"model\" name=\"shape 0\" partnumber=\"p0\">"))
        #expect(model.split(separator: "<object ").count - 1 == 2)
        #expect(model.contains("<vertex x=\"1.2345\" y=\"0\" z=\"1.2345\"/>"))
        #expect(model.split(separator: "<triangle ").count - 1 == 24)
        let items = model.split(separator: "<item ").dropFirst().map { $0.prefix(while: { $0 != "/" }) }
        #expect(
            items == [
                "objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 0 0 0\" partnumber=\"p0\"",
                "objectid=\"2\" transform=\"1 0 0 0 1 0 0 0 1 52 0 0\" partnumber=\"p1\"",
                "objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 104 0 0\" partnumber=\"p0\"",
            ])
    }

    @Test func theSamePlateIsTheSameParts() throws {
        let fingerprints = try ZipReading(Self.file()).entries.map(\.bytes.fingerprint)
        #expect(fingerprints == ["33d03595450791d4", "70e84b5ec3b13733", "1b78370ae8389386"])
    }

    @Test(arguments: [
        (0, "0"), (1, "0.0001"), (-1, "-0.0001"), (10_000, "1"), (-25_500, "-2.55"), (4_200_010, "420.001"),
    ])
    func lengthsAreWrittenExactly(value: Int, text: String) throws {
        var file = try ThreeMF(title: "")
        let vertex = Mesh.Vertex(x: Int32(value), y: 0, z: 0)
        let facts = MeshFacts(low: vertex, high: vertex, sixfoldVolume: 0, triangleCount: 0)
        try file.add(Mesh(vertices: [vertex], triangles: []), facts: facts, name: "", partNumber: "")
        let model = try ZipReading(file.finish(items: [], origins: [])).entries[2].bytes
        #expect(String(decoding: model, as: UTF8.self).contains("<vertex x=\"\(text)\" "))
    }

    /// More than the pieces in which text is compressed.
    @Test func aLargePartSurvives() throws {
        var archive = try ZipWriter()
        var random = SeededNumbers(seed: 3)
        let noise = (0..<400_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        try archive.add("noise", noise)
        try archive.add("empty", [])
        let entries = try ZipReading(archive.finish()).entries
        #expect(entries.map(\.bytes) == [noise, []])
    }
}
