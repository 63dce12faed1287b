import GridFlock
import GridGeometry
import Synchronization
import Testing

/// Who reads the rate of minutes when, and what becomes of a reading that did not end well. No test waits for a clock.
@Suite(.timeLimit(.minutes(1))) struct MinuteRatesTests {
    private enum Answer: Sendable {
        case slices
        case fault
        /// As a task that was cancelled would say it.
        case cancellation
        /// Not before the test says so.
        case held
    }

    private struct Broken: Error {}

    /// The database as a test plays it, and the clock.
    private final class Source: Sendable {
        private struct State: Sendable {
            var answers: [Answer]
            var loads = 0
            var now: ContinuousClock.Instant = .now
        }
        private let state: Mutex<State>
        private let begun = AsyncStream<Void>.makeStream()
        private let going = AsyncStream<Void>.makeStream()

        init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }

        var loads: Int { state.withLock(\.loads) }
        func pass(_ duration: Duration) { state.withLock { $0.now += duration } }

        /// Until an answer that is held was asked for.
        func isAsked() async {
            for await _ in begun.stream { return }
        }

        func release() { going.continuation.yield() }

        func rates(patience: Duration = .seconds(3_600)) -> MinuteRates {
            MinuteRates(
                estimate: .uncalibrated, now: { self.state.withLock(\.now) }, patience: patience,
                load: { try await self.load() })
        }

        private func load() async throws -> [PrintRate.Slice] {
            let answer = state.withLock { state in
                state.loads += 1
                return state.answers.isEmpty ? .slices : state.answers.removeFirst()
            }
            switch answer {
            case .slices: break
            case .fault: throw Broken()
            case .cancellation: throw CancellationError()
            case .held:
                begun.continuation.yield()
                for await _ in going.stream { break }
                try Task.checkCancellation()
            }
            return (1...5).map { PrintRate.Slice(grams: Double($0), minutes: Double($0) * 7) }
        }
    }

    @Test func aCancelledReadingIsNotRemembered() async {
        let source = Source([.cancellation, .slices])
        let rates = source.rates()
        #expect(await rates.current().origin == .estimate)
        #expect(await rates.current().origin == .slices && source.loads == 2, "the next quote reads anew, at once")
        #expect(await rates.current().origin == .slices && source.loads == 2)
    }

    @Test func whoGoesAwayTakesTheAnswerFromNobody() async {
        let source = Source([.held])
        let rates = source.rates()
        let first = Task { await rates.current() }
        await source.isAsked()
        let other = Task { await rates.current() }
        first.cancel()
        source.release()
        #expect(await other.value.origin == .slices && source.loads == 1)
        _ = await first.value
        #expect(await rates.current().origin == .slices && source.loads == 1)
    }

    @Test func thoseWhoAskAtTheSameTimeShareOneReading() async {
        let source = Source([.held])
        let rates = source.rates()
        let askers = (0..<20).map { _ in Task { await rates.current() } }
        await source.isAsked()
        source.release()
        for asker in askers { #expect(await asker.value.origin == .slices) }
        #expect(source.loads == 1)
    }

    @Test func aRateThatIsMerelyOlderHoldsNobodyUp() async {
        let source = Source([.slices, .held])
        let rates = source.rates()
        _ = await rates.current()
        source.pass(MinuteRates.fresh)
        let first = Task { await rates.current() }
        await source.isAsked()
        #expect(await rates.current().origin == .slices, "while another one reads")
        source.release()
        #expect(await first.value.origin == .slices && source.loads == 2)
    }

    @Test func aFailedReadingKeepsTheLastRateAndIsTriedAgainSoon() async {
        let source = Source([.slices, .fault, .fault, .slices])
        let rates = source.rates()
        let known = await rates.current()
        source.pass(MinuteRates.fresh)
        #expect(await rates.current() == known && source.loads == 2)
        #expect(await rates.current() == known && source.loads == 2, "not by every quote")
        source.pass(MinuteRates.rest)
        #expect(await rates.current() == known && source.loads == 3)
        source.pass(MinuteRates.rest)
        #expect(await rates.current() == known && source.loads == 4)
        source.pass(MinuteRates.rest)
        #expect(await rates.current() == known && source.loads == 4, "it could tell, so it is left alone for a minute")
    }

    @Test func aSlowDatabaseIsOneThatFailed() async {
        let source = Source([.held, .slices])
        let rates = source.rates(patience: .zero)
        #expect(await rates.current().origin == .estimate && source.loads == 1)
        #expect(await rates.current().origin == .estimate && source.loads == 1)
    }

    /// A question that was on its way before the slice was recorded knows nothing of it.
    @Test func whatIsRecordedMeanwhileCounts() async {
        let source = Source([.held, .slices])
        let rates = source.rates()
        let first = Task { await rates.current() }
        await source.isAsked()
        rates.renew()
        #expect(await rates.current().origin == .slices && source.loads == 2)
        source.release()
        #expect(await first.value.origin == .slices)
        #expect(await rates.current().origin == .slices && source.loads == 2)
    }
}
