import ArgumentParser
import Foundation
import GridFlock
import GridGeometry
import Jobs
import Kernel
import Testing

@testable import Forma3D

/// Wishes on the command line.
@Suite struct GridFlockCommandTests {
    private func request(_ arguments: [String]) throws -> PlateRequest {
        try GridFlockPlanCommand.parse(arguments).plate.request()
    }

    @Test func everyFieldOfAWishHasAFlag() throws {
        let wish = try request([
            "--drawer", "371x254.5", "--bed", "250x220", "--printer", "prusa-mini", "--clearance", "1,0,1,0.5",
            "--filler-x", "none", "--filler-y", "dynamic", "--filler-fraction-x", "2", "--filler-fraction-y", "3",
            "--filler-minimum-x", "15", "--filler-minimum-y", "16", "--alignment-x", "0.2", "--alignment-y", "0.8",
            "--edge-adjust=-1", "--separate-padding", "--columns", "4,5", "--rows-even", "3,3", "--rows-odd", "2,4",
            "--no-staggered", "--no-intersection-connector", "--intersection-fit", "0.5", "--edge-connector",
            "--edge-count", "2", "--edge-bar", "10x2.5", "--edge-neck", "3x1.2", "--edge-gap", "0.15",
            "--edge-height", "2.25", "--edge-male-delta", "0.25", "--edge-magnet-border",
            "--edge-magnet-border-width", "2.5", "--magnets", "--magnet-style", "glue-from-top", "--magnet-frame",
            "solid", "--magnet-diameter", "6.1", "--magnet-height", "2", "--magnet-top", "0.4", "--magnet-bottom",
            "0.6", "--magnet-border", "1.5", "--magnet-release-width", "0", "--no-numbering", "--number-depth", "0.4",
            "--number-size", "3", "--number-squeezed-size", "2", "--corner-radius", "5", "--solid-base", "1",
            "--cell-override", "cse",
        ])
        guard case .object(let members) = try JSON.decode(JSONValue.self, from: try JSON.encode(wish)) else {
            Issue.record("a wish is an object")
            return
        }
        let unsaid = PlateRequest.fields.map(\.name).filter { members[$0] == nil }
        #expect(unsaid.isEmpty)
        #expect(wish.drawerDepthMillimetres == 254.5 && wish.clearanceMillimetres?.west == 0.5)
        #expect(wish.staggered == false && wish.columns == [4, 5] && wish.edgeAdjustMillimetres?.south == -1)
    }

    @Test func whatIsNotSaidIsNotSaid() throws {
        let wish = try request(["--drawer", "371x254", "--bed", "250x220"])
        #expect(
            wish
                == PlateRequest(
                    drawerWidthMillimetres: 371, drawerDepthMillimetres: 254, bedWidthMillimetres: 250,
                    bedDepthMillimetres: 220))
        #expect(try request(["--drawer", "371x254", "--magnet-release-width", "2"]).magnets == true)
        #expect(try request(["--drawer", "371x254", "--edge-gap", "0.2"]).edgeConnector == true)
        let off = try request(["--drawer", "371x254", "--bed", "250x220", "--no-magnets", "--magnet-height", "2"])
        let refusal = #expect(throws: PlateRefusal.self) { try off.wish() }
        #expect(refusal?.items.map(\.field) == ["magnetHeightMillimetres"])
    }

    @Test func upstreamsFileIsReadAndFlagsWin() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "upstream-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{"plate_size": [420, 300], "bed_size": [180, 180], "magnets": true}"#.utf8).write(to: file)
        let wish = try request(["--upstream-params", file.path(), "--bed", "250x220"])
        #expect(wish.drawerWidthMillimetres == 420 && wish.bedWidthMillimetres == 250 && wish.magnets == true)
        // A parameter of the file counts when a flag switches on what it belongs to.
        try Data(#"{"parameterSets": {"a": {"magnet_height": "3"}, "b": {"filler_x": "0"}}}"#.utf8).write(to: file)
        #expect(throws: PlateRefusal.self) { try request(["--upstream-params", file.path()]) }
        let set = ["--upstream-params", file.path(), "--upstream-set", "a"]
        #expect(try request(set).wish().magnets == nil)
        #expect(try request(set + ["--magnets"]).wish().magnets?.height == Length(millimetres: 3))
        #expect(try request(set + ["--printer", "prusa-mini"]).wish().bed.width == Length(millimetres: 180))
        try Data(#"{"plate_sise": [420, 300]}"#.utf8).write(to: file)
        #expect(throws: PlateRefusal.self) { try request(["--upstream-params", file.path()]) }
        let fault = try #require(throws: FileFault.self) {
            try request(["--upstream-params", "/nowhere/at/all.json"])
        }
        #expect(fault.sentence.hasPrefix("/nowhere/at/all.json cannot be read: "))
    }

    @Test func aPlanTellsTheSizeThatIsPrinted() throws {
        let wish = try request(["--drawer", "371x254", "--bed", "250x220", "--edge-adjust=-10,0,0,-3"]).wish()
        let plan = try Planner.plan(wish)
        #expect(PlanText.lines(of: plan).first == "plate    368 x 244 mm in a drawer of 371 x 254 mm")
        #expect(plan.members["plate"] == ["widthMillimetres": .decimal(368), "depthMillimetres": .decimal(244)])
    }

    @Test(arguments: [
        [], ["--drawer", "371"], ["--drawer", "371xwide"], ["--drawer", "1x2x3"],
        ["--drawer", "3x3", "--upstream-set", "a"],
        ["--drawer", "3x3", "--clearance", "1,2"], ["--drawer", "3x3", "--columns", "1,,2"],
    ])
    func argumentsThatAreNoneAreRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try GridFlockPlanCommand.parse(arguments) }
    }

    @Test func aPlanIsDrawnAndNothingElse() throws {
        let arguments = ["--drawer", "371x254", "--bed", "250x220", "--out", "plates"]
        #expect(try GridFlockPlanCommand.parse(arguments + ["--format", "svg"]).pictures.out == "plates")
        #expect(try GridFlockQuoteCommand.parse(arguments).pictures.out == "plates")
        #expect(throws: (any Error).self) { try GridFlockPlanCommand.parse(arguments + ["--format", "svg,stl"]) }
    }

    @Test(arguments: ["", "stl,", "step", "stl;glb"])
    func aFormatThatIsNoneIsRefused(_ text: String) {
        #expect(Formats(argument: text) == nil)
        #expect(Formats(argument: "STL,3mf")?.solid == [.stl, .threeMF])
        #expect(Formats(argument: "svg")?.solid == [])
    }

    @Test func settingsOfPlatesAreChecked() throws {
        func load(_ environment: [String: String]) throws -> GridFlockSettings {
            try Settings.load(environment: environment, isRoot: false) { _ in "" }.gridFlock
        }
        let plain = try load([:])
        // Nobody's customers are told prices that nobody set.
        #expect(!plain.isEnabled)
        #expect(try load(["GRIDFLOCK_ENABLED": "true"]).isEnabled)
        #expect(plain.bed == .init(widthMillimetres: 256, depthMillimetres: 256))
        #expect(plain.terms.priceRule.perGram == Decimal(string: "0.04"))
        #expect(try load(["GRIDFLOCK_BED": "prusa-mini"]).bed == .init(widthMillimetres: 180, depthMillimetres: 180))
        for (name, value) in [
            ("GRIDFLOCK_BED", "wide"), ("GRIDFLOCK_BED", "1x1"), ("GRIDFLOCK_BED", "nanx250"),
            ("GRIDFLOCK_CURRENCY", "euro"), ("GRIDFLOCK_PRICE_PER_GRAM", "-1"), ("GRIDFLOCK_CONCURRENCY", "0"),
            ("GRIDFLOCK_ENABLED", "perhaps"), ("GRIDFLOCK_PRICE_STEP", "0"),
        ] {
            #expect(throws: SettingsError.self, "\(name)=\(value)") { try load([name: value]) }
        }
    }

    /// 9.915 EUR and 12.50 JPY cannot be paid.
    @Test(arguments: [
        ("EUR", "0.015", false), ("EUR", "0.05", true), ("EUR", "0.01", true), ("JPY", "0.1", false),
        ("JPY", "10", true), ("KWD", "0.015", true), ("KWD", "0.0105", false),
    ])
    func pricesAreAmountsThatCanBePaid(currency: String, step: String, isRight: Bool) throws {
        func load() throws -> GridFlockSettings {
            try Settings.load(
                environment: ["GRIDFLOCK_CURRENCY": currency, "GRIDFLOCK_PRICE_STEP": step], isRoot: false
            ) { _ in "" }.gridFlock
        }
        if isRight {
            let price = try load().terms.priceRule.price(grams: 123.4, minutes: 567, magnetCount: 8)
            let decimals = price.amountText.split(separator: ".").dropFirst().first?.count ?? 0
            #expect(decimals == Money.decimals(ofCurrency: currency), "\(price.amountText)")
        } else {
            #expect(throws: SettingsError.self) { try load() }
        }
    }

    /// What is left of a larger plate would be printed with the new one.
    @Test func aFolderWithPartsOfAnotherPlateIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func plan(_ drawer: String) throws -> PlatePlan {
            try Planner.plan(request(["--drawer", drawer, "--bed", "180x180"]).wish())
        }
        let (small, large) = (try plan("120x100"), try plan("400x300"))
        for segment in large.segments {
            let name = "segment-0\(segment.number).stl"
            try Data().write(to: folder.appending(path: name))
        }
        try Data().write(to: folder.appending(path: "plate.3mf"))
        #expect(throws: Never.self) { try PlateSession.refuseForeignParts(in: folder.path(), beside: large) }
        #expect(throws: ExitCode(73)) { try PlateSession.refuseForeignParts(in: folder.path(), beside: small) }
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: "segment-02.stl").path()))
    }

    @Test func oneServersPlatesDoNotTakeEveryHand() throws {
        func limits(_ environment: [String: String]) throws -> [String: Int] {
            JobSettings(try Settings.load(environment: environment, isRoot: false) { _ in "" }).queueConcurrency
        }
        #expect(try limits([:]) == ["gridflock": 1])
        #expect(try limits(["GRIDFLOCK_CONCURRENCY": "3"]) == ["gridflock": 3])
        #expect(
            try limits(["JOB_QUEUE_CONCURRENCY": "gridflock:2,printing:4"]) == ["gridflock": 2, "printing": 4])
    }
}
