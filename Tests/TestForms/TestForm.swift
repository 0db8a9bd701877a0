import Foundation

/// What needs minutes has two forms: a short one in `make test`, which meets each kind of case, and a long one in
/// `make test-long`, which meets them all.
package func byForm<Value>(short: Value, long: Value) -> Value {
    ProcessInfo.processInfo.environment["SOLDERLESS_LONG_TESTS"] == "1" ? long : short
}
