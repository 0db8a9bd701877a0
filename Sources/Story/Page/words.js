// Times and bytes in words, as the command line has them.

// A moment or a stretch in the unit that suits it, as Format.duration has it.
function duration(nanoseconds) {
  const size = Math.abs(nanoseconds);
  const digits = (value) => {
    const hundredths = Math.floor(Math.abs(value) * 100 + 1e-6);
    const sign = value < 0 ? "-" : "";
    if (hundredths >= 10000 || hundredths % 100 === 0) return sign + Math.floor(hundredths / 100);
    return sign + (hundredths >= 1000 ? (Math.floor(hundredths / 10) / 10).toFixed(1) : (hundredths / 100).toFixed(2));
  };
  if (size < 1e3) return `${Math.round(nanoseconds)} ns`;
  if (size < 1e6) return `${digits(nanoseconds / 1e3)} µs`;
  if (size < 1e9) return `${digits(nanoseconds / 1e6)} ms`;
  return `${digits(nanoseconds / 1e9)} s`;
}

// Seconds with six decimals, as Format.seconds has it.
function seconds(nanoseconds) {
  const microseconds = Math.floor(Math.abs(nanoseconds) / 1000);
  const whole = Math.floor(microseconds / 1e6);
  return `${nanoseconds < 0 ? "-" : ""}${whole}.${String(microseconds % 1e6).padStart(6, "0")}`;
}

// A round step of time, so that a mark stands about every `pixels`.
function tickStep(nanosecondsPerPixel, pixels) {
  const least = nanosecondsPerPixel * pixels;
  if (!Number.isFinite(least)) return 1e18;
  let unit = 1;
  while (unit * 10 <= least) unit *= 10;
  for (const factor of [1, 2, 5, 10]) if (unit * factor >= least) return unit * factor;
  return unit * 10;
}

function hexByte(byte) {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
