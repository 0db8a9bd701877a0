import Emulator
import Testing
import Wire

/// What ROM and uboot accept, row by row: ECR6600 facts §1.4 and §3. The table is the document's.
@Suite struct BootFactTests {
    /// A header is `u32 type, u32 addr, u32 len`.
    static let window = FactTable(
        "§1.4, §3",
        """
        what                              | host                                                                  | ROM & 1.3.4 & 1.3.11 & 1.4.0
        the sync word                     | 'cnys'                                                                | 01
        a header of type 1                | 'cnys' ; u32:1 u32:10000 u32:A                                        | 01 ; 00
        the address is ignored            | 'cnys' ; u32:1 u32:DEADBEEF u32:A                                     | 01 ; 00
        a header of type 0                | 'cnys' ; u32:0 u32:10000 u32:A                                        | 01 ; FF
        a header of type 2                | 'cnys' ; u32:2 u32:10000 u32:A                                        | 01 ; FF
        FF, then the next 12 bytes        | 'cnys' ; u32:2 u32:0 u32:A ; u32:1 u32:0 u32:A                        | 01 ; FF ; 00
        extra cnys: one FF for 12 bytes   | 'cnys' ; 'cnyscnyscnys' ; 'cnyscnyscnyscnyscnyscnys'                  | 01 ; FF ; FF FF
        no resynchronisation after FF     | 'cnys' ; 'cnys' u32:1 u32:0 ; u32:A                                   | 01 ; FF ; -
        00 after each piece of 1024       | 'cnys' ; u32:1 u32:0 u32:801 ; 00*1023 ; 00 ; 00*1024 ; 00            | 01 ; 00 ; - ; 00 ; 00 ; 00
        len 0: 00 00                      | 'cnys' ; u32:1 u32:0 u32:0                                            | 01 ; 00 00
        cccnys                            | 'cccnys'                                                              | 01
        cncnys: no second look            | 'cncnys'                                                              | -
        cnamys: a of amt_ clears its counter | 'cnamys'                                                           | -
        camnys                            | 'camnys' ; 'cnys'                                                     | - ; 01
        a mismatch clears the counter     | 'cny' ; 'x' ; 's' ; 'cnys'                                            | - ; - ; - ; 01
        twelve bytes may take their time  | 'cnys' ; u32:1 ; wait:60000 ; u32:0 u32:A                             | 01 ; - ; - ; 00
        """)

    static let amt = FactTable(
        "§1.4, amt_",
        """
        what                              | host                                     | 1.3.4 & 1.3.11 & 1.4.0  | ROM
        last byte a digit                 | 'amt_' ; '0000005'                       | - ; 'OK'…               | - ; -
        last byte no digit                | 'amt_000000x'                            | 'FAILE'                 | -
        amcnt_: c of cnys clears its counter | 'amcnt_0000005' ; 'cnys'              | - ; 01                  |
        FAILE falls into the 12-byte loop | 'amt_000000x' ; u32:1 u32:0 u32:A        | 'FAILE' ; 00            | - ; -
        FAILE, then a wrong header        | 'amt_000000x' ; u32:2 u32:0 u32:A        | 'FAILE' ; FF            | - ; -
        """)

    @Test(arguments: window.cases + amt.cases) func accepts(row: FactTable.Case) {
        var settings = ChipSettings()
        settings.start = row.loader == "ROM" ? .rom : .uboot
        if let version = UBootVersion(rawValue: row.loader) { settings.uboot = version }
        settings.timing = .brisk
        // The window is open when the first row is asked, and stays so for its steps.
        settings.timing.applicationLoad = .zero
        settings.timing.ubootWindow = .seconds(600)
        // 1.3.x would complain of an empty flash before it listens (§2).
        var flash = NORFlash(id: .gd25q16e)
        flash.load(SampleFlash.image(byteCount: flash.byteCount, seed: 1))
        var tested = ChipUnderTest(Chip(settings: settings, flash: flash))
        tested.run(for: .milliseconds(50))
        _ = tested.heard()
        row.check(&tested)
    }
}
