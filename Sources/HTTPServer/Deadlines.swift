import EventLoop
import HTTPWire

/// The deadlines of one connection; one timer serves them all.
struct Deadlines: Hashable {
    enum Kind: Hashable, CaseIterable { case write, gone, handler, handlerGrace, phase }

    /// Head, idle, body or linger, whichever the phase has.
    var phase: Int64?
    var write: Int64?
    var gone: Int64?
    var handler: Int64?
    var handlerGrace: Int64?

    var nearest: Int64? {
        var nearest = Int64.max
        if let phase { nearest = min(nearest, phase) }
        if let write { nearest = min(nearest, write) }
        if let gone { nearest = min(nearest, gone) }
        if let handler { nearest = min(nearest, handler) }
        if let handlerGrace { nearest = min(nearest, handlerGrace) }
        return nearest == .max ? nil : nearest
    }

    /// Takes out those that have passed.
    mutating func takeDue(nowNanoseconds now: Int64) -> [Kind] {
        var due: [Kind] = []
        func take(_ deadline: inout Int64?, _ kind: Kind) {
            guard let at = deadline, at <= now else { return }
            deadline = nil
            due.append(kind)
        }
        take(&write, .write)
        take(&gone, .gone)
        take(&handler, .handler)
        take(&handlerGrace, .handlerGrace)
        take(&phase, .phase)
        return due
    }

    static func at(afterSeconds seconds: Double) -> Int64 {
        EventLoop.monotonicNanoseconds + Int64(max(0, min(seconds, 3_153_600_000)) * 1_000_000_000)
    }
}

extension Connection {
    func setPhaseDeadline(afterSeconds seconds: Double) {
        deadlines.phase = Deadlines.at(afterSeconds: seconds)
        armTimer()
    }

    func setWriteDeadline() {
        deadlines.write = Deadlines.at(afterSeconds: server.configuration.writeStallTimeoutSeconds)
        armTimer()
    }

    func setGoneDeadline() {
        deadlines.gone = Deadlines.at(afterSeconds: server.configuration.clientGoneGraceSeconds)
        armTimer()
    }

    func setHandlerDeadline(afterSeconds seconds: Double) {
        deadlines.handler = Deadlines.at(afterSeconds: seconds)
        armTimer()
    }

    func setHandlerGraceDeadline() {
        deadlines.handlerGrace = Deadlines.at(afterSeconds: server.configuration.handlerGraceSeconds)
        armTimer()
    }

    /// Makes sure that a timer is due when the nearest deadline is; a later one left over is asked again when it fires.
    func armTimer() {
        guard !isClosed, let nearest = deadlines.nearest else { return }
        if timer != nil, timerNanoseconds <= nearest { return }
        timer?.cancel()
        timerNanoseconds = nearest
        let seconds = Double(nearest - EventLoop.monotonicNanoseconds) / 1_000_000_000
        timer = server.loop.schedule(afterSeconds: seconds) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        guard !isClosed else { return }
        for due in deadlines.takeDue(nowNanoseconds: EventLoop.monotonicNanoseconds) where !isClosed {
            switch due {
            case .write: abort()
            case .gone: task?.cancel()
            case .handler: handlerTimeIsUp()
            case .handlerGrace: answerForHandler()
            case .phase: phaseTimeIsUp()
            }
        }
        armTimer()
        updateInterest()
    }

    private func phaseTimeIsUp() {
        if bodyWait != nil {
            _ = life.handle(.bodyBroken)
            failBodyWait(HTTPBody.Failure.timedOut)
        } else {
            obey(life.handle(.timeUp))
        }
    }
}
