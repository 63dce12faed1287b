import CPlatform

/// What a server asks of its own process at start.
package enum ProcessLimits {
    /// Raises the soft limit of open files to the hard one; gives the limit in force.
    @discardableResult
    package static func raiseDescriptorLimit() -> UInt64 { forma3d_raise_descriptor_limit() }

    /// A peer that hangs up must be an error of write(2), not the end of the program.
    package static func ignoreBrokenPipes() { forma3d_ignore_sigpipe() }
}
