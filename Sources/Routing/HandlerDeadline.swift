import HTTPWire

/// The handler's time when no server keeps it (in-process calls): a race in one task group.
enum HandlerDeadline {
    struct Passed: Error {}

    /// - Throws: `Passed` when the time was up first, else what the body throws.
    static func race(
        seconds: Double, _ body: @escaping @Sendable () async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        try await withThrowingTaskGroup(of: HTTPResponse?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let response = first else { throw Passed() }
            return response
        }
    }
}
