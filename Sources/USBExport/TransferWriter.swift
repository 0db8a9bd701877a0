/// Both ends of each transfer, in the order of their times.
struct TransferWriter {
    /// What the file has next.
    var bytes: [UInt8] = []
    private(set) var recordCount = 0
    private let form: CaptureForm
    private let device: DeviceDescription
    private var lastTime: Int64 = 0
    /// Writes that have not completed, in the order in which they will.
    private var underWay: [TransferRecord] = []
    private var writeCount: UInt64 = 0
    private var isReading = false

    private static let address = DeviceAddress(bus: 1, device: 5)
    /// Transfers under way at once, as drivers have them; the oldest completes before one more is submitted.
    private static let mostUnderWay = 32
    /// What a request takes, and what a bulk transfer takes besides a full-speed bus's 1 µs for each byte.
    private static let frame: Int64 = 125_000
    private static let perByte: Int64 = 1000

    /// What transfers are told apart by, as the kernels' addresses look.
    private enum Identity {
        static let control: UInt64 = 0xFFFF_8881_0A3C_0000
        static let read: UInt64 = 0xFFFF_8881_0A3C_0180
        static let notification: UInt64 = 0xFFFF_8881_0A3C_0300
        /// The first of many, 0x180 apart.
        static let write: UInt64 = 0xFFFF_8881_0A3C_1000
    }

    init(_ form: CaptureForm, _ device: DeviceDescription) {
        self.form = form
        self.device = device
        form.appendFileHead(to: &bytes)
    }

    /// A request that is done at a moment.
    mutating func control(_ request: ControlRequest, at time: Int64) {
        let start = max(lastTime, time - Self.frame)
        var record = TransferRecord(
            time: start, identity: Identity.control, isCompletion: false, kind: .control,
            endpoint: request.isToHost ? 0x80 : 0x00, setup: request.setup, byteCount: request.data.count)
        if !request.isToHost { record.data = request.data }
        put(record)
        record.time = time
        record.isCompletion = true
        record.setup = []
        record.data = request.isToHost ? request.data : []
        put(record)
    }

    /// Bytes that the host hands over at a moment.
    mutating func write(_ run: Span<UInt8>, at time: Int64) {
        if underWay.count >= Self.mostUnderWay {
            put(underWay.removeFirst())
        }
        writeCount += 1
        var record = TransferRecord(
            time: time, identity: Identity.write + writeCount % 64 * 0x180, isCompletion: false, kind: .bulk,
            endpoint: device.bulkOut, byteCount: run.count, data: run.withUnsafeBufferPointer { Array($0) })
        put(record)
        record.time = max(underWay.last?.time ?? 0, lastTime + Self.frame + Int64(run.count) * Self.perByte)
        record.isCompletion = true
        record.data = []
        underWay.append(record)
    }

    // MARK: Reads

    mutating func submitReads(at time: Int64) {
        isReading = true
        put(read(isCompletion: false, [], at: time))
        if let record = notification(isCompletion: false, [], at: time) { put(record) }
    }

    /// A read completes at a moment, and the next one is submitted.
    mutating func completeRead(_ data: [UInt8], at time: Int64) {
        put(read(isCompletion: true, data, at: time))
        put(read(isCompletion: false, [], at: time))
    }

    mutating func notify(_ data: [UInt8], at time: Int64) {
        guard let completion = notification(isCompletion: true, data, at: time),
            let next = notification(isCompletion: false, [], at: time)
        else { return }
        put(completion)
        put(next)
    }

    /// The host takes back what waits.
    mutating func cancelReads(at time: Int64) {
        guard isReading else { return }
        isReading = false
        for var record in [
            read(isCompletion: true, [], at: time), notification(isCompletion: true, [], at: time),
        ].compactMap({ $0 }) {
            record.isCancelled = true
            put(record)
        }
    }

    /// All that is under way completes, whenever it does.
    mutating func finish() {
        while !underWay.isEmpty { put(underWay.removeFirst()) }
    }

    private func read(isCompletion: Bool, _ data: [UInt8], at time: Int64) -> TransferRecord {
        TransferRecord(
            time: time, identity: Identity.read, isCompletion: isCompletion, kind: .bulk, endpoint: device.bulkIn,
            byteCount: isCompletion ? data.count : device.readByteCount, data: data)
    }

    private func notification(isCompletion: Bool, _ data: [UInt8], at time: Int64) -> TransferRecord? {
        device.interruptIn.map {
            TransferRecord(
                time: time, identity: Identity.notification, isCompletion: isCompletion, kind: .interrupt,
                endpoint: $0, byteCount: isCompletion ? data.count : device.interruptByteCount, data: data)
        }
    }

    /// Writes a record behind all that completes before it. None is written with a time before the last.
    private mutating func put(_ record: TransferRecord) {
        while let first = underWay.first, first.time <= record.time {
            underWay.removeFirst()
            append(first)
        }
        append(record)
    }

    private mutating func append(_ record: TransferRecord) {
        var record = record
        lastTime = max(lastTime, record.time)
        record.time = lastTime
        form.append(record, Self.address, to: &bytes)
        recordCount += 1
    }
}
