// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // What a debugger reads takes time to compile, and twice the disk. `swift build` without -c release has it. Passed to
    // the frontend, where it comes last: for the driver, the package manager's own -g comes after what a target says.
    // To emit a module separately parses every file twice, so that its dependents can start earlier. On two cores a clean
    // build with its tests took 337 s with that, and 321 s without.
    .unsafeFlags(["-Xfrontend", "-gnone", "-no-emit-module-separately-wmo"], .when(configuration: .release)),
]

/// Rooms whose tests reach what is internal, in the released program as well: it is that which the tests run against.
let testable: Set = ["Bench", "Check", "Flasher", "ScenarioFiles", "Simulation", "Workbench"]

/// One room of the house. The arrows are written below and nowhere else.
///
/// - Parameter embeds: folders whose files `Embedded` carries.
func room(
    _ name: String, path: String? = nil, imports: [Target.Dependency], embeds: [String] = []
) -> Target {
    .target(
        name: name, dependencies: imports, path: path, exclude: embeds,
        swiftSettings: strict + (testable.contains(name) ? [.unsafeFlags(["-enable-testing"])] : []))
}

/// What takes longer to optimise than that saves: tests, and the commands, which read arguments, ask a room and print.
/// Of a trace of 200 MB, `show --stats` takes as long as before, and `show`, which prints each message, a quarter longer.
let unoptimised = strict + [.unsafeFlags(["-Onone"])]

/// Every room, with the rooms that it imports.
let rooms: [Target] = [
    // Pure rooms: no operating system, no clock, no thread.
    room("Digests", imports: ["CCrypto", "CZlib"]),
    room("Words", imports: []),
    room("Embedded", imports: ["CEmbedded"]),
    room("Line", imports: []),
    room("Wire", imports: ["Words", "Line"]),
    room("Images", imports: ["Digests", "Words", "Wire"]),
    room(
        "Emulator", path: "emulator", imports: ["Digests", "Words", "Embedded", "Wire", "Images", "Line"],
        embeds: ["applications", "boards", "chips", "flashers", "lessons", "planted", "scenarios"]),
    room("Flasher", imports: ["Digests", "Words", "Wire", "Images", "Line"]),
    room("Trace", imports: ["Words", "Line"]),
    room("USB", imports: ["Words", "Line"]),
    // Knows nothing of the room before it: captures that are made by it are what that one is tested with.
    room("USBExport", imports: ["Line", "Trace"]),
    room("Telnet", imports: ["Line"]),
    room("Faults", imports: ["Words", "Wire", "Line", "Emulator"]),
    room("Scenarios", imports: ["Wire", "Images", "Line", "Emulator", "Flasher", "Faults"]),
    room("Check", imports: ["Digests", "Words", "Wire", "Line", "Emulator", "Flasher", "Faults", "Scenarios"]),
    room(
        "Simulation",
        imports: [
            "Digests", "Words", "Wire", "Images", "Line", "Emulator", "Flasher", "Trace", "Faults", "Scenarios",
            "Check",
        ]),
    room(
        "Lessons",
        imports: [
            "Words", "Wire", "Images", "Line", "Emulator", "Flasher", "Faults", "Scenarios", "Check", "Simulation",
        ]),
    // Yams reads text and touches nothing else.
    room(
        "ScenarioFiles",
        imports: [
            "Words", "Embedded", "Wire", "Images", "Line", "Emulator", "Flasher", "Faults", "Scenarios", "Check",
            "Lessons",
            .product(name: "Yams", package: "Yams"),
        ]),
    room(
        "Story", imports: ["Digests", "Words", "Embedded", "Wire", "Images", "Line", "Trace"], embeds: ["Page"]),
    room("Comparison", imports: ["Words", "Wire", "Line", "Trace", "Story"]),
    room("Lint", imports: ["Words", "Wire", "Images", "Line", "Trace", "Story"]),
    room("Replay", imports: ["Digests", "Words", "Wire", "Line", "Trace"]),
    room(
        "Reports",
        imports: ["Digests", "Words", "Embedded", "Wire", "Line", "Trace", "Scenarios", "Check", "Story", "Lint"],
        embeds: ["Page"]),

    // Rooms that know the operating system.
    room("Files", imports: ["Words", .product(name: "SystemPackage", package: "swift-system")]),
    room(
        "Capture",
        imports: [
            "Digests", "Words", "Line", "Trace", "USB", "USBExport", "Files", "CPcap", "CPorts",
            .product(name: "SystemPackage", package: "swift-system"),
        ]),
    room(
        "Ports",
        imports: [
            "Words", "Line", "Telnet", "Files", "CPorts",
            .product(name: "SystemPackage", package: "swift-system"),
        ]),
    room(
        "Bench",
        imports: [
            "Words", "Wire", "Images", "Line", "Emulator", "Flasher", "Faults", "Scenarios", "Check", "Simulation",
            "Lessons", "Trace", "Story", "Replay", "Files", "Capture", "Ports",
            .product(name: "Logging", package: "swift-log"),
        ]),

    // The bench in the browser.
    room(
        "Workbench",
        imports: [
            "Words", "Embedded", "Wire", "Images", "Line", "Emulator", "Faults", "Scenarios", "Lessons",
            "ScenarioFiles", "Trace", "Story", "Files", "Capture", "Ports", "Bench", "CPorts",
            .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "SystemPackage", package: "swift-system"),
        ], embeds: ["Page"]),
]

/// The tests of a room. They also depend on what it imports: they are compiled with the sizes of those types, and would go
/// stale when one grows.
///
/// - Parameter imports: what they need beyond that.
@MainActor func tests(of name: String, also imports: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name)] + rooms.first { $0.name == name }!.dependencies + imports,
        exclude: exclude,
        swiftSettings: unoptimised
    )
}

let package = Package(
    name: "solderless",
    products: [
        .executable(name: "solderless", targets: ["solderless"]),
        // The bench in the browser: a program of its own, so that nobody else waits for its build.
        .executable(name: "solderless-workbench", targets: ["solderless-workbench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: rooms + [
        // C: system libraries, and the few system calls Swift lacks.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CPorts"),
        // C: what `#embed` takes in.
        .target(name: "CEmbedded"),

        .executableTarget(
            name: "solderless",
            dependencies: [
                "Digests", "Words", "Wire", "Images", "Line", "Emulator", "Flasher", "Trace", "Faults", "Scenarios",
                "ScenarioFiles",
                "Check", "Lessons", "Simulation", "Story", "Comparison", "Lint", "Replay", "Reports", "USB",
                "USBExport", "Files",
                "Capture", "Ports", "Bench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: unoptimised),

        // The bench in the browser: nothing else knows of it.
        .executableTarget(
            name: "solderless-workbench",
            dependencies: [
                "Workbench", "Bench", "Files", "Line", "Ports", "ScenarioFiles", "Scenarios", "Words",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: unoptimised),

        // What `make bench` measures beside the program itself.
        .executableTarget(
            name: "ResampleBenchmark", dependencies: ["Line"], path: "tools/benchmarks/ResampleBenchmark",
            swiftSettings: strict),

        .executableTarget(
            name: "TrialBenchmark",
            dependencies: [
                "Check", "Digests", "Flasher", "Line", "Ports", "ScenarioFiles", "Scenarios", "Simulation", "Wire",
            ],
            path: "tools/benchmarks/TrialBenchmark", swiftSettings: strict),

        // What `make figures` draws the docs' pictures with.
        .executableTarget(
            name: "Figures",
            dependencies: ["Emulator", "Flasher", "Line", "Scenarios", "ScenarioFiles", "Check", "Simulation"],
            path: "tools/figures/Figures", swiftSettings: strict),

        // What several rooms' tests share. Optimised, because their loops over bytes are here.
        .target(
            name: "GoldenSessions", dependencies: ["Words", "Line", "Wire"], path: "Tests/GoldenSessions",
            swiftSettings: strict),
        .target(name: "TestForms", path: "Tests/TestForms", swiftSettings: strict),

        tests(of: "Digests"),
        tests(of: "Embedded"),
        tests(of: "Words"),
        tests(of: "Line", also: ["TestForms"]),
        tests(of: "Wire", also: ["GoldenSessions"]),
        tests(of: "Images", also: ["Line"]),
        tests(of: "Emulator", also: ["GoldenSessions", "TestForms"], exclude: ["BootMatrix.md"]),
        tests(of: "Flasher", also: ["TestForms"]),
        tests(of: "Trace", also: ["Wire"]),
        tests(of: "USB", also: ["TestForms"]),
        tests(of: "USBExport"),
        tests(of: "Telnet", also: ["TestForms"]),
        tests(of: "ScenarioFiles", also: ["Simulation", "TestForms"]),
        tests(of: "Lessons", also: ["ScenarioFiles"]),
        tests(of: "Scenarios"),
        tests(of: "Check"),
        tests(of: "Simulation", also: ["GoldenSessions", "TestForms"]),
        // The two drivers of a line against each other.
        .testTarget(
            name: "EnginesTests",
            dependencies: [
                "Bench", "Capture", "Check", "Emulator", "Faults", "Flasher", "Images", "Line", "Ports", "Replay",
                "ScenarioFiles", "Scenarios", "Simulation", "Story", "TestForms", "Trace", "Wire",
            ],
            swiftSettings: unoptimised),
        tests(of: "Story", also: ["GoldenSessions"]),
        tests(of: "Comparison", also: ["TestForms", "Capture"]),
        tests(of: "Lint", also: ["Capture"]),
        tests(of: "Reports", also: ["GoldenSessions", "TestForms"]),
        tests(of: "Replay", also: ["Capture"]),
        tests(of: "Files", also: ["TestForms"]),
        tests(
            of: "Capture", also: ["Wire", "Flasher", "Scenarios", "ScenarioFiles", "Simulation", "Story", "TestForms"]),
        tests(of: "Ports", also: ["Trace", "TestForms"]),
        tests(of: "Workbench"),
        // They start the program, which `--build-tests` makes as well, and need not wait for it.
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "Capture", "CPorts", "Digests", "Emulator", "Flasher", "Images", "Line", "Ports",
                "ScenarioFiles",
                "Scenarios", "Simulation", "TestForms", "Trace", "Wire", "Words",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: unoptimised),
        tests(of: "Bench", also: ["Digests", "CPorts", "TestForms"]),
    ]
)
