import Kernel
@testable import Postgres
import Testing

@Suite struct PostgresURLTests {
    @Test(arguments: [
        ("postgresql://u:p@h:5/d?schema=public", "postgresql://u:p@h:5/d"),
        ("postgres://u@h/d?schema=public&sslmode=require", "postgres://u@h/d?sslmode=require"),
        (
            "postgresql://u:p@h/d?sslmode=verify-full&connection_limit=5&sslrootcert=/ca.pem&pool_timeout=3",
            "postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=/ca.pem"
        ),
        ("postgresql://u:a?b%40c@h/d?pgbouncer=true", "postgresql://u:a?b%40c@h/d"),
        ("postgresql:///d?host=/tmp&schema=x", "postgresql:///d?host=/tmp"),
        ("postgresql://a:1,b:2/d", "postgresql://a:1,b:2/d"),
        ("postgresql://h", "postgresql://h"),
    ])
    func keysOfOtherClientsAreTakenOut(given: String, forLibpq: String) throws {
        #expect(try PostgresURL(given).libpqURI == forLibpq)
    }

    @Test(arguments: [
        ("postgresql://u:secret@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d?password=secret&sslmode=require", "postgresql://u@h/d?password=***&sslmode=require"),
        ("postgresql://u:se?cret@h/d?sslpassword=secret", "postgresql://u:***@h/d?sslpassword=***"),
        ("postgresql://u:secret:secret@h", "postgresql://u:***@h"),
    ])
    func theRedactedFormShowsNoPassword(given: String, shown: String) throws {
        let url = try PostgresURL(given)
        #expect(url.redacted == shown)
        #expect("\(url)" == shown)
        #expect(!url.redacted.contains("secret"))
    }

    @Test(arguments: ["", "mysql://h/d", "postgresql:/h", "host=h dbname=d password=secret", "http://h", "\0"])
    func whatIsNoPostgresURLIsRefusedWithoutQuotingIt(text: String) {
        #expect(throws: PostgresURLError.notPostgres) { try PostgresURL(text) }
        #expect(!PostgresURLError.notPostgres.description.contains("secret"))
    }

    @Test func prismaStrictVerificationStaysStrict() throws {
        let url = try PostgresURL("postgresql://h/d?sslmode=require&sslaccept=strict&sslrootcert=/ca.pem")
        #expect(url.libpqURI == "postgresql://h/d?sslrootcert=/ca.pem&sslmode=verify-full")
    }

    @Test func theSystemsCertificatesAreNamedToAnOldLibpq() throws {
        let text = "postgresql://h/d?sslmode=verify-full&sslrootcert=system"
        #expect(try PostgresURL(text, libpqMajorVersion: 15).libpqURI.contains("/etc/ssl/certs/ca-certificates.crt"))
        #expect(try PostgresURL(text, libpqMajorVersion: 16).libpqURI == text)
    }

    @Test func aPoolerIsNoticed() throws {
        #expect(try PostgresURL("postgresql://h/d?pgbouncer=true").usesTransactionPooler)
        #expect(try !PostgresURL("postgresql://h/d?pgbouncer=false").usesTransactionPooler)
    }

    @Test func anotherDatabaseOfTheSameServer() throws {
        let url = try PostgresURL("postgresql://u:p@h:5/d?sslmode=require").replacing(databaseName: "a/b c")
        #expect(url.libpqURI == "postgresql://u:p@h:5/a%2Fb%20c?sslmode=require")
        #expect(url.redacted == "postgresql://u:***@h:5/a%2Fb%20c?sslmode=require")
    }

    @Test func theEnvironmentCarriesWhatACommandLineMustNot() throws {
        let environment = try PostgresURL("postgresql://u:p%40ss@h:5/d?sslmode=require&schema=public").environment()
        #expect(environment["PGPASSWORD"] == "p@ss")
        #expect(environment["PGHOST"] == "h")
        #expect(environment["PGPORT"] == "5")
        #expect(environment["PGDATABASE"] == "d")
        #expect(environment["PGSSLMODE"] == "require")
    }

    @Test func libpqNamesAKeyItDoesNotKnow() throws {
        let url = try PostgresURL("postgresql://u:secret@h/d?sslmod=require")
        #expect(
            performing: {
                try url.environment()
            },
            throws: { error in
                let text = (error as? PostgresError)?.message ?? ""
                return text.contains("sslmod") && !text.contains("secret")
            })
    }
}

@Suite struct StatementCacheTests {
    @Test func aStatementIsPreparedWhenItComesASecondTime() {
        var cache = StatementCache(capacity: 4)
        #expect(cache.plan(for: "a") == .unprepared)
        #expect(cache.plan(for: "a") == .prepare(name: "f1", evicting: nil))
        cache.keep("a", name: "f1")
        #expect(cache.plan(for: "a") == .prepared(name: "f1"))
        #expect(cache.forget("a") == "f1")
        #expect(cache.plan(for: "a") == .unprepared)
    }

    @Test func theLeastRecentlyUsedGoesFirst() {
        var cache = StatementCache(capacity: 2)
        func use(_ text: String) {
            if case .prepare(let name, _) = cache.plan(for: text) { cache.keep(text, name: name) }
        }
        for text in ["a", "a", "b", "b", "a"] { use(text) }
        #expect(cache.plan(for: "c") == .unprepared)
        #expect(cache.plan(for: "c") == .prepare(name: "f3", evicting: "f2"))
        cache.keep("c", name: "f3")
        #expect(cache.plan(for: "a") == .prepared(name: "f1"))
        #expect(cache.plan(for: "b") == .unprepared)
    }

    @Test func generatedTextsAndPoolersPrepareNothing() {
        var cache = StatementCache(capacity: 2)
        let long = String(repeating: "x", count: StatementCache.textLengthMaximum + 1)
        var none = StatementCache(capacity: 0)
        for _ in 0..<3 {
            #expect(cache.plan(for: long) == .unprepared)
            #expect(none.plan(for: "a") == .unprepared)
        }
    }

    @Test func neitherTableGrowsWithoutBound() {
        var cache = StatementCache(capacity: 8)
        var prepared: Set<String> = []
        for round in 0..<1_000 {
            for _ in 0..<2 {
                guard case .prepare(let name, let evicted) = cache.plan(for: "s\(round)") else { continue }
                if let evicted { prepared.remove(evicted) }
                prepared.insert(name)
                cache.keep("s\(round)", name: name)
                #expect(prepared.count <= 8)
            }
        }
    }
}

@Suite struct PoolStateTests {
    @Test func connectionsAreOpenedUpToTheSizeThenCallersQueueUpInOrder() {
        var pool = PoolState<String>(size: 2)
        let answer1 = pool.checkOut(waiter: 1)
        #expect(answer1.isOpen)
        let answer2 = pool.checkOut(waiter: 2)
        #expect(answer2.isOpen)
        let answer3 = pool.checkOut(waiter: 3)
        #expect(answer3.isWait)
        let answer4 = pool.checkOut(waiter: 4)
        #expect(answer4.isWait)
        let answer5 = pool.checkIn("a")
        #expect(answer5?.waiter == 3)
        let answer6 = pool.checkIn("b")
        #expect(answer6?.waiter == 4)
        let answer7 = pool.checkIn("a")
        #expect(answer7 == nil)
        #expect(pool.idleCount == 1)
    }

    @Test func theLastOneInIsTheFirstOneOut() {
        var pool = PoolState<String>(size: 3)
        for _ in 0..<3 { _ = pool.checkOut(waiter: nil) }
        for item in ["a", "b", "c"] { _ = pool.checkIn(item) }
        let answer8 = pool.checkOut(waiter: nil)
        #expect(answer8.item == "c")
    }

    @Test func aLostConnectionLetsTheFirstWaiterOpenAnother() {
        var pool = PoolState<String>(size: 1)
        _ = pool.checkOut(waiter: nil)
        _ = pool.checkOut(waiter: 7)
        let handover = pool.lost()
        #expect(handover?.waiter == 7)
        #expect(handover?.grant.isOpen == true)
        #expect(pool.openCount == 1)
        let answer9 = pool.lost()
        #expect(answer9 == nil)
        #expect(pool.openCount == 0)
    }

    @Test func whoGaveUpIsPassedOver() {
        var pool = PoolState<String>(size: 1)
        _ = pool.checkOut(waiter: nil)
        _ = pool.checkOut(waiter: 1)
        _ = pool.checkOut(waiter: 2)
        let answer10 = pool.abandon(waiter: 1)
        #expect(answer10)
        let answer15 = pool.abandon(waiter: 1)
        #expect(!answer15)
        let answer11 = pool.checkIn("a")
        #expect(answer11?.waiter == 2)
        let answer16 = pool.abandon(waiter: 2)
        #expect(!answer16)
    }

    @Test func askingOnlyTakesNoPlaceInTheQueue() {
        var pool = PoolState<String>(size: 1)
        _ = pool.checkOut(waiter: nil)
        let answer12 = pool.checkOut(waiter: nil)
        #expect(answer12.isWait)
        #expect(pool.waiterCount == 0)
    }

    @Test func aClosedPoolGrantsNothing() {
        var pool = PoolState<String>(size: 1)
        _ = pool.checkOut(waiter: nil)
        _ = pool.checkOut(waiter: 5)
        let answer13 = pool.close()
        #expect(answer13 == [5])
        let answer14 = pool.lost()
        #expect(answer14 == nil)
        if case .closed = pool.checkOut(waiter: 6) {} else { Issue.record("a closed pool answered") }
    }

    /// Any order of events keeps the count of connections within the size and equal to what is really out.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func noOrderOfEventsLosesOrInventsAConnection(seed: UInt64) {
        var random = SplitMix(state: seed)
        var pool = PoolState<Int>(size: 3)
        var (out, idle, waiting, next): (Set<Int>, Int, Set<UInt64>, UInt64) = ([], 0, [], 1)
        func take(_ grant: PoolState<Int>.Grant) {
            switch grant {
            case .use(let item): out.insert(item)
            case .open: out.insert(Int(random.next() >> 8))
            }
        }
        func take(_ handover: PoolState<Int>.Handover?) {
            guard let handover else { return }
            #expect(waiting.remove(handover.waiter) != nil)
            take(handover.grant)
        }
        for _ in 0..<200 {
            switch random.next() % 4 {
            case 0:
                next += 1
                switch pool.checkOut(waiter: next) {
                case .granted(let grant): take(grant)
                case .wait: waiting.insert(next)
                case .closed: Issue.record("not closed")
                }
            case 1: if let item = out.popFirst() { take(pool.checkIn(item)) }
            case 2: if out.popFirst() != nil { take(pool.lost()) }
            default: if let waiter = waiting.first, pool.abandon(waiter: waiter) { waiting.remove(waiter) }
            }
            idle = pool.idleCount
            #expect(pool.openCount == out.count + idle)
            #expect(pool.openCount <= 3)
            #expect(pool.waiterCount == waiting.count)
            #expect(waiting.isEmpty || idle == 0)
        }
    }
}

@Suite struct HostResolutionTests {
    @Test func portsGoWithTheirHosts() {
        let one = HostResolution.targets(hosts: "a,/run/pg,b", ports: "6432")
        #expect(one.map(\.port) == ["6432", "6432", "6432"])
        #expect(one.map(\.isName) == [true, false, true])
        #expect(HostResolution.targets(hosts: "a,b", ports: "1,2").map(\.port) == ["1", "2"])
    }

    @Test func everyAddressOfEveryHostIsTriedInOrder() {
        let targets = HostResolution.targets(hosts: "a,b,c", ports: "1,2,3")
        let pairs = HostResolution.combine(targets, [["::1", "127.0.0.1"], [], ["10.0.0.1"]])
        #expect(pairs.map(\.address) == ["::1", "127.0.0.1", "10.0.0.1"])
        #expect(pairs.map(\.target.host) == ["a", "a", "c"])
        #expect(pairs.map(\.target.port) == ["1", "1", "3"])
    }
}

@Suite struct QueryTests {
    @Test func interpolationBindsAndNeverPastes() {
        let name = "'; DROP TABLE orders; --"
        let nothing: String? = nil
        let query: Query = "SELECT \(name), \(7), \(nothing) FROM t"
        #expect(query.sql == "SELECT $1, $2, $3 FROM t")
        #expect(query.binds == [.text(name), .text("7"), .null])
    }

    @Test func textWithANulByteIsRefusedInsteadOfCut() {
        #expect(throws: PostgresError.self) { try BoundParameters([.text("ab\0cd")]) }
    }
}

extension PoolState.Answer {
    var isWait: Bool { if case .wait = self { true } else { false } }
    var isOpen: Bool { if case .granted(.open) = self { true } else { false } }
    var item: Item? { if case .granted(.use(let item)) = self { item } else { nil } }
}

extension PoolState.Grant {
    var isOpen: Bool { if case .open = self { true } else { false } }
}

struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
