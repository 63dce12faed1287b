import FoundationEssentials
package import Kernel
package import Postgres

/// What a job does, `printing.submit-print-job`; the part before the dot is the module that handles it.
package struct JobKind: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral value: String) { name = value }
    package var description: String { name }
}

/// Tag of `StreamID`.
package enum StreamTag {}
/// What an event or job is about: the id of the order where there is one. Its events are numbered densely.
package typealias StreamID = ID<StreamTag>

extension ID where Tag == StreamTag {
    /// Where events go that are about no order in particular: the nil UUID (RFC 9562 §5.9).
    package static let system = StreamID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}

/// A job to be done, before it is in the queue.
package struct NewJob: Sendable {
    package var kind: JobKind
    /// JSON.
    package var payload: String
    package var subject: StreamID?
    /// Lower first.
    package var priority: Int
    package var delaySeconds: Double
    /// Unique among *ready* jobs: while one waits, a second is not needed and is dropped.
    package var uniqueKey: String?
    /// At most `concurrencyLimit` jobs of one key run at a time.
    package var concurrencyKey: String?
    package var concurrencyLimit: Int

    package init(
        _ kind: JobKind, payload: String = "{}", subject: StreamID? = nil, priority: Int = 100,
        delaySeconds: Double = 0,
        uniqueKey: String? = nil, concurrencyKey: String? = nil, concurrencyLimit: Int = 1
    ) {
        self.kind = kind
        self.payload = payload
        self.subject = subject
        self.priority = priority
        self.delaySeconds = delaySeconds
        self.uniqueKey = uniqueKey
        self.concurrencyKey = concurrencyKey
        self.concurrencyLimit = concurrencyLimit
    }

    package init(
        _ kind: JobKind, payload: some Encodable, subject: StreamID? = nil, priority: Int = 100,
        delaySeconds: Double = 0,
        uniqueKey: String? = nil, concurrencyKey: String? = nil, concurrencyLimit: Int = 1
    ) throws {
        self.init(
            kind, payload: try JSON.text(payload), subject: subject, priority: priority, delaySeconds: delaySeconds,
            uniqueKey: uniqueKey, concurrencyKey: concurrencyKey, concurrencyLimit: concurrencyLimit)
    }
}

/// A job in hand: claimed under a lease and a fence.
package struct Job: Sendable {
    package let id: Int64
    package let kind: JobKind
    package let payload: String
    package let subject: StreamID?
    /// Monotone over the whole system; a completion with an older one is thrown away.
    package let fence: Int64
    /// How often it was claimed, this time included.
    package let claims: Int
    package let correlationID: CorrelationID
    /// When this run is cancelled; nil outside the queue.
    package let deadline: ContinuousClock.Instant?

    package init(
        id: Int64, kind: JobKind, payload: String, subject: StreamID?, fence: Int64, claims: Int,
        correlationID: CorrelationID, deadline: ContinuousClock.Instant? = nil
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.subject = subject
        self.fence = fence
        self.claims = claims
        self.correlationID = correlationID
        self.deadline = deadline
    }

    func ending(at deadline: ContinuousClock.Instant) -> Job {
        Job(
            id: id, kind: kind, payload: payload, subject: subject, fence: fence, claims: claims,
            correlationID: correlationID, deadline: deadline)
    }

    package func decode<Payload: Decodable>(_ type: Payload.Type = Payload.self) throws -> Payload {
        try JSON.decode(type, from: payload)
    }
}

/// The second half of a job or route: runs inside the one transaction that also completes the job under its fence.
package typealias Commit = @Sendable (Transaction) async throws -> Void

/// The first half: reads, asks vendors, with no transaction open; gives the second half (DESIGN §3.3).
///
/// Nil: there is nothing to write, so the job's completion may share a transaction with those of others.
package typealias JobHandler = @Sendable (Job) async throws -> Commit?

/// What a handler throws to say how its failure counts; any `RetryClassified` error does as well.
package struct JobFailure: RetryClassified, Hashable {
    package let retryVerdict: RetryVerdict
    package let operatorMessage: String

    package init(_ verdict: RetryVerdict, _ operatorMessage: String) {
        retryVerdict = verdict
        self.operatorMessage = operatorMessage
    }

    package static func notNow(_ message: String, retryAfterSeconds: Double? = nil) -> JobFailure {
        JobFailure(.notNow(retryAfterSeconds: retryAfterSeconds), message)
    }
    package static func rejected(_ message: String) -> JobFailure { JobFailure(.rejected, message) }
}
