import HTTPClient
import Kernel
import Notifications

/// Can operators be told? Never a matter of readiness: work goes on and notices wait.
enum NoticeChecks {
    static let checkSeconds = 8.0

    static func all(settings: Settings, root: CompositionRoot) -> [Check] {
        let own = settings.notifications
        var checks: [Check] = []
        if let smtp = root.notices.smtp {
            checks.append(
                Check("mail", uses: [.dependency, .doctor]) {
                    do throws(VendorFailure) {
                        try await smtp.check(timeoutSeconds: checkSeconds)
                        return .ok("the mail server lets us in; \(own.operatorAddresses.count) addresses are told")
                    } catch {
                        return .failed(error.operatorMessage)
                    }
                })
        } else {
            checks.append(Check("mail", uses: [.doctor]) { off("SMTP_HOST", nobody: "nobody is mailed", settings) })
        }
        let hasPush = root.notices.channels.push != nil
        checks.append(
            Check("push", uses: [.doctor]) {
                hasPush
                    ? .ok("browsers can subscribe")
                    : off("VAPID_PRIVATE_KEY", nobody: "no browser is told", settings)
            })
        return checks
    }

    private static func off(_ name: String, nobody: String, _ settings: Settings) -> CheckResult {
        guard settings.notifications.isEnabled else { return .ok("off: NOTIFICATIONS_ENABLED is false") }
        let words = "\(name) is unset: \(nobody) when work gives up"
        // A shop may do with one of the two; mail is the one that reaches somebody who has no browser open.
        return settings.isDevelopment || name != "SMTP_HOST" ? .ok(words) : .warning(words)
    }
}
