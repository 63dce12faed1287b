// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house (docs/03-architecture/rooms.md) and who may call whom. `ArchitectureTests` repeats this table
// and reads the import lines, because SwiftPM's own walls leak in incremental builds.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// On the way of every request. Overlapping accesses are looked for at run time in debug builds only, where the tests
// run: each look costs as much as reading a field line.
let fast: [SwiftSetting] =
    strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let module: [Target.Dependency] = [
    "Contracts", "Kernel", "HTTPWire", "Routing", "Postgres", "Jobs", "Inbox", "Artefacts", log, metrics,
]

let ring0C: [Target] = [
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev", "pkg-config"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev", "pkg-config"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev", "pkg-config"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev", "pkg-config"])]),
    .target(name: "CPlatform", cSettings: [.define("_GNU_SOURCE")]),
    // `#embed` is C23; the pragma in the .c file silences the extension warning.
    .target(name: "CAssets"),
]

let ring1PureValues: [Target] = [
    room("Kernel"),
    room("HTTPWire", ["Kernel", "CZlib"], settings: fast),
    room("Routing", ["Kernel", "HTTPWire"], settings: fast),
    room("GridGeometry", ["Kernel", "CZlib"], settings: fast),
]

let ring2Technology: [Target] = [
    room("EventLoop", ["CPlatform", log, metrics], settings: fast),
    room("Processes", ["CPlatform", log]),
    room("Cryptography", ["COpenSSL"]),
    room("Observability", ["Kernel", log, metrics, coreMetrics]),
    room(
        "HTTPServer", ["EventLoop", "HTTPWire", "Routing", "Kernel", "CZlib", log, metrics], settings: fast),
    room("HTTPClient", ["CCurl", "HTTPWire", "Kernel", log, metrics]),
    room("Postgres", ["CPostgres", "EventLoop", "Kernel", log, metrics]),
    room("Migrations", ["Postgres", "CAssets", log]),
    room("PrivatePostgres", ["Postgres", "Processes", log]),
    room("Jobs", ["Postgres", "Kernel", log, metrics]),
    room("Inbox", ["Jobs", "Postgres", "Routing", "HTTPWire", "Kernel", log, metrics]),
    room("Artefacts", ["Postgres", "Kernel", log]),
]

let ring3MeetingPlace: [Target] = [
    room("Contracts", ["Kernel"]),
    room("Shopify", ["Kernel", "HTTPWire", "HTTPClient", "Cryptography", log, metrics]),
    room("SimplyPrint", ["Kernel", "HTTPWire", "HTTPClient", "Cryptography", log, metrics]),
    room("Sendcloud", ["Kernel", "HTTPWire", "HTTPClient", "Cryptography", log, metrics]),
]

let ring4Modules: [Target] = [
    room("Catalog", module),
    room("Orders", module + ["Shopify"]),
    room("Printing", module + ["SimplyPrint"]),
    room("Shipping", module + ["Sendcloud"]),
    room("Fulfilment", module + ["Shopify"]),
    room("Notifications", module + ["HTTPClient", "Cryptography"]),
    room("Operators", module + ["Cryptography"]),
]

let everyRoom: [Target.Dependency] = (ring1PureValues + ring2Technology + ring3MeetingPlace + ring4Modules)
    .map { .target(name: $0.name) }

let ring5Roots: [Target] = [
    .executableTarget(
        name: "Forma3D", dependencies: everyRoom + [log, metrics, coreMetrics, arguments], swiftSettings: strict),
    .executableTarget(
        name: "Forma3DSandbox",
        dependencies: [
            "Kernel", "HTTPWire", "Routing", "EventLoop", "HTTPServer", "HTTPClient", "Cryptography", "Observability",
            log,
            metrics, arguments,
        ], swiftSettings: strict),
    .executableTarget(
        name: "Forma3DHTTPD",
        dependencies: ["HTTPWire", "Routing", "EventLoop", "HTTPServer", "Processes", log, arguments],
        swiftSettings: strict),
    .executableTarget(
        name: "Forma3DSimulator", dependencies: everyRoom + [log, metrics, arguments], swiftSettings: strict),
    .executableTarget(
        name: "Forma3DDemo",
        dependencies: [
            "Kernel", "HTTPWire", "HTTPClient", "Processes", "Cryptography", "Jobs", "Postgres", "Migrations", log,
            arguments,
        ], swiftSettings: strict),
]

let testTargets: [Target] = [
    .target(
        name: "TestKit",
        dependencies: [
            "Kernel", "HTTPWire", "Routing", "Postgres", "Migrations", "PrivatePostgres", "Processes", "Jobs",
            "HTTPClient",
            "CPlatform", log,
        ], path: "Tests/TestKit", swiftSettings: strict),
    tests("KernelTests", ["Kernel"]),
    tests("GridGeometryTests", ["GridGeometry", "Kernel", "CZlib"]),
    tests("HTTPWireTests", ["HTTPWire", "Kernel"]),
    tests("RoutingTests", ["Routing", "HTTPWire", "Kernel"]),
    tests("HTTPServerTests", ["HTTPServer", "HTTPWire", "Routing", "EventLoop", "Kernel", "TestKit", log]),
    tests(
        "HTTPClientTests", ["HTTPClient", "HTTPServer", "HTTPWire", "Routing", "EventLoop", "Kernel", "TestKit", log]),
    tests("CryptographyTests", ["Cryptography"]),
    tests("ObservabilityTests", ["Observability", "Kernel", log, metrics, coreMetrics]),
    tests("PostgresTests", ["Postgres", "EventLoop", "Kernel", "TestKit", log]),
    tests("MigrationsTests", ["Migrations", "Postgres", "TestKit", log]),
    tests("PrivatePostgresTests", ["PrivatePostgres", "Postgres", "Processes", "TestKit", log]),
    tests("JobsTests", ["Jobs", "Postgres", "Kernel", "TestKit", log]),
    tests("InboxTests", ["Inbox", "Jobs", "Artefacts", "Postgres", "Routing", "HTTPWire", "Kernel", "TestKit", log]),
    tests(
        "VendorTests",
        [
            "Shopify", "SimplyPrint", "Sendcloud", "HTTPClient", "HTTPServer", "HTTPWire", "Routing", "EventLoop",
            "Cryptography", "Kernel", "TestKit", log,
        ]),
    tests("ModuleTests", everyRoom + ["TestKit", log]),
    tests(
        "SandboxTests",
        [
            "Forma3DSandbox", "HTTPWire", "HTTPClient", "Routing", "EventLoop", "HTTPServer", "Cryptography", "Kernel",
            "TestKit", log,
        ]),
    tests("Forma3DTests", everyRoom + ["Forma3D", "TestKit", log, metrics, coreMetrics, arguments]),
    tests(
        "EndToEndTests",
        [
            "HTTPClient", "HTTPWire", "Processes", "Postgres", "PrivatePostgres", "Kernel", "Cryptography", "TestKit",
            log,
        ]),
    tests(
        "NotificationsTests",
        [
            "Notifications", "Forma3DSandbox", "Contracts", "Jobs", "Postgres", "HTTPClient", "HTTPWire",
            "Cryptography",
            "Kernel", "TestKit", log,
        ]),
    tests("SimulationTests", ["Forma3DSimulator"]),
    tests("DemoTests", ["Forma3DDemo", "Kernel", "HTTPWire"]),
    tests("ArchitectureTests", []),
]

let package = Package(
    name: "forma3d-connect",
    products: [
        .executable(name: "forma3d", targets: ["Forma3D"]),
        .executable(name: "forma3d-sandbox", targets: ["Forma3DSandbox"]),
        .executable(name: "forma3d-httpd", targets: ["Forma3DHTTPD"]),
        .executable(name: "forma3d-simulator", targets: ["Forma3DSimulator"]),
        .executable(name: "forma3d-demo", targets: ["Forma3DDemo"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: ring0C + ring1PureValues + ring2Technology + ring3MeetingPlace + ring4Modules + ring5Roots + testTargets,
    swiftLanguageModes: [.v6]
)
