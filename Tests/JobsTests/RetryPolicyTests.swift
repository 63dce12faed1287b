import Jobs
import Kernel
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(JobSettings())

    @Test(arguments: [
        (0, 1.0), (1, 2.0), (2, 4.0), (3, 8.0), (4, 16.0), (11, 2048.0), (12, 3600.0), (64, 3600.0),
        (1_000_000, 3600.0),
        (-1, 1.0),
    ])
    func theDelayDoublesUpToAnHour(failures: Int, seconds: Double) {
        #expect(policy.backoffSeconds(after: failures, jitter: 0) == seconds)
    }

    @Test func jitterSpreadsByTenPercentBothWays() {
        #expect(policy.backoffSeconds(after: 3, jitter: -1) == 8 * 0.9)
        #expect(policy.backoffSeconds(after: 3, jitter: 1) == 8 * 1.1)
    }

    @Test func wrongAnswersSpendFiveRetriesThenTheJobIsDead() {
        for wrongCount in 0..<5 {
            let decision = policy.decide(.wrong, message: "no", history: .init(wrongCount: wrongCount), jitter: 0)
            #expect(decision == .retryAfterWrong(seconds: Double(1 << wrongCount)))
        }
        let last = policy.decide(.wrong, message: "no", history: .init(wrongCount: 5), jitter: 0)
        #expect(last == .dead(reason: "no (gave up after 6 tries)"))
    }

    @Test func notNowSpendsTimeOnlyUpToADay() {
        let long = RetryPolicy.History(wrongCount: 5, notNowCount: 400, notNowSeconds: 86_399)
        #expect(
            policy.decide(.notNow(retryAfterSeconds: nil), message: "away", history: long, jitter: 0)
                == .retryNotNow(seconds: 3600))
        let over = RetryPolicy.History(notNowCount: 401, notNowSeconds: 86_401)
        #expect(
            policy.decide(.notNow(retryAfterSeconds: 1), message: "away", history: over, jitter: 0)
                == .dead(reason: "away (not possible for 24 hours)"))
    }

    @Test(arguments: [
        (2.5, -1.0, 2.75), (2.5, 0.0, 2.5), (0.0, 1.0, 0.0), (-5.0, 0.0, 0.0), (1e12, 0.0, 86_400.0),
    ])
    func retryAfterIsNeverUndercut(asked: Double, jitter: Double, seconds: Double) {
        let decision = policy.decide(
            .notNow(retryAfterSeconds: asked), message: "", history: .init(), jitter: jitter)
        #expect(decision == .retryNotNow(seconds: seconds))
    }

    @Test func aRetryAfterThatIsNoNumberIsBackedOffAsUsual() {
        let decision = policy.decide(
            .notNow(retryAfterSeconds: .nan), message: "", history: .init(notNowCount: 2), jitter: 0)
        #expect(decision == .retryNotNow(seconds: 4))
    }

    @Test func rejectedIsDeadAtOnce() {
        #expect(policy.decide(.rejected, message: "bad", history: .init(), jitter: 0) == .dead(reason: "bad"))
    }
}
