/// An update over the air that is pending when uboot starts (ECR6600 facts §2, "OTA pending").
///
/// Known are the texts and who prints them. Assumed: that it comes before the check of the application, that it counts in
/// tenths from 0 to 100 %, how long a tenth takes (`ChipTiming.updateTenth`), that 1.4.0 takes as long and says nothing
/// when all is well, that its heap line stands before an error of the heap, which takes no time, and that the boot goes
/// on in any case. What an update writes is not known: the flash stays as it is, and the update is pending again at
/// uboot's next start.
enum UBootUpdate {
    /// Lets the update pass; the application is checked next.
    static func run(_ column: UBootDescription, _ processor: inout Processor) {
        processor.report(
            .note("uboot finds a pending over-the-air update (--ota); nothing is written"))
        switch column.update {
        case .counts(let saysMore):
            if saysMore {
                processor.report(.note("a real uboot prints many diagnostics here; their text is unknown"))
            }
            processor.count(every: processor.timing.updateTenth) { "OTA:\($0)%\r\n" }
        case .difference(let heapError):
            guard processor.settings.update != .heapError else { return processor.send(heapError) }
            processor.delay(processor.timing.updateTenth * 10)
        }
    }
}

extension Processor {
    /// Counts from 0 to 100 percent in tenths, the first at once.
    mutating func count(every tenth: Duration, _ line: (Int) -> String) {
        send(line(0))
        for percent in stride(from: 10, through: 100, by: 10) {
            delay(tenth)
            send(line(percent))
        }
    }
}
