import EventLoop
import Glibc
import Logging
import Synchronization

/// A mail server that keeps what it is given: plain SMTP, any login, faults at the one moment that matters, between the
/// final dot and its answer.
///
/// `dropBefore`: the connection is cut, nothing was kept. `dropAfter`: kept, then cut before the 250. `status`: that
/// answer, nothing kept. `delay`: kept, the answer waits. `late`: cut, kept later.
final class MailSink: Sendable {
    static let sessionsMaximum = 32
    private static let chunkBytes = 65_536

    struct CannotListen: Error {
        let port: Int
        let errorNumber: Int32
    }

    let port: Int
    private let listener: Int32
    private let office: MailOffice
    private let faults: FaultDesk
    private let late: LateEffects
    private let pool: BlockingPool
    private let open = Mutex<(descriptors: Set<Int32>, isStopped: Bool)>(([], false))

    /// Binds and listens. - Throws: `CannotListen`.
    init(
        host: String, port: Int, office: MailOffice, faults: FaultDesk, late: LateEffects, logger: Logger
    ) throws {
        self.office = office
        self.faults = faults
        self.late = late
        pool = BlockingPool(name: "smtp", threadsMaximum: Self.sessionsMaximum + 2, logger: logger)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var option: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &option, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        let isAddress = inet_pton(AF_INET, host, &address.sin_addr) == 1
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: a sockaddr_in is read and written as the sockaddr it begins with, within its size.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                isAddress && bind(listener, pointer, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard listener >= 0, isBound else {
            let errorNumber = errno
            if listener >= 0 { close(listener) }
            throw CannotListen(port: port, errorNumber: errorNumber)
        }
        self.listener = listener
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Serves until stopped.
    func run() async {
        await withDiscardingTaskGroup { group in
            while let descriptor = try? await pool.run({ [listener] in accept(listener, nil, nil) }), descriptor >= 0 {
                guard admit(descriptor) else {
                    close(descriptor)
                    continue
                }
                group.addTask {
                    await self.serve(descriptor)
                    self.release(descriptor)
                }
            }
        }
        close(listener)
        pool.shutDown()
    }

    /// Ends the listener and every session; `run` returns then.
    func stop() {
        let descriptors = open.withLock { open in
            open.isStopped = true
            return open.descriptors
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func admit(_ descriptor: Int32) -> Bool {
        open.withLock { open in
            guard !open.isStopped, open.descriptors.count < Self.sessionsMaximum else { return false }
            open.descriptors.insert(descriptor)
            return true
        }
    }

    private func release(_ descriptor: Int32) {
        open.withLock { _ = $0.descriptors.remove(descriptor) }
        close(descriptor)
    }

    private func serve(_ descriptor: Int32) async {
        var dialogue = MailDialogue()
        guard say(MailDialogue.greeting, to: descriptor) else { return }
        while let bytes = try? await pool.run({ Self.receive(descriptor) }), !bytes.isEmpty {
            for event in dialogue.take(bytes) {
                switch event {
                case .say(let line):
                    guard say(line, to: descriptor) else { return }
                case .end(let line):
                    _ = say(line, to: descriptor)
                    return
                case .mail(let mail):
                    guard let line = await answer(to: mail), say(line, to: descriptor) else { return }
                }
            }
        }
    }

    /// Nil cuts the connection.
    private func answer(to mail: ReceivedMail) async -> String? {
        let office = office
        let fault = await faults.strike(.mail, calls: ["send"], hook: false)
        switch fault?.kind {
        case .dropBefore: return nil
        case .dropAfter:
            _ = await office.take(mail)
            return nil
        case .late:
            let seconds = Double(fault?.delayMilliseconds ?? 0) / 1_000
            await late.add(afterSeconds: seconds) { _ = await office.take(mail) }
            return nil
        case .status: return "\(Self.smtpStatus(fault?.status)) as the fault asks"
        case .throttle: return "451 4.7.1 too many, come again later"
        case .html: return "554 5.0.0 no mail server"
        case .delay:
            let line = await keep(mail)
            try? await ContinuousClock().sleep(for: .milliseconds(fault?.delayMilliseconds ?? 0))
            return line
        case .hookDrop, .hookDuplicate, .hookDelay, .hookScatter, .hookWrongSignature, nil: return await keep(mail)
        }
    }

    private func keep(_ mail: ReceivedMail) async -> String {
        await office.take(mail) ? "250 2.0.0 taken" : "452 4.3.1 full"
    }

    private static func smtpStatus(_ status: Int?) -> Int {
        status.flatMap { (400...599).contains($0) ? $0 : nil } ?? 451
    }

    private func say(_ line: String, to descriptor: Int32) -> Bool {
        let bytes = Array("\(line)\r\n".utf8)
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    private static func receive(_ descriptor: Int32) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        return count > 0 ? Array(chunk[..<count]) : []
    }
}
