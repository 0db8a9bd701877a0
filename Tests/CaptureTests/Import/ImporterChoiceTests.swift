import Capture
import Testing

@Suite("Kinds of recordings")
struct ImporterChoiceTests {
    let bench = ImportBench()

    @Test func whatIsNotKnownIsToldWhatIs() {
        let refusal = bench.refusal("nothing of this kind".bytes)
        #expect(refusal?.contains("is no recording that is known here") == true)
        for importer in Importers.all { #expect(refusal?.contains(importer.name) == true, "\(importer.name)") }
        #expect(bench.refusal("  \n".bytes)?.contains("holds no session") == true)
        #expect(bench.refusal([])?.contains("holds no session") == true)
    }

    @Test func aWrongNameIsCorrected() {
        let refusal = bench.refusal([1], options("esptol"))
        #expect(
            refusal?.contains(#"esptol is no kind of recording; did you mean "esptool"?"#) == true, "\(refusal ?? "")")
    }

    @Test func eachHasANameAndASummary() {
        let names = Importers.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for importer in Importers.all { #expect(!importer.name.isEmpty && !importer.summary.isEmpty) }
    }
}
