import CPorts

/// For a process that takes and gives back the same megabytes over and over: they stay with it, up to a gigabyte, and are not
/// cleared anew by the system each time.
package func keepFreedMemory() {
    ports_keep_freed_memory()
}
