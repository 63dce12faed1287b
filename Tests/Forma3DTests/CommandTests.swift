import ArgumentParser
import Foundation
import Glibc
import Testing

@testable import Forma3D

@Suite struct CommandTests {
    @Test(arguments: ["serve", "migrate", "config", "doctor", "healthcheck", "backup", "openapi", "gridflock"])
    func everyCommandExplainsItself(_ name: String) {
        let command = Forma3DCommand.configuration.subcommands.first { $0._commandName == name }
        #expect(command?.configuration.abstract.hasSuffix(".") == true)
        #expect(command.map { Forma3DCommand.helpMessage(for: $0).contains("USAGE: forma3d \(name)") } == true)
    }

    @Test(
        arguments: [
            ("web", [.web]), ("worker", [.worker]), ("web,worker", [.web, .worker]), ("worker, web", [.web, .worker]),
            ("web,web", [.web]),
        ] as [(String, Set<Role>)])
    func aProcessTakesItsRolesByName(_ text: String, _ roles: Set<Role>) {
        #expect(Roles(argument: text)?.all == roles)
    }

    @Test(arguments: ["", "web,", "printer", "web,printer", "web worker"])
    func aRoleThatIsNoneIsRefused(_ text: String) {
        #expect(Roles(argument: text) == nil)
        #expect(throws: (any Error).self) { try ServeCommand.parse(["--roles", text]) }
    }

    @Test func withoutRolesAProcessDoesEverything() throws {
        #expect(try ServeCommand.parse([]).roles == .every)
    }

    @Test func configTakesOneWishAtATime() {
        #expect(throws: (any Error).self) { try ConfigCommand.parse(["--env", "--markdown"]) }
        #expect(throws: Never.self) { try ConfigCommand.parse(["--check"]) }
    }

    @Test(arguments: [("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.5", "10.0.0.5")])
    func theProbeAsksWhereTheServerListens(_ appHost: String, _ host: String) {
        #expect(LivenessProbe.host(listeningOn: appHost) == host)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true), ("HTTP/1.1 503 Service Unavailable\r\n\r\n", false),
        ("SMTP ready 200 200", false), ("", false),
    ])
    func theProbeBelievesA200Only(_ answer: String, _ isAlive: Bool) async throws {
        let listener = try Listener()
        defer { listener.stop() }
        let thread = Thread { listener.answerOnce(Array(answer.utf8)) }
        thread.start()
        let result = LivenessProbe(host: "127.0.0.1", port: listener.port).run()
        #expect((result == .alive) == isAlive)
    }

    @Test func theProbeFailsWhereNothingListens() throws {
        let listener = try Listener()
        listener.stop()
        #expect(LivenessProbe(host: "127.0.0.1", port: listener.port).run() != .alive)
    }

    @Test func aBuildWithoutVariablesIsDev() {
        #expect(BuildInfo(environment: ["BUILD_COMMIT": ""]) == BuildInfo(environment: [:]))
        #expect(BuildInfo(environment: [:]).commit == "dev")
    }
}

/// A socket that takes one connection and says one thing.
private struct Listener {
    let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(result)
        port = UInt16(bigEndian: address.sin_port)
    }

    func answerOnce(_ bytes: [UInt8]) {
        let peer = accept(descriptor, nil, nil)
        guard peer >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1_024)
        _ = buffer.withUnsafeMutableBytes { recv(peer, $0.baseAddress, $0.count, 0) }
        _ = bytes.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        close(peer)
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
