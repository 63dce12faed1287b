package import HTTPWire
package import Kernel

extension Problem {
    /// What a body that could not be read means to its sender.
    package init(_ failure: HTTPBody.Failure) {
        switch failure {
        case .tooLarge(let limitBytes):
            self.init(
                code: "body-too-large", status: 413, detail: "The body may have at most \(limitBytes) bytes here.")
        case .incomplete:
            self.init(code: "incomplete-body", status: 400, detail: "The body ended early or its framing is broken.")
        case .timedOut:
            self.init(code: "body-timeout", status: 408, detail: "The body came too slowly.")
        }
    }
}
