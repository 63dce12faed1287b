import CPlatform
import Glibc

/// Lays a command out for `forma3d_spawn`.
enum Spawn {
    static func start(_ command: Command, output: Int32) throws -> Int32 {
        let words = [command.executable] + command.arguments
        let environment = command.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        guard (words + environment).allSatisfy({ !$0.utf8.contains(0) }) else {
            throw ProcessFailure("an argument with a NUL byte cannot be passed")
        }
        var failure = forma3d_spawn_failure(stage: 0, error: 0)
        let processID = withCStrings(words) { words in
            withCStrings(environment) { environment in
                withCStrings([command.executable, command.workingDirectory ?? ""]) { paths in
                    (command.user?.groupIDs ?? []).withUnsafeBufferPointer { groups in
                        // SAFETY: every pointer lives until these closures end, after the child has exec'ed.
                        var request = forma3d_spawn_request(
                            executable: paths[0], arguments: words, environment: environment,
                            working_directory: command.workingDirectory == nil ? nil : paths[1],
                            changes_user: command.user == nil ? 0 : 1, user: command.user?.userID ?? 0,
                            group: command.user?.groupID ?? 0, groups: groups.baseAddress,
                            group_count: groups.count, standard_input: -1, standard_output: output,
                            standard_error: output,
                            kept_descriptor: command.handedDirectory?.descriptor ?? -1)
                        return forma3d_spawn(&request, &failure)
                    }
                }
            }
        }
        guard processID > 0 else {
            throw ProcessFailure(
                "cannot start \(command.executable): \(stage(failure.stage)): \(reason(failure.error))")
        }
        return processID
    }

    private static func stage(_ number: Int32) -> String {
        switch number {
        case 1: "no pipe"
        case 2: "no process"
        case 3: "no session"
        case 4: "descriptors"
        case 5: "changing the user"
        case 6: "entering the working directory"
        default: "exec"
        }
    }

    /// The NULL-ended array of C strings that exec takes; alive inside the closure.
    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        // SAFETY: each string is duplicated, the array is ended by NULL, and everything is freed after the call.
        let owned = texts.map { strdup($0) }
        defer { for pointer in owned { free(pointer) } }
        var pointers = owned.map { UnsafePointer($0) }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("the array ends with NULL, so it is not empty")
            }
            return body(base)
        }
    }
}
