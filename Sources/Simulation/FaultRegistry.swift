package import Line

/// Every fault there is: of the line, of the protocol, of the flash.
package enum FaultRegistry {
    /// What there is, as a list shows it.
    package static var summaries: [FaultSummary] { FaultCatalogue.summaries }
}
