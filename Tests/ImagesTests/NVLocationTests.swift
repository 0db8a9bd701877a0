import Images
import Testing

/// Which partition a key is looked for in.
@Suite struct NVLocationTests {
    private static func flash(_ nv: [(String, [String])]) throws -> [UInt8] {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.nv = nv.map { name, keys in (name, keys.map { ($0, [0x31]) }) }
        return try builder.image()
    }

    private static func words(_ name: String?, _ key: String, _ file: [UInt8]) -> String {
        do throws(NVLocationError) {
            return "found in \(try NVLocation.find(name, holding: key, in: file).name ?? "the file")"
        } catch {
            return "\(error)"
        }
    }

    /// Each message as it stands.
    @Test func messages() throws {
        let file = try Self.flash([("nv_develop", ["ModelSms", "both"]), ("nv_amt", ["mac", "both"])])
        #expect(Self.words(nil, "mac", file) == "found in nv_amt")
        #expect(Self.words(nil, "ModelSms", file) == "found in nv_develop")
        #expect(Self.words("nv_amt", "both", file) == "found in nv_amt")
        #expect(Self.words("nv_amt", "ModelSms", file) == "found in nv_amt", "which then says that it is not there")
        #expect(
            Self.words(nil, "both", file)
                == "the key \"both\" is in nv_develop and in nv_amt: name one with --partition")
        #expect(
            Self.words(nil, "new", file)
                == "no partition has a key \"new\"; looked in nv_customer, nv_develop, nv_amt")
        #expect(
            Self.words("nv_x", "mac", file)
                == "there is no NV partition \"nv_x\"; there are nv_customer, nv_develop, nv_amt")
    }

    @Test func aPartitionAloneNeedsNoName() throws {
        let file = try NVPartition.bytes(of: [("mac", [0x31])], byteCount: 0x2000)
        #expect(Self.words(nil, "mac", file) == "found in the file")
        #expect(Self.words(nil, "new", file) == "found in the file")
    }
}
