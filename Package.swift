// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// One room of the house: a target with its tests. The arrows are written here and nowhere else.
func room(
    _ name: String, path: String? = nil, imports: [Target.Dependency], embeds: [Resource]? = nil
) -> Target {
    .target(name: name, dependencies: imports, path: path, resources: embeds, swiftSettings: strict)
}

/// The tests of a room; `also` names what they need beyond the room itself.
func tests(of name: String, also imports: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name)] + imports,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "solderless",
    products: [.executable(name: "solderless", targets: ["solderless"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // C: system libraries, and the few system calls Swift lacks.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CPorts"),

        // Pure rooms: no operating system, no clock, no thread.
        room("Digests", imports: ["CCrypto", "CZlib"]),
        room("Words", imports: []),
        room("Line", imports: []),
        room("Wire", imports: ["Digests", "Line"]),
        room(
            "Emulator", path: "emulator", imports: ["Digests", "Wire", "Line"],
            embeds: [
                .embedInCode("applications"), .embedInCode("boards"), .embedInCode("chips"), .embedInCode("scenarios"),
            ]),
        room("Flasher", imports: ["Digests", "Wire", "Line"]),
        room("Trace", imports: ["Wire", "Line"]),
        room("Simulation", imports: ["Digests", "Words", "Wire", "Line", "Emulator", "Flasher", "Trace"]),
        // Yams reads text and touches nothing else.
        room(
            "Scenarios",
            imports: [
                "Words", "Wire", "Line", "Emulator", "Flasher", "Simulation", .product(name: "Yams", package: "Yams"),
            ]),
        room("Story", imports: ["Wire", "Line", "Trace"]),
        room("Replay", imports: ["Wire", "Line", "Trace"]),

        // Rooms that know the operating system.
        room("Capture", imports: ["Wire", "Line", "Trace", "CPcap"]),
        room(
            "Ports",
            imports: ["Line", "CPorts", .product(name: "SystemPackage", package: "swift-system")]),
        room(
            "Bench",
            imports: [
                "Wire", "Line", "Emulator", "Flasher", "Simulation", "Trace", "Replay", "Capture", "Ports",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "solderless",
            dependencies: [
                "Wire", "Line", "Emulator", "Flasher", "Trace", "Simulation", "Scenarios", "Story", "Replay", "Capture",
                "Ports",
                "Bench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),

        // What `make bench` measures beside the program itself.
        .executableTarget(
            name: "ResampleBenchmark", dependencies: ["Line"], path: "tools/benchmarks/ResampleBenchmark",
            swiftSettings: strict),

        // What `make figures` draws the docs' pictures with.
        .executableTarget(
            name: "Figures", dependencies: ["Emulator", "Flasher", "Line", "Scenarios", "Simulation"],
            path: "tools/figures/Figures", swiftSettings: strict),

        // What several rooms' tests share.
        .target(
            name: "GoldenSessions", dependencies: ["Line", "Wire"], path: "Tests/GoldenSessions", swiftSettings: strict),
        .target(name: "TestForms", path: "Tests/TestForms", swiftSettings: strict),

        tests(of: "Digests"),
        tests(of: "Wire", also: ["Line", "GoldenSessions"]),
        tests(of: "Line", also: ["TestForms"]),
        tests(
            of: "Emulator", also: ["Digests", "Wire", "Line", "GoldenSessions", "TestForms"], exclude: ["BootMatrix.md"]
        ),
        tests(of: "Flasher", also: ["Digests", "Wire", "Line"]),
        tests(of: "Trace", also: ["Wire", "Line"]),
        tests(of: "Simulation", also: ["Digests", "Wire", "Line", "Emulator", "Flasher", "Trace", "TestForms"]),
        tests(of: "Scenarios", also: ["Words", "Wire", "Line", "Emulator", "Flasher", "Simulation", "TestForms"]),
        // The two drivers of a line against each other.
        .testTarget(
            name: "EnginesTests",
            dependencies: [
                "Bench", "Capture", "Emulator", "Flasher", "Line", "Ports", "Scenarios", "Simulation", "Trace", "Wire",
            ],
            swiftSettings: strict),
        tests(of: "Story", also: ["Wire", "Line", "Trace", "GoldenSessions"]),
        tests(of: "Replay", also: ["Wire", "Line", "Trace", "Capture"]),
        tests(of: "Capture", also: ["Wire", "Line", "Trace"]),
        tests(of: "Ports", also: ["Line", "Trace", "CPorts"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "solderless", "Capture", "Emulator", "Flasher", "Scenarios", "Simulation", "Trace", "Wire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        tests(
            of: "Bench",
            also: [
                "Digests", "Wire", "Line", "Emulator", "Flasher", "Simulation", "Trace", "Ports",
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)
