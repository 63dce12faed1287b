import HTTPWire
import Routing
import Testing

@Suite struct RouterTests {
    static func route(_ method: HTTPMethod, _ pattern: PathPattern) -> Route {
        Route(method, pattern, "A test route", tag: "Test", access: .open) { _ in .text("") }
    }

    private let router = try? Router([
        route(.get, "/"), route(.get, "/orders"), route(.post, "/orders"), route(.get, "/orders/{id}"),
        route(.delete, "/orders/{order}"), route(.get, "/orders/search"), route(.get, "/orders/{id}/lines/{line}"),
        route(.get, "/files/label.pdf"),
    ])

    private func text(_ method: HTTPMethod, _ path: String) throws -> String {
        switch try #require(router).match(method: method, path: path) {
        case .found(let entry, let parameters):
            let values = parameters.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            return entry.route.method.name + " " + entry.route.pattern.text + values
        case .wrongMethod(let allowed): return "405 " + allowed.joined(separator: ",")
        case .notFound: return "404"
        case .malformedPath: return "400"
        }
    }

    @Test(arguments: [
        (HTTPMethod.get, "/", "GET /"), (.get, "/orders", "GET /orders"), (.post, "/orders", "POST /orders"),
        (.head, "/orders", "GET /orders"), (.get, "/orders/7", "GET /orders/{id} id=7"),
        (.get, "/orders/search", "GET /orders/search"),
        // The literal leads nowhere, so the parameter is tried.
        (.get, "/orders/search/lines/2", "GET /orders/{id}/lines/{line} id=search line=2"),
        (.delete, "/orders/search", "DELETE /orders/{order} order=search"),
        (.delete, "/orders/7", "DELETE /orders/{order} order=7"), (.get, "/orders/a%20b", "GET /orders/{id} id=a b"),
        // Decoded once: what was escaped twice stays escaped.
        (.get, "/orders/%2541", "GET /orders/{id} id=%41"), (.get, "/%6Frders", "GET /orders"),
        (.get, "/orders/%C3%A9", "GET /orders/{id} id=\u{E9}"), (.get, "/files/label.pdf", "GET /files/label.pdf"),
        (.put, "/orders", "405 GET,HEAD,OPTIONS,POST"), (.post, "/orders/7", "405 DELETE,GET,HEAD,OPTIONS"),
        (.head, "/nothing", "404"), (.get, "/orders/", "404"), (.get, "//orders", "404"), (.get, "/orders//", "404"),
        (.get, "/Orders", "404"), (.get, "/orders/7/lines", "404"),
        (.get, "/orders/%2F", "400"), (.get, "/orders/%2f", "400"), (.get, "/orders/%5C", "400"),
        (.get, "/orders/%00", "400"), (.get, "/orders/%0a", "400"), (.get, "/orders/..", "400"),
        (.get, "/orders/./7", "400"), (.get, "/orders/%2e%2E", "400"), (.get, "/orders/.%2e", "400"),
        (.get, "/orders/%ff", "400"), (.get, "/orders/%C0%AF", "400"), (.get, "/orders/%", "400"),
        (.get, "/orders/%4", "400"), (.get, "/orders/%zz", "400"), (.get, "/orders/...", "GET /orders/{id} id=..."),
    ])
    func matches(_ method: HTTPMethod, _ path: String, _ expected: String) throws {
        #expect(try text(method, path) == expected)
    }

    @Test(arguments: [
        ["/a", "/a"], ["/a/{x}", "/a/{y}"], ["/a/{x}/b", "/a/{y}/b"], ["/a", "/a/"], ["/{x}/{x}"], ["/{}"], ["a"],
        ["/a{x}"],
    ])
    func refusesRoutesThatCannotLiveTogether(_ patterns: [String]) {
        #expect(throws: RouterError.self) { try Router(patterns.map { Self.route(.get, PathPattern($0)) }) }
    }

    @Test func aConflictNamesBothRoutes() {
        let error = #expect(throws: RouterError.self) {
            try Router([Self.route(.get, "/a/{x}"), Self.route(.get, "/a/{y}")])
        }
        #expect(error?.description == "GET /a/{y} and GET /a/{x} are the same")
    }
}
