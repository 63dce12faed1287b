import EventLoop
import HTTPWire
import Routing

extension EdgePolicy {
    /// - Parameter burnPool: compresses what would hold up the loop; when its queue is full, answers go as they are.
    init(_ settings: EdgeSettings, burnPool: BlockingPool) {
        self.init()
        trustedProxies = settings.trustedProxies
        crossOrigin = settings.crossOrigin
        setStrictTransportSecurity(seconds: settings.strictTransportSecuritySeconds)
        if settings.gzip {
            contentCoding = ContentCoding { work in
                (try? await burnPool.run(work)) ?? nil
            }
        }
    }
}
