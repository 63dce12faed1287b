import FoundationEssentials
import HTTPWire

/// Files and webhooks of SimplyPrint.
extension PrintFarm {
    /// `search` is part of a name without its extension.
    func getFiles(_ request: VendorRequest) -> JSONNode {
        let search = request.parameter("search")?.lowercased() ?? ""
        let wanted = files.values.filter { search.isEmpty || $0.name.lowercased().contains(search) }
        let nodes = wanted.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.map { file -> JSONNode in
            let parts = file.name.split(separator: ".")
            return [
                "id": .string(file.id), "name": .string(parts.dropLast().joined(separator: ".")),
                "ext": .string(parts.last.map(String.init) ?? "gcode"), "type": "printable",
                "size": .integer(file.sizeBytes), "created": .string(VendorTime.utcOffset(file.createdAt)),
                "createdint": .integer(Int64(file.createdAt.timeIntervalSince1970)), "user_id": 7, "thumbnail": 1,
                "folder": 0, "user": 7,
            ]
        }
        return FarmViews.success([
            ("files", .array(nodes)), ("folders", []), ("space", 1_000_000_000), ("space_used", 0),
        ])
    }

    /// Keeps an uploaded file: 64 digits in, 32 out. Multipart is refused here; it belongs to the file host.
    mutating func keepFile(_ body: JSONNode, at now: Date) -> JSONNode {
        guard let fileID = body["fileId"]?.string, let upload = uploads[fileID] else {
            return FarmViews.failure("File not found")
        }
        let file = FarmFile(id: hex(32), name: upload.name, sizeBytes: upload.sizeBytes, createdAt: now)
        files[file.id] = file
        return FarmViews.success([("id", .string(file.id))])
    }

    /// The file host: `files/Upload` as multipart, answered with an id that expires after a day.
    mutating func upload(_ request: VendorRequest, at now: Date) -> JSONNode? {
        guard request.segments == ["files", "Upload"] else { return nil }
        guard let file = FarmUpload.file(in: request.body, contentType: request.fields["content-type"]) else {
            return FarmViews.failure("No file was uploaded")
        }
        let upload = FarmFile(id: hex(64), name: file.name, sizeBytes: file.sizeBytes, createdAt: now)
        uploads[upload.id] = upload
        return FarmViews.success([
            (
                "file",
                [
                    "id": .string(upload.id), "name": .string(upload.name), "size": .integer(upload.sizeBytes),
                    "expires_at": .integer(Int64(now.addingTimeInterval(86_400).timeIntervalSince1970)),
                ]
            )
        ])
    }

    private func hex(_ digits: Int) -> String {
        var text = ""
        while text.count < digits { text += uuid().filter { $0 != "-" } }
        return String(text.prefix(digits))
    }

    // MARK: Webhooks

    mutating func answerWebhooks(_ request: VendorRequest, _ body: JSONNode, at now: Date) -> JSONNode? {
        switch request.segments.joined(separator: "/") {
        case "webhooks/Get":
            return FarmViews.success([
                ("data", .array(webhooks.values.sorted { $0.id < $1.id }.map { Self.node(of: $0) }))
            ])
        case "webhooks/Create": return saveWebhook(body, at: now)
        case "webhooks/Delete":
            guard let id = body["id"]?.lenientInteger, webhooks.removeValue(forKey: id) != nil else {
                return FarmViews.failure("Webhook not found")
            }
            return FarmViews.success()
        case "webhooks/SetEnabled":
            guard let id = body["id"]?.lenientInteger, webhooks[id] != nil else {
                return FarmViews.failure("Webhook not found")
            }
            webhooks[id]?.isEnabled = body["enabled"]?.bool ?? false
            return FarmViews.success()
        case "webhooks/TriggerTestWebhook":
            guard let id = body["id"]?.lenientInteger, let webhook = webhooks[id] else {
                return FarmViews.failure("Webhook not found")
            }
            let node: JSONNode = [
                "webhook_id": .integer(id), "event": "test",
                "timestamp": .integer(Int64(now.timeIntervalSince1970)), "data": ["message": "This is a test"],
            ]
            outgoing.append(
                Hook(
                    event: "test", url: webhook.url, secret: webhook.secret ?? "", webhookID: id,
                    body: node.bytes()))
            return FarmViews.success()
        default: return nil
        }
    }

    /// With `id` an update; disabled unless asked otherwise.
    private mutating func saveWebhook(_ body: JSONNode, at now: Date) -> JSONNode {
        let events = (body["events"]?.array ?? []).compactMap(\.string)
        if let index = events.firstIndex(where: { !Self.knownEvents.contains($0) }) {
            return FarmViews.failure("events.\(index): Invalid enum value specified!")
        }
        guard let url = body["url"]?.string, url.hasPrefix("http") else { return FarmViews.failure("url: Invalid URL") }
        if let secret = body["secret"]?.string, secret.utf8.count > 128 {
            return FarmViews.failure("secret: The value is too long")
        }
        let given = body["id"]?.lenientInteger
        if let given, webhooks[given] == nil { return FarmViews.failure("Webhook not found") }
        let id = given ?? nextID("webhook")
        let webhook = FarmWebhook(
            id: id, name: body["name"]?.string ?? "", url: url, secret: body["secret"]?.string,
            isEnabled: body["enabled"]?.bool ?? false, events: events, createdAt: webhooks[id]?.createdAt ?? now)
        webhooks[id] = webhook
        return FarmViews.success([("webhook", Self.node(of: webhook))])
    }

    private static func node(of webhook: FarmWebhook) -> JSONNode {
        [
            "id": .integer(webhook.id), "created_by": FarmViews.user, "name": .string(webhook.name),
            "url": .string(webhook.url), "events": .strings(webhook.events), "secret": .text(webhook.secret),
            "enabled": .bool(webhook.isEnabled), "oauth_client_id": nil,
            "created_at": .string(VendorTime.utcOffset(webhook.createdAt)),
            "updated_at": .string(VendorTime.utcOffset(webhook.createdAt)),
        ]
    }

    /// The vendor's catalogue of 2026, the families this stand-in may send or a client may ask for.
    private static let knownEvents: Set<String> = [
        "job.started", "job.paused", "job.resumed", "job.cancelled", "job.done", "job.failed", "job.bed_cleared",
        "job.objects_skipped", "queue.add_item", "queue.delete_item", "queue.empty_queue", "queue.move_item",
        "queue.revive_item", "queue.item_pending_approval", "queue.item_approved", "queue.item_denied",
        "printer.autoprint_state_changed", "printer.nozzle_size_changed", "printer.material_changed",
        "printer.custom_tag_assigned", "printer.custom_tag_detached", "printer.out_of_order_state_changed",
        "printer.ai_state_changed", "printer.ai_failure_detected", "printer.ai_failure_false_positive",
        "printer.autoprint_max_cycles", "company.autoprint_state_changed", "filament.create", "filament.update",
        "filament.delete", "filament.assigned", "filament.unassigned", "test",
    ]
}
