import HTTPServer
import Jobs
import Kernel
import Migrations
import PrivatePostgres
import Processes
import Routing

/// An error as a sentence for the operator: no secrets, no personal data.
enum OperatorText {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as any RetryClassified: error.operatorMessage
        case let error as Problem: "\(error.code): \(error.detail)"
        case let error as HTTPServerError: error.description
        case let error as PrivateClusterError: error.description
        case let error as ProcessFailure: error.description
        case let error as RouterError: error.description
        case let error as FaultRule.Unreadable: error.description
        case let error as MigrationError: error.description
        default: "unexpected error of type \(type(of: error))"
        }
    }
}
