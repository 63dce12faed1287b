// swift-tools-version: 6.2
import PackageDescription

// Measures, fuzzes and writes drawer plates (`scripts/bench gridflock`, `scripts/gridflock-judge`,
// `scripts/gridflock-slice`). A package of its own over the product's very sources, so that no measuring code is in what
// is shipped; the room's `package` declarations are visible here, too.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let fast: [SwiftSetting] =
    strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
    name: "GridFlockBenchmark",
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "Kernel", swiftSettings: strict),
        .target(name: "GridGeometry", dependencies: ["Kernel", "CZlib"], swiftSettings: fast),
        .executableTarget(name: "gridflock-workbench", dependencies: ["GridGeometry"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
