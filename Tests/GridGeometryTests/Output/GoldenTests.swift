import GridGeometry
import Testing

/// The same wish is the same bytes, today and after every change that does not mean to change them.
@Suite struct GoldenTests {
    private static func files(of wish: PlateWish) throws -> [PlateFile] {
        let plan = try Planner.plan(wish)
        var files: [PlateFile] = []
        _ = try PlateMaker.make(plan, formats: Set(PlateFormat.allCases), title: "golden") { files.append($0) }
        let drawings = PlanDrawing.svg(plan) + AssemblySheet.svg(plan, title: "golden")
        files.append(PlateFile(name: "drawings", mediaType: "image/svg+xml", bytes: Array(drawings.utf8)))
        return files
    }

    /// STL, each part of the 3MF that depends on the plate, GLB, SVG.
    private static func fingerprints(_ files: [PlateFile]) throws -> [String] {
        func bytes(_ isOne: (String) -> Bool) -> [UInt8] { files.filter { isOne($0.name) }.flatMap(\.bytes) }
        let package = try ZipReading(bytes { $0.hasSuffix(".3mf") })
        let model = try #require(package.entries.last)
        return [
            bytes { $0.hasSuffix(".stl") }.fingerprint, model.bytes.fingerprint,
            bytes { $0.hasSuffix(".glb") }.fingerprint, bytes { $0 == "drawings" }.fingerprint,
        ]
    }

    @Test(arguments: GoldenPlate.all.map(\.name))
    func theSameWishIsTheSameBytes(name: String) throws {
        let plate = try #require(GoldenPlate.all.first { $0.name == name })
        let files = try Self.files(of: plate.wish)
        #expect(try Self.files(of: plate.wish) == files, "made twice")
        let found = try Self.fingerprints(files)
        let row = "\"\(name)\": [\"\(found.joined(separator: "\", \""))\"],"
        #expect(GoldenFingerprints.of[name] == found, "\(row)")
    }

    /// What the 3MF has besides its model, for any plate.
    @Test func theFrameOfAPackageIsTheSame() throws {
        let files = try Self.files(of: GoldenPlate.all[0].wish)
        let file = try #require(files.first { $0.name == "plate.3mf" })
        let entries = try ZipReading(file.bytes).entries
        #expect(entries.map(\.name) == ["[Content_Types].xml", "_rels/.rels", "3D/3dmodel.model"])
        #expect(entries.dropLast().map(\.bytes.fingerprint) == ["33d03595450791d4", "70e84b5ec3b13733"])
    }

    @Test func theSameCouponIsTheSameBytes() throws {
        let wish = GoldenPlate.all[0].wish
        func files() throws -> [UInt8] {
            try FitCoupon.pieces(for: wish, fits: [0, 10]).flatMap { piece in
                try BinarySTL.bytes(of: Mesher.mesh(piece.slabs), name: "fit \(piece.fit)")
            }
        }
        let first = try files()
        #expect(try files() == first)
        #expect([first.fingerprint] == GoldenFingerprints.of["coupon"], "\(first.fingerprint)")
    }

    @Test func everyRowBelongsToAPlate() {
        #expect(Set(GoldenFingerprints.of.keys) == Set(GoldenPlate.all.map(\.name) + ["coupon"]))
    }
}
