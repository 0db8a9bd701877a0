/// The provisioning of flash encryption: what uboot prints of it (ECR6600 facts §2, last row; the same in all
/// versions).
///
/// Known are the texts. Assumed: that they come in the order of that row and each once, that `puts` ends those without an
/// end of their own, that it counts in tenths from 0 to 100 % and how long a tenth takes
/// (`ChipTiming.provisioningTenth`), that nothing else takes time, and that `need 1.8V power` is a complaint which ends
/// it. Both ends are for good: uboot says and hears nothing until power is cycled, or RESET_B pulled, and then begins
/// again. Neither the cipher nor what is burnt is known, so flash and eFuse stay as they are, with the stand-in for
/// encryption, too.
enum UBootProvisioning {
    /// Prints; uboot has nothing more to do then.
    static func run(_ processor: inout Processor) {
        processor.report(
            .note(
                "uboot provisions flash encryption (--provisioning): it only prints; the cipher is unknown, and "
                    + "flash and eFuse do not change"))
        processor.send("ENCRYPT:\n")
        guard processor.settings.provisioning != .without1V8 else { return processor.send("need 1.8V power\n") }
        processor.send("trng set key\n")
        processor.send("Jump nv\n")
        processor.count(every: processor.timing.provisioningTenth) { "\($0)%\r\n" }
        processor.send("partition&uboot\n")
        processor.send("OTP\n")
        processor.send("END, need power off\n")
    }
}
