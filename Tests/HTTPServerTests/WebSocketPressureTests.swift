import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// Peers and handlers that are slow, silent or greedy.
@Suite struct WebSocketPressureTests {
    /// What the kernel's buffers of both sides may hold, and some.
    private static let kernelBytes = 16_000_000

    /// Sends until the server has stopped reading: nothing is taken a hundred times in a row.
    /// - Returns: how many bytes went out.
    private func fill(_ client: RawClient, with frames: [UInt8]) async throws -> Int {
        var sent = 0
        var rest = frames[...]
        var refusals = 0
        try await eventually("the server stops reading; \(sent) bytes so far") {
            while sent < Self.kernelBytes * 4 {
                let count = client.sendWhatFits(Array(rest))
                sent += count
                rest = rest.dropFirst(count)
                if rest.isEmpty { rest = frames[...] }
                refusals = count == 0 ? refusals + 1 : 0
                if count == 0 { break }
            }
            return refusals == 100 || sent >= Self.kernelBytes * 4
        }
        return sent
    }

    @Test func aSlowHandlerSlowsTheClientDown() async throws {
        let gate = Gate()
        let log = EventLog()
        try await WebSocketFixture.run(handler: { socket in
            await gate.wait()
            var count = 0
            while case .text(let text)? = try await socket.receive() {
                if text == "last" { log.note("\(count)") }
                count += 1
            }
        }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            let frame = RawClient.text(String(repeating: "x", count: 1_000))
            let sent = try await fill(client, with: frame)
            #expect(sent < Self.kernelBytes)
            gate.open()
            let remainder = sent % frame.count
            if remainder > 0 { client.send(Array(frame[remainder...])) }
            client.send(RawClient.text("last"))
            let whole = (sent + frame.count - 1) / frame.count
            try await eventually("every message arrives; so far \(log.all), sent \(whole)") { log.all == ["\(whole)"] }
        }
    }

    @Test func aPingFloodWithoutAReaderStopsBeingRead() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            let flood = [[UInt8]](repeating: RawClient.frame(.ping, Array(repeating: 1, count: 125)), count: 500)
            let sent = try await fill(client, with: flood.flatMap(\.self))
            #expect(sent < Self.kernelBytes * 3)
        }
    }

    @Test func aClientThatDoesNotReadIsCut() async throws {
        let log = EventLog()
        try await WebSocketFixture.run({
            $0.limits.queueHighBytes = 50_000
            $0.limits.timing.slowConsumerSeconds = 0.1
        }) { socket in
            let piece = [UInt8](repeating: 1, count: 40_000)
            do {
                while true { try await socket.send(piece) }
            } catch {
                log.note("\(error)")
            }
        } _: { fixture in
            let client = try fixture.client()
            client.send(RawClient.handshake + "\r\n")
            try await eventually("the handler is told; so far \(log.all)") { log.all == ["lost"] }
            try await client.waitForEnd()
            #expect(client.wasReset)
        }
    }

    @Test func aQueueThatIsFullCutsAtOnce() async throws {
        let log = EventLog()
        try await WebSocketFixture.run({
            $0.limits.queueHighBytes = 50_000
            $0.limits.queueBytesMaximum = 1_000_000
        }) { socket in
            let piece = [UInt8](repeating: 1, count: 40_000)
            // Many senders that do not wait for each other.
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1_000 {
                    group.addTask {
                        do {
                            try await socket.send(piece)
                            return true
                        } catch { return false }
                    }
                }
                for await isSent in group where !isSent { log.note("refused") }
            }
        } _: { fixture in
            let client = try fixture.client()
            client.send(RawClient.handshake + "\r\n")
            try await eventually("the rest is refused") { log.all.count > 100 }
            try await client.waitForEnd()
            #expect(client.wasReset)
        }
    }

    @Test func sendersWaitAndGoOnWhenTheClientReads() async throws {
        let log = EventLog()
        try await WebSocketFixture.run({ $0.limits.queueHighBytes = 50_000 }) { socket in
            let piece = [UInt8](repeating: 1, count: 40_000)
            for _ in 0..<500 { try await socket.send(piece) }
            log.note("all sent")
        } _: { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            try await eventually(within: .seconds(20), "twenty megabytes arrive") {
                client.poll()
                return client.received.count > 500 * 40_000
            }
            let frames = client.frames
            #expect(frames.dropLast().allSatisfy { $0.payload.count == 40_000 })
            #expect(frames.last == .close(1000))
            #expect(log.all == ["all sent"])
        }
    }

    @Test func anIdlePeerIsPingedAgainAndAgain() async throws {
        try await WebSocketFixture.run({ $0.limits.timing.idleSecondsBeforePing = 0.02 }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            for count in 1...3 {
                #expect(try await client.frames(count).last == ServerFrame(opcode: 9, payload: []))
                client.send(.pong)
            }
        }
    }

    @Test func aSilentPeerIsCut() async throws {
        try await WebSocketFixture.run({
            $0.limits.timing.idleSecondsBeforePing = 0.02
            $0.limits.timing.pongTimeoutSeconds = 0.02
        }) { fixture in
            let client = try fixture.client()
            client.send(RawClient.handshake + "\r\n")
            try await client.waitForEnd()
            #expect(client.wasReset)
        }
    }

    /// A kilobyte of frames can be a megabyte of work: sixty of them in one piece may not keep another client waiting
    /// until the last is done.
    @Test func inflatedMessagesOfOneDoNotHoldUpTheOthers() async throws {
        let count = 60
        try await WebSocketFixture.run { fixture in
            let bomber = try fixture.client()
            try await bomber.openWebSocket("Sec-WebSocket-Extensions: permessage-deflate\r\n")
            var deflater = try Deflater(format: .raw(windowBits: 15))
            var frames: [UInt8] = []
            for _ in 0..<count {
                var compressed: [UInt8] = []
                try deflater.compress([UInt8](repeating: 0, count: 1_000_000)[...], flush: .sync, into: &compressed)
                frames += RawClient.frame(.binary, Array(compressed.dropLast(4)), isCompressed: true)
            }
            let normal = try fixture.client()
            bomber.send(frames)
            _ = try await bomber.frames(1)
            normal.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await normal.answer().body == "hello")
            bomber.poll()
            #expect(bomber.frames.count < count)
            #expect(try await bomber.frames(count, within: .seconds(60)).count == count)
        }
    }
}
