import HTTPWire
package import Jobs
import Kernel
package import Routing

/// Drawer plates to the millimetre: quotes while the customer types, files when somebody wants them.
package struct GridFlockModule: Sendable {
    private let designs: Designs
    private let storefront: StorefrontRoutes
    private let quotes: Quotes
    private let slices: Slices
    private let isEnabled: Bool

    /// What the storefront's requests are judged by.
    package struct Storefront: Sendable {
        package let gate: StorefrontGate
        /// What the proxy adds to a query.
        package let proxyParameters: Set<String>

        package init(gate: StorefrontGate, proxyParameters: Set<String>) {
            self.gate = gate
            self.proxyParameters = proxyParameters
        }
    }

    /// - Parameters:
    ///   - quoting: prices and pictures, on threads of their own.
    ///   - slices: what calibrates the minutes of quotes.
    ///   - isEnabled: false answers 404 everywhere; what is in the queue is still done.
    package init(designs: Designs, quoting: Quotes, slices: Slices, storefront: Storefront, isEnabled: Bool) {
        self.designs = designs
        quotes = quoting
        self.slices = slices
        self.storefront = StorefrontRoutes(
            quotes: quoting, gate: storefront.gate, proxyParameters: storefront.proxyParameters)
        self.isEnabled = isEnabled
    }

    package var registrations: [JobRegistration] { [designs.registration, designs.evictionRegistration] }
    package var schedules: [Schedule] { designs.schedules }

    package var routes: [Route] {
        let all =
            QuoteRoutes(quotes: quotes).routes + DesignRoutes(designs: designs, quotes: quotes).routes
            + SliceRoutes(slices: slices).routes + storefront.routes
        return isEnabled ? all : all.map { $0.refusing }
    }
}

extension Route {
    /// The same route, which does nothing but refuse.
    fileprivate var refusing: Route {
        // Customers are not told how the server is set up.
        let detail =
            access == .operators
            ? "Drawer plates are switched off; GRIDFLOCK_ENABLED=true offers them." : "There is nothing at this path."
        let problem = Problem(code: "feature-off", status: 404, detail: detail)
        return Route(
            method, pattern, summary, tag: tag, access: access, limits: limits, parameters: parameters, takes: takes,
            returns: returns, status: status, problems: problems, handle: { _ in throw problem }
        ).alsoAnswering(alsoAnswers)
    }
}
