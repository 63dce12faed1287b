import FoundationEssentials
package import HTTPWire
package import Kernel

/// Makes routes of files that are all known at start.
///
/// Each file is a route of literal segments: what is not in the set is no route, so that no `..` and no escape can name
/// anything else. `index.html` also answers at its folder.
package struct StaticFiles: Sendable {
    /// Why files cannot be served: said at start.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    private let files: [StaticFile]

    /// - Throws: `Refusal` for two files of one path, and for a path that is not plain segments.
    package init(_ files: [StaticFile]) throws(Refusal) {
        var paths: Set<String> = []
        for file in files {
            guard Self.isPlain(file.path) else {
                throw Refusal(description: "the path of a file is not plain: \(file.path.prefix(200))")
            }
            guard paths.insert(file.path).inserted else {
                throw Refusal(description: "two files have the path \(file.path)")
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    /// - Parameters:
    ///   - prefix: `/dashboard`, or nothing for the root.
    ///   - fields: added to every answer, such as a `content-security-policy` that lets a page run.
    ///   - time: for the years of old-fashioned dates.
    package func routes(
        under prefix: String = "", tag: String, access: Route.Access, fields: HTTPFields = [:], time: Time = .system
    ) -> [Route] {
        files.flatMap { file in
            var paths = ["\(prefix)/\(file.path)"]
            if file.path == "index.html" { paths.append(prefix.isEmpty ? "/" : prefix) }
            if file.path.hasSuffix("/index.html") {
                paths.append("\(prefix)/\(file.path.dropLast("/index.html".count))")
            }
            return paths.map { path in
                Route(
                    .get, PathPattern(path), "Fetch \(file.path)", tag: tag, access: access,
                    limits: .init(bodyBytes: 0), returns: .binary(mediaType: file.mediaType), problems: [412, 416],
                    answer: { call in
                        var response = file.response(to: call.request, currentYear: Self.year(time))
                        if response.status == 412 { throw Self.preconditionFailed }
                        if response.status == 416 { return Self.unsatisfiable(response, call) }
                        for field in fields.fields { response.fields[field.name] = field.value }
                        return response
                    })
            }
        }
    }

    private static let preconditionFailed = Problem(
        code: "precondition-failed", status: 412, detail: "The file is another one than If-Match or its like asks for.")

    /// A problem with the length beside it, so that the client can ask better.
    private static func unsatisfiable(_ bare: HTTPResponse, _ call: Call) -> HTTPResponse {
        let problem = Problem(
            code: "range-not-satisfiable", status: 416, detail: "The file ends before the range; see Content-Range.")
        var response = problem.response(requestID: call.correlationID.text)
        response.fields["content-range"] = bare.fields["content-range"]
        return response
    }

    /// Good enough to tell which century two digits mean.
    private static func year(_ time: Time) -> Int {
        1970 + Int((time.now().timeIntervalSince1970 / 31_556_952).rounded(.down))
    }

    private static func isPlain(_ path: String) -> Bool {
        guard (1...1_024).contains(path.utf8.count) else { return false }
        return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
                && segment.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !"\\{}".utf8.contains($0) }
        }
    }
}
