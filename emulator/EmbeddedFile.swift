/// A file that the program carries inside itself, so that it works wherever it is moved to.
package struct EmbeddedFile: Sendable {
    /// Without folder and ending.
    package let name: String
    package let bytes: [UInt8]

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// `emulator/applications`, what an application says while it starts.
    package static let applications = [
        EmbeddedFile("openbeken", PackageResources.openbeken_txt),
        EmbeddedFile("tuya", PackageResources.tuya_txt),
    ]

    /// `emulator/boards`, what chips are soldered to.
    package static let boards = [
        EmbeddedFile("axy2s", PackageResources.axy2s_yaml),
        EmbeddedFile("axyu", PackageResources.axyu_yaml),
        EmbeddedFile("evk", PackageResources.evk_yaml),
        EmbeddedFile("tnce-plug", PackageResources.tnce_plug_yaml),
        EmbeddedFile("wg236", PackageResources.wg236_yaml),
    ]

    /// `emulator/chips`, the chip and the flash parts beside it.
    package static let chips = [
        EmbeddedFile("ecr6600", PackageResources.ecr6600_yaml),
        EmbeddedFile("flash-parts", PackageResources.flash_parts_yaml),
    ]

    /// `emulator/flashers`, how other programs are called.
    package static let flashers = [
        EmbeddedFile("mono", PackageResources.mono_yaml),
        EmbeddedFile("pyserial", PackageResources.pyserial_yaml),
        EmbeddedFile("solderless", PackageResources.solderless_yaml),
    ]

    /// `emulator/lessons`, in their order.
    package static let lessons = [
        EmbeddedFile("01-pads", PackageResources._1_pads_md),
        EmbeddedFile("02-wiring", PackageResources._2_wiring_md),
        EmbeddedFile("03-back-up", PackageResources._3_back_up_md),
        EmbeddedFile("04-power-window", PackageResources._4_power_window_md),
        EmbeddedFile("05-flash", PackageResources._5_flash_md),
        EmbeddedFile("06-verify", PackageResources._6_verify_md),
        EmbeddedFile("07-no-ground", PackageResources._7_no_ground_md),
        EmbeddedFile("08-adapter-1v8", PackageResources._8_adapter_1v8_md),
        EmbeddedFile("09-loose-wire", PackageResources._9_loose_wire_md),
        EmbeddedFile("10-restore", PackageResources._0_restore_md),
        EmbeddedFile("11-erase-all", PackageResources._1_erase_all_md),
        EmbeddedFile("12-another-chip", PackageResources._2_another_chip_md),
    ]

    /// `emulator/planted/careful.yaml`, how the flasher below is called.
    package static let carefulFlasher = PackageResources.careful_yaml
    /// `emulator/planted/careful.py`, a flasher with bugs to choose from.
    package static let carefulProgram = PackageResources.careful_py

    /// `emulator/scenarios`, benches with what is wrong with them; the good one first.
    package static let scenarios = [
        EmbeddedFile("good-bench", PackageResources.good_bench_yaml),
        EmbeddedFile("late-power", PackageResources.late_power_yaml),
        EmbeddedFile("power-too-early", PackageResources.power_too_early_yaml),
        EmbeddedFile("missing-ground", PackageResources.missing_ground_yaml),
        EmbeddedFile("ground-joined-later", PackageResources.ground_joined_later_yaml),
        EmbeddedFile("adapter-1v8", PackageResources.adapter_1v8_yaml),
        EmbeddedFile("baud-460800", PackageResources.baud_460800_yaml),
        EmbeddedFile("wrong-baud-691200-ch340", PackageResources.wrong_baud_691200_ch340_yaml),
        EmbeddedFile("wrong-baud-3000000", PackageResources.wrong_baud_3000000_yaml),
        EmbeddedFile("alternate-pads", PackageResources.alternate_pads_yaml),
        EmbeddedFile("loose-rx", PackageResources.loose_rx_yaml),
        EmbeddedFile("swapped-tx-rx", PackageResources.swapped_tx_rx_yaml),
        EmbeddedFile("boot-chatter", PackageResources.boot_chatter_yaml),
        EmbeddedFile("brown-out-in-erase", PackageResources.brown_out_in_erase_yaml),
        EmbeddedFile("lost-ack", PackageResources.lost_ack_yaml),
        EmbeddedFile("corrupt-block", PackageResources.corrupt_block_yaml),
        EmbeddedFile("fifo-overrun", PackageResources.fifo_overrun_yaml),
        EmbeddedFile("dead-after-stub", PackageResources.dead_after_stub_yaml),
        EmbeddedFile("worn-sector", PackageResources.worn_sector_yaml),
        EmbeddedFile("wrong-flash-id", PackageResources.wrong_flash_id_yaml),
        EmbeddedFile("unplugged", PackageResources.unplugged_yaml),
        EmbeddedFile("slow-adapter", PackageResources.slow_adapter_yaml),
    ]

    /// `emulator/scenarios/scenario.schema.json`, for editors.
    package static let scenarioSchema = PackageResources.scenario_schema_json
}
