/// Reads `--port P`, the only argument of a peer; nil when it is missing or is no port.
package func portArgument(_ arguments: [String] = CommandLine.arguments) -> Int? {
    guard arguments.count == 3, arguments[1] == "--port", let port = UInt16(arguments[2]) else { return nil }
    return Int(port)
}

/// What a peer says when `portArgument` found none.
package let portUsage = "usage: PEER --port PORT"
