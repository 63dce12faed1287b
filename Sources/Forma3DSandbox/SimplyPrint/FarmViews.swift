import FoundationEssentials

/// What never changes in SimplyPrint's answers.
enum FarmViews {
    static let user: JSONNode = [
        "id": 7, "sso": false, "first_name": "Alex", "last_name": "Johnson",
        "avatar": "https://www.gravatar.com/avatar/abc123?s=100",
    ]

    /// `{"status":true,"message":null, …}`.
    static func success(_ members: [(String, JSONNode)] = []) -> JSONNode {
        var node: JSONNode = ["status": true, "message": nil]
        for (name, value) in members { node[name] = value }
        return node
    }

    /// A logical failure; most come with HTTP 200.
    static func failure(_ message: String) -> JSONNode { ["status": false, "message": .string(message)] }

    static let customField: JSONNode = [
        "id": 7, "fieldId": .string(FarmSettings.referenceField), "fieldLabel": "Forma3D reference",
        "fieldDescription": "", "fieldPlaceholder": nil, "fieldType": "text", "fieldOptions": nil,
        "category": "print", "subCategory": ["print_queue", "print_job"], "required": false, "enabled": true,
        "defaultValue": nil, "visibleRequiredPermissions": nil, "editRequiredPermissions": nil,
        "visibleToGroups": [], "editableByGroups": [], "validation": nil, "createdByUser": -1, "user": "Alex Johnson",
        "forPrinters": [], "forModels": [], "forGroups": [], "showOnRegistration": nil,
        "showBeforeStartPrint": nil, "position": 0, "created": "2026-01-07T13:46:59+00:00",
        "updated": "2026-01-07T13:46:59+00:00",
    ]
}

extension PrintFarm {
    func node(of item: FarmQueueItem, index: Int, at now: Date) -> JSONNode {
        let isAnalysed = now >= pace.date(settings.analysisSeconds, after: item.addedAt)
        return [
            "id": .integer(item.id), "index": .integer(index), "filename": .string(item.filename),
            "note": .text(item.note), "model": false, "printable": true, "type": "printable", "zipPrintable": false,
            "zipNoModel": false, "left": .integer(item.left), "printed": .integer(item.printed),
            "filesystem_id": .string(item.fileID), "group": .integer(item.group),
            "for": [
                "printers": item.forPrinters.isEmpty ? nil : .array(item.forPrinters.sorted().map { .integer($0) }),
                "models": nil, "groups": nil,
            ],
            "tags": nil,
            "analysis": isAnalysed
                ? ["slicer": "PrusaSlicer", "filament": [60], "estimate": .decimal(settings.printSeconds)] : nil,
            "added": .string(VendorTime.utcOffset(item.addedAt)), "size": 2_458_112,
            "sort_order": .decimal(item.sortOrder), "user": "Alex Johnson", "user_id": 7,
            "customFields": .array(item.customFields),
            "quota_warnings": [
                "over_quota": false, "insufficient_balance": false, "would_exceed": [], "details": [],
            ],
        ]
    }

    func doneNode(of item: FarmQueueItem, index: Int, at now: Date) -> JSONNode {
        var node = node(of: item, index: index, at: now)
        node["done"] = .integer(item.printed)
        node["ongoing"] = .integer(item.ongoing)
        let expires = (item.doneAt ?? now).addingTimeInterval(settings.doneItemHours * 3_600)
        node["expires"] = .string(VendorTime.utcOffset(expires))
        return node
    }

    /// Printed or printing their last copy, and not expired yet.
    func doneItems(at now: Date) -> [FarmQueueItem] {
        itemSequence.compactMap { items[$0] }.filter { item in
            item.isDone
                && now < (item.doneAt ?? now).addingTimeInterval(settings.doneItemHours * 3_600)
        }
    }

    func node(of printer: FarmPrinter, index: Int, at now: Date) -> JSONNode {
        let job = printer.jobID.flatMap { jobs[$0] }
        var node: JSONNode = [
            "id": .integer(printer.id), "sort_order": .integer(index),
            "printer": [
                "name": .string(printer.name), "state": .string(printer.state.rawValue), "group": 2,
                "position": .integer(index), "api": "OctoPrint", "online": .bool(printer.state != .offline),
                "temps": [
                    "ambient": 22, "current": ["tool": [job == nil ? 24 : 210], "bed": nil],
                    "target": ["tool": [job == nil ? 0 : 210], "bed": nil],
                ],
                "model": [
                    "id": 91, "name": "MK4", "brand": "Prusa", "bedSize": [250, 210], "maxHeight": 220,
                    "extruders": 1, "nozzleDia": .number("0.4"),
                ],
                "hasQueue": ["items": .integer(waiting.count), "fits": true], "outOfOrder": 0,
                "awaitingBedClear": .bool(printer.awaitsBedClear),
            ],
            "filament": nil,
        ]
        if let job {
            node["job"] = [
                "id": .integer(job.id), "uid": .string(job.uid), "state": .string(printer.state.rawValue),
                "file": .string(job.filename), "percentage": .integer(job.percentage(at: now)),
                "time": .integer(max(0, Int(job.finishesAt.timeIntervalSince(now)))), "canPreview": true,
                "layer": nil,
            ]
        } else if settings.idleJob == .null {
            node["job"] = .null
        }
        node["tags"] = ["nozzle": .number("0.4"), "material": [], "custom": []]
        return node
    }

    /// History: the one place where a job names its queue item.
    func historyNode(of job: FarmJob, at now: Date) -> JSONNode {
        let end = job.endedAt ?? now
        return [
            "id": .integer(job.id), "uid": .string(job.uid), "status": .string(job.state.rawValue),
            "cancelReasonType": .text(job.cancelReason.map { String($0) }),
            "rating": job.rating.map { .integer($0) } ?? nil, "filename": .string(job.filename),
            "startDate": .string(VendorTime.utcOffset(job.startedAt)),
            "endDate": .text(job.endedAt.map(VendorTime.utcOffset)), "user": 7, "autoprint": true,
            "outsideSystem": .bool(job.isOutsideSystem), "printer": .integer(job.printerID),
            "filament": "{\"e0\": {\"usage\": 60}}", "filUsage": 60, "filUsageGram": 0,
            "currentPercentage": .integer(job.percentage(at: now)),
            "printTime": .integer(max(0, Int(end.timeIntervalSince(job.startedAt)))),
            "cost": ["estimate": false, "total_cost": .number("0.42"), "lines": []],
            "queueItem": job.queueItemID.map { ["id": .integer($0), "user": 7, "queueNum": 1] } ?? nil,
            "customFields": .array(job.customFields),
        ]
    }

    func detailsNode(of job: FarmJob, at now: Date) -> JSONNode {
        let printer = printers.first { $0.id == job.printerID }
        return [
            "id": .integer(job.id), "filament": [], "pauses": [],
            "currentTime": .integer(Int64(now.timeIntervalSince1970)), "cost": .number("0.42"),
            "customFields": .array(job.customFields), "ended": Self.seconds(job.endedAt),
            "failedReason": job.state == .failed ? "Print failed" : nil,
            "cancelInfo": job.state == .cancelled
                ? [
                    "reason": .text(job.cancelReason.map { String($0) }), "comment": .text(job.comment),
                    "by": "Alex Johnson", "byOther": 0,
                ] : nil,
            "outsideSystem": .bool(job.isOutsideSystem), "rating": job.rating.map { .integer($0) } ?? nil,
            "started": Self.seconds(job.startedAt), "created": Self.seconds(job.startedAt),
            "state": .string(job.state.rawValue), "file": .string(job.filename),
            "percentage": .integer(job.percentage(at: now)),
            "time": .integer(max(0, Int(job.finishesAt.timeIntervalSince(now)))), "canPreview": true, "layer": nil,
            "printer": [
                "id": .integer(job.printerID), "name": .string(printer?.name ?? "gone"), "extruders": 1,
                "deleted": printer == nil ? 1 : 0,
            ], "spools": [],
        ]
    }

    private static func seconds(_ date: Date?) -> JSONNode {
        date.map { .integer(Int64($0.timeIntervalSince1970)) } ?? nil
    }

    /// A webhook's job: printer inside it, no queue item id (contracts §1.2 and §1.4).
    func hookNode(of job: FarmJob, event: String, at now: Date) -> JSONNode {
        let printer = printers.first { $0.id == job.printerID }
        let state =
            switch job.state {
            case .ongoing: "printing"
            case .finished: "completed"
            case .failed: "failed"
            case .cancelled: "cancelled"
            }
        var node: JSONNode = [
            "id": .integer(job.id), "uid": .string(job.uid),
            "panel_url": .string("https://simplyprint.io/panel/jobs/\(job.uid)"),
            "printer_id": .integer(job.printerID), "state": .string(state), "file": .string(job.filename),
            "percentage": .integer(job.percentage(at: now)),
            "time_left": job.state == .ongoing
                ? .integer(max(0, Int(job.finishesAt.timeIntervalSince(now)))) : nil,
            "current_layer": 210, "analysis": ["estimate": .decimal(settings.printSeconds), "totalLayers": 210],
            "started": Self.seconds(job.startedAt), "ended": Self.seconds(job.endedAt), "ai": nil,
            "autoprint": false,
            "printer": [
                "id": .integer(job.printerID), "name": .string(printer?.name ?? "gone"),
                "group": ["id": 2, "name": "Production bay"],
            ],
            "cost": .number("0.42"), "duration": .decimal(settings.printSeconds), "skippedObjects": nil,
        ]
        if job.state == .cancelled {
            node["cancelInfo"] = ["reason": .text(job.cancelReason.map { String($0) }), "comment": .text(job.comment)]
        }
        return node
    }
}
