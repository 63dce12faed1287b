/// DESIGN §2 as data: what each target may import of ours, and from outside.
enum Rooms {
    struct Room {
        let name: String
        let mayImport: Set<String>
    }

    static let foundation: Set<String> = ["FoundationEssentials", "Foundation"]
    static let system: Set<String> = ["Glibc", "Synchronization"]
    static let measuring: Set<String> = ["Logging", "Metrics"]

    /// Rings 0 in C hold no Swift.
    static let inC = ["CAssets", "CCurl", "COpenSSL", "CPlatform", "CPostgres", "CZlib"]

    static let modules = [
        "Catalog", "Orders", "Printing", "Shipping", "Fulfilment", "Notifications", "Operators", "GridFlock",
    ]

    /// What every module may import; its vendor comes by name.
    static let module: Set<String> = [
        "Contracts", "Kernel", "HTTPWire", "Routing", "Postgres", "Jobs", "Inbox", "Artefacts",
    ]

    private static let vendor: Set<String> = ["Kernel", "HTTPWire", "HTTPClient", "Cryptography"]

    static let everything: Set<String> = Set(pure + technology + meetingPlace + business)

    static let all: [Room] =
        [
            room("Kernel", []), room("HTTPWire", ["Kernel", "CZlib"]), room("Routing", ["Kernel", "HTTPWire"]),
            room("GridGeometry", ["Kernel", "CZlib"]),
            ground("EventLoop", ["CPlatform"]), ground("Processes", ["CPlatform", "Dispatch"]),
            Room(name: "Cryptography", mayImport: foundation.union(["COpenSSL"])),
            ground("Observability", ["Kernel", "CoreMetrics"]),
            ground("HTTPServer", ["EventLoop", "HTTPWire", "Routing", "Kernel", "CPlatform", "CZlib"]),
            ground("HTTPClient", ["CCurl", "HTTPWire", "Kernel", "CoreMetrics"]),
            ground("Postgres", ["CPostgres", "EventLoop", "Kernel"]), ground("Migrations", ["Postgres", "CAssets"]),
            ground("PrivatePostgres", ["Postgres", "Processes"]), ground("Jobs", ["Postgres", "Kernel"]),
            ground("Inbox", ["Jobs", "Postgres", "Routing", "HTTPWire", "Kernel"]),
            ground("Artefacts", ["Postgres", "Kernel"]),
            room("Contracts", ["Kernel"]),
            withoutSystem("Shopify", vendor), withoutSystem("SimplyPrint", vendor), withoutSystem("Sendcloud", vendor),
            withoutSystem("Catalog", module), withoutSystem("Orders", module.union(["Shopify"])),
            withoutSystem("Printing", module.union(["SimplyPrint"])),
            withoutSystem("Shipping", module.union(["Sendcloud"])),
            withoutSystem("Fulfilment", module.union(["Shopify"])),
            withoutSystem("Notifications", module.union(["HTTPClient", "Cryptography"])),
            withoutSystem("Operators", module.union(["Cryptography"])),
            withoutSystem("GridFlock", module.union(["GridGeometry"])),
        ] + roots

    private static let roots: [Room] = [
        ground("Forma3D", everything.union(["ArgumentParser", "CoreMetrics"])),
        ground(
            "Forma3DSandbox",
            [
                "Kernel", "HTTPWire", "Routing", "EventLoop", "HTTPServer", "HTTPClient", "Cryptography",
                "Observability", "ArgumentParser",
            ]),
        ground(
            "Forma3DHTTPD",
            ["HTTPWire", "Routing", "EventLoop", "HTTPServer", "Processes", "ArgumentParser"]),
        ground("Forma3DSimulator", everything.union(["ArgumentParser"])),
        ground(
            "Forma3DDemo",
            [
                "Kernel", "HTTPWire", "HTTPClient", "Processes", "Cryptography", "Jobs", "Postgres", "Migrations",
                "ArgumentParser",
            ]),
    ]

    /// Folders of a module and what the files in each may not import. The facade beside them may import all.
    static let moduleFolders: [String: (mayImport: Set<String>?, mayNotImport: Set<String>)] = [
        "Domain": (foundation.union(["Kernel", "Contracts"]), []),
        "Application": (nil, ["Routing"]),
        "Storage": (nil, ["Routing", "HTTPWire", "Shopify", "SimplyPrint", "Sendcloud"]),
        "HTTP": (nil, ["Postgres", "Shopify", "SimplyPrint", "Sendcloud"]),
    ]

    private static let pure = ["Kernel", "HTTPWire", "Routing", "GridGeometry"]
    private static let technology = [
        "EventLoop", "Processes", "Cryptography", "Observability", "HTTPServer", "HTTPClient", "Postgres",
        "Migrations", "PrivatePostgres", "Jobs", "Inbox", "Artefacts",
    ]
    private static let meetingPlace = ["Contracts", "Shopify", "SimplyPrint", "Sendcloud"]
    private static let business = modules

    /// Ring 1 and the contracts: no I/O, no logging.
    private static func room(_ name: String, _ own: Set<String>) -> Room {
        Room(name: name, mayImport: own.union(foundation))
    }

    private static func ground(_ name: String, _ own: Set<String>) -> Room {
        Room(name: name, mayImport: own.union(foundation).union(system).union(measuring))
    }

    /// Modules and vendors: no system calls of their own.
    private static func withoutSystem(_ name: String, _ own: Set<String>) -> Room {
        Room(name: name, mayImport: own.union(foundation).union(measuring).union(["Synchronization"]))
    }
}
