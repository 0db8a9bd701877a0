import Line

// How fast a receiver resamples a stream whose rate is not its own: seconds for 16 MB in runs of 4 KB, and how many
// characters arrived. `resample.c` does the same with nothing around it.

let sent = BitRate(millibaud: 705_882_353)
let clock = ReceiverClock(rate: BitRate(millibaud: 666_666_666), oversampling: 8)
let runByteCount = 4096
let runCount = 4096

var generator = SplitMix64(seed: 1)
let run = generator.bytes(runByteCount)
var receiver = UARTReceiver(clock)
var arrived: [UInt8] = []
var count = 0
var start = Instant.zero
let watch = ContinuousClock()
let took = watch.measure {
    for _ in 0..<runCount {
        let timing = RunTiming(start: start, backToBackAt: sent)
        arrived.removeAll(keepingCapacity: true)
        _ = receiver.receive(run.span, timing: timing, into: &arrived)
        count += arrived.count
        start = timing.end(of: runByteCount)
    }
}
print(Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18, count)
