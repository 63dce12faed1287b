// swift-tools-version: 6.2
import PackageDescription

// Measures the room Postgres (`scripts/bench postgres`). A package of its own over the product's very sources, so that
// no measuring code is in what is shipped; the rooms' `package` declarations are visible here, too.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let fast: [SwiftSetting] =
    strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")

let package = Package(
    name: "PostgresBenchmark",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq"),
        .target(name: "CPlatform", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Kernel", swiftSettings: strict),
        .target(name: "EventLoop", dependencies: ["CPlatform", log, metrics], swiftSettings: fast),
        .target(
            name: "Postgres", dependencies: ["CPostgres", "EventLoop", "Kernel", log, metrics],
            swiftSettings: strict),
        .executableTarget(
            name: "postgres-bench", dependencies: ["CPostgres", "Postgres", "EventLoop", log], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
