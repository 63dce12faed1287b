import Testing

@Suite struct ImportTests {
    @Test(arguments: Rooms.all.map(\.name))
    func aRoomImportsOnlyWhatItsRowSays(_ name: String) throws {
        let room = try #require(Rooms.all.first { $0.name == name })
        let files = try Repository.swiftFiles("Sources/\(name)")
        #expect(!files.isEmpty, "no Swift file in Sources/\(name): the row or the folder is wrong")
        for file in files {
            let foreign = Set(SwiftSource(file.text).imports).subtracting(room.mayImport).sorted()
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.joined(separator: ", "))")
        }
    }

    @Test func everyTargetHasARow() throws {
        let folders = try Repository.folders(in: "Sources")
        #expect(folders == (Rooms.all.map(\.name) + Rooms.inC).sorted())
    }

    @Test func nobodyImportsARoot() throws {
        let roots: Set<String> = ["Forma3D", "Forma3DSandbox", "Forma3DHTTPD", "Forma3DDemo"]
        for file in try Repository.swiftFiles("Sources") {
            #expect(roots.isDisjoint(with: SwiftSource(file.text).imports), "\(file.path) imports a root")
        }
    }

    @Test(arguments: Rooms.modules)
    func aModulesFoldersKeepTheirWalls(_ module: String) throws {
        var judged = 0
        for file in try Repository.swiftFiles("Sources/\(module)") {
            let parts = file.path.split(separator: "/").dropFirst(2)
            guard parts.count > 1, let folder = parts.first.map(String.init) else { continue }
            let imports = Set(SwiftSource(file.text).imports)
            guard let rule = Rooms.moduleFolders[folder] else {
                Issue.record("\(file.path): a module has the folders \(Rooms.moduleFolders.keys.sorted())")
                continue
            }
            let foreign = rule.mayImport.map { imports.subtracting($0) } ?? imports.intersection(rule.mayNotImport)
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted().joined(separator: ", "))")
            judged += 1
        }
        #expect(judged > 0, "\(module) has no file in any of its folders")
    }

    @Test func importLinesAreFoundInEveryForm() {
        let source = SwiftSource(
            """
            import A
            package import B
            @testable import C
            import struct D.Thing
            // import E
            let text = "import F"
            """)
        #expect(source.imports == ["A", "B", "C", "D"])
    }
}
