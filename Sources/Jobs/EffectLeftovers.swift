import Kernel
import Logging

/// Settles what earlier runs of a job sent and never heard the end of, where the run that did the job had no use for it
/// any more: a removal whose answer was lost, while the print began; a queue item of an attempt that has failed since.
///
/// Without it such an effect would stay in doubt for ever, for the job that owned it has ended well. Nothing is sent:
/// what the vendor holds is adopted, and where it holds nothing the effect is given up, which the sweep watches
/// (ADR-045).
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

    /// To be called after the handler and before its commit. Costs nothing where no earlier run can have sent anything.
    /// - Throws: `notNow` where the vendor may still hide it, or cannot be asked: the job is done again later.
    func settle(of job: Job) async throws {
        guard job.claims > 1 else { return }
        let kinds = kinds()
        for left in try await EffectStorage.left(by: job, in: ground.database) {
            if kinds.onceOnly.contains(left.kind) {
                try await EffectStorage.loseOwner(left.reference, to: job, in: ground.database)
            } else if let vendor = kinds.leftovers[left.kind] {
                try await vendor.settle(left.reference, job, ground)
            } else {
                continue
            }
            ground.logger.notice(
                "What an earlier run had sent was settled; its job has no use for it any more.",
                metadata: ["effect": "\(left.reference)", "kind": "\(left.kind)", "job": "\(job.id)"])
        }
    }
}
