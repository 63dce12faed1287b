import HTTPServer
import Kernel

/// An error as a sentence for the operator: no secrets, no personal data.
enum OperatorText {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as any RetryClassified: error.operatorMessage
        case let error as Problem: "\(error.code): \(error.detail)"
        case let error as HTTPServerError: error.description
        case let error as any OperatorReadable: error.operatorMessage
        default: "unexpected error of type \(type(of: error))"
        }
    }
}

/// An error of this target that has a sentence for the operator.
protocol OperatorReadable: Error {
    var operatorMessage: String { get }
}
