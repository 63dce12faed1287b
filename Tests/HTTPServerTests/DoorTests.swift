import EventLoop
import Glibc
import HTTPServer
import HTTPWire
import Logging
import TestKit
import Testing

/// Who comes in, and by which way.
@Suite struct DoorTests {
    @Test func admissionCountsInAllAndByAddress() {
        var admission = Admission(connectionsMaximum: 4, perAddressMaximum: 2)
        #expect(admission.ask(address: "a") == .admitted)
        #expect(admission.ask(address: "a") == .admitted)
        #expect(admission.ask(address: "a") == .addressFull)
        // A trusted proxy has no share of its own.
        #expect(admission.ask(address: nil) == .admitted)
        #expect(admission.ask(address: "b") == .admitted)
        #expect(admission.ask(address: "b") == .full)
        admission.left(address: "a")
        #expect(admission.ask(address: "a") == .admitted)
        for address in ["a", "a", "b", nil] { admission.left(address: address) }
        #expect(admission == Admission(connectionsMaximum: 4, perAddressMaximum: 2))
    }

    @Test func oneLogLineASecondForEachAddress() {
        let second: Int64 = 1_000_000_000
        var log = OncePerSecondByAddress(addressesMaximum: 2)
        #expect(log.admit("a", nowNanoseconds: 0) == 0)
        #expect(log.admit("a", nowNanoseconds: 1) == nil)
        #expect(log.admit("a", nowNanoseconds: 2) == nil)
        #expect(log.admit("b", nowNanoseconds: 3) == 0)
        #expect(log.admit("a", nowNanoseconds: second) == 2)
        // The table is full: newcomers share a line.
        #expect(log.admit("c", nowNanoseconds: second) == 0)
        #expect(log.admit("d", nowNanoseconds: second) == nil)
        // Who has been silent for a second makes room.
        #expect(log.admit("e", nowNanoseconds: 3 * second) == 0)
        #expect(log.admit("f", nowNanoseconds: 3 * second) == 0)
    }

    @Test func limitsHaveNamesOfTheirOwnAndDefaultsInTheirRange() {
        let defaults = HTTPServerConfiguration()
        for limit in NamedLimit.all {
            switch limit.value {
            case .count(let path, let range): #expect(range.contains(defaults[keyPath: path]), "\(limit.name)")
            case .amount(let path, let range): #expect(range.contains(defaults[keyPath: path]), "\(limit.name)")
            }
        }
        #expect(Set(NamedLimit.all.map(\.name)).count == NamedLimit.all.count)
        #expect(NamedLimit.all.count > 20)
    }

    @Test func badInputIsLoggedOnceASecondWithoutItsContent() async throws {
        let lines = LogLines()
        let loop = EventLoop(name: "http-test", logger: Logger(label: "test") { _ in lines })
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        let server = HTTPServer(
            configuration: configuration, loop: loop, logger: Logger(label: "test") { _ in lines }
        ) { _ in .text("") }
        let port = try server.start()
        for _ in 0..<5 {
            let client = try RawClient(port: port)
            client.send("GET /secret-path HTTP/9\r\n\r\n")
            #expect(try await client.answer().status == 400)
        }
        let said = lines.all.filter { $0.contains("a request was refused") }
        #expect((1...3).contains(said.count), "\(said)")
        #expect(said[0].contains("code=malformed-request"))
        #expect(!lines.contains("secret-path"))
        await server.drain(within: .seconds(1))
        loop.shutDown()
    }

    @Test func aUnixSocketIsServedAndTakenAway() async throws {
        let path = "/tmp/forma3d-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).socket"
        // What a killed process has left behind is replaced.
        let left = try StreamSocket.listen(path: path, mode: 0o600, backlog: 1)
        StreamSocket.close(left)
        try await Fixture.run({ $0.socketPath = path }) { fixture in
            let client = try RawClient(path: path)
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().body == "hello")
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
            // Somebody who lives is not pushed aside.
            #expect(throws: EventLoopError.self) { try StreamSocket.listen(path: path, mode: 0o600, backlog: 1) }
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func aSocketPairIsServedLikeAConnection() async throws {
        try await Fixture.run { fixture in
            var ends: [Int32] = [0, 0]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
            fixture.server.serve(descriptor: ends[0])
            let client = RawClient(descriptor: ends[1])
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try await client.waitForEnd()
            #expect(try await client.answer().body == "hello")
        }
    }

    @Test func tooMuchToDoIsSaidAtOnce() async throws {
        try await Fixture.run({ $0.requestsInFlightMaximum = 1 }) { fixture in
            let busy = try fixture.client()
            busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            try await eventually("it is at work") { fixture.log.contains("started") }
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "5")
            #expect(answer.body.contains(#""code":"overloaded""#))
            // The connection lives on, for the next request may be served.
            #expect(answer["connection"] == nil)
        }
    }
}
