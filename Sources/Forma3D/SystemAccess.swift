/// Opens what commands beside `serve` need, and closes it again.
enum SystemAccess {
    static func withChecks<Value>(
        _ settings: Settings, includesVendors: Bool, _ body: ([Check]) async throws -> Value
    ) async throws -> Value {
        try await body(MachineChecks.all(settings: settings))
    }
}
