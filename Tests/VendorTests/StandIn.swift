import HTTPClient
import Logging
import Sendcloud
import Shopify
import SimplyPrint
import TestKit

/// The real clients on a real socket, with a far side that a test scripts.
struct StandIn {
    let server: ScriptedServer
    let http: HTTPClient

    var shopify: ShopifyClient {
        ShopifyClient(
            configuration: ShopifyConfiguration(
                shopDomain: "forma3d.myshopify.com", apiURL: server.url + "/", accessToken: "shpat_token",
                timeoutSeconds: timeoutSeconds),
            http: http, logger: .silent)
    }

    var simplyPrint: SimplyPrintClient {
        simplyPrint(takeBudget: {})
    }

    func simplyPrint(takeBudget: @escaping @Sendable () async throws -> Void) -> SimplyPrintClient {
        SimplyPrintClient(
            configuration: SimplyPrintConfiguration(
                companyID: "27286", apiKey: "sp_key", apiURL: server.url, filesURL: server.url,
                timeoutSeconds: timeoutSeconds),
            http: http, takeBudget: takeBudget, logger: .silent)
    }

    var sendcloud: SendcloudClient {
        SendcloudClient(
            configuration: SendcloudConfiguration(
                publicKey: "public", secretKey: "secret", apiURL: server.url + "/api/v2", timeoutSeconds: timeoutSeconds
            ),
            http: http, logger: .silent)
    }

    var timeoutSeconds = 10.0

    static func with<Result>(
        timeoutSeconds: Double = 10, _ script: @escaping ScriptedServer.Script,
        _ body: (StandIn) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedServer(script)
        let http = HTTPClient(logger: .silent)
        do {
            let result = try await body(StandIn(server: server, http: http, timeoutSeconds: timeoutSeconds))
            server.stop()
            await http.close()
            return result
        } catch {
            server.stop()
            await http.close()
            throw error
        }
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
