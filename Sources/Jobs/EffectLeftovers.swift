import Kernel
import Logging

/// Settles what earlier runs of a job sent and never heard the end of, where the run that did the job had no use for it
/// any more: a removal whose answer was lost, while the print began; a queue item of an attempt that has failed since.
///
/// Without it such an effect would stay in doubt for ever, for the job that owned it has ended well. Nothing is sent:
/// what the vendor holds under our reference is taken back there, for nobody wants it any more; what is known without
/// one is taken as it is. Where the vendor holds nothing, the effect is given up (ADR-045).
struct EffectLeftovers: Sendable {
    let ground: EffectGround
    let kinds: @Sendable () -> EffectKinds

    /// A vendor with its types taken away.
    struct Vendor: Sendable {
        let settle: @Sendable (_ reference: String, _ job: Job, _ ground: EffectGround) async throws -> Void

        init<Vendor: EffectVendor>(_ vendor: Vendor) {
            settle = { reference, job, ground in
                try await EffectAttempt(
                    sending: EffectSend(
                        ground: ground, sender: vendor, reference: reference, job: job, onSent: nil, onUnknown: nil)
                ).settle()
            }
        }
    }

    /// To be called where the handler had nothing to write down.
    /// - Throws: `notNow` where the vendor may still hide it, or cannot be asked: the job is done again later.
    func settle(of job: Job) async throws {
        let kinds = kinds()
        for left in try await EffectStorage.left(by: job, in: ground.database) {
            let metadata: Logger.Metadata = [
                "effect": "\(left.reference)", "kind": "\(left.kind)", "job": "\(job.id)",
            ]
            do {
                guard try await settle(left, of: job, kinds) else { continue }
                ground.logger.notice(
                    "What an earlier run had sent was settled; its job has no use for it any more.",
                    metadata: metadata)
            } catch is JobSuperseded {
                // Another run of an equal job has it now.
                continue
            } catch let failure as JobFailure where failure.retryVerdict == .rejected {
                // It stays what it is, not known, and an operator sees it.
                ground.logger.warning(
                    "What an earlier run had sent cannot be settled.",
                    metadata: metadata.merging(["reason": "\(failure.operatorMessage)"]) { $1 })
            }
        }
    }

    private func settle(_ left: EffectStorage.Left, of job: Job, _ kinds: EffectKinds) async throws -> Bool {
        if kinds.onceOnly.contains(left.kind) {
            return try await EffectStorage.loseOwner(left.reference, to: job, in: ground.database)
        }
        guard let vendor = kinds.leftovers[left.kind] else { return false }
        try await vendor.settle(left.reference, job, ground)
        return true
    }
}
