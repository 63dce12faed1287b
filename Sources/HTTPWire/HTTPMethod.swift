/// A request method (RFC 9110 §9): any token, the known ones by name. Case-sensitive.
package struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package static var get: HTTPMethod { HTTPMethod("GET") }
    package static var head: HTTPMethod { HTTPMethod("HEAD") }
    package static var post: HTTPMethod { HTTPMethod("POST") }
    package static var put: HTTPMethod { HTTPMethod("PUT") }
    package static var patch: HTTPMethod { HTTPMethod("PATCH") }
    package static var delete: HTTPMethod { HTTPMethod("DELETE") }
    package static var options: HTTPMethod { HTTPMethod("OPTIONS") }

    package var description: String { name }
}
