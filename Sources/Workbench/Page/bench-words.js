// Times, sizes and bytes in words, as the command line has them.

// Seconds with six decimals, as `solderless show` prints them.
export function seconds(nanoseconds) {
  const microseconds = Math.floor(Math.abs(nanoseconds) / 1000);
  const whole = Math.floor(microseconds / 1e6);
  return `${nanoseconds < 0 ? "-" : ""}${whole}.${String(microseconds % 1e6).padStart(6, "0")}`;
}

// A stretch in the unit that suits it.
export function duration(nanoseconds) {
  const size = Math.abs(nanoseconds);
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
  const [unit, name] = units.find(([unit]) => size >= unit) || [1, "ns"];
  const decimals = size >= 100 * unit ? 0 : size >= 10 * unit ? 1 : 2;
  // 20.0 and 1.50 are 20 and 1.5.
  return `${Number((nanoseconds / unit).toFixed(decimals))} ${name}`;
}

// A divided clock only comes near a nominal rate and is called by it: the chip's 115200 is 114943 (ECR6600 facts §1.3).
// The rates that a flasher uses of Line's NominalBaud, and its tolerance of 2 %.
const RATES = [
  9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 3000000,
];
export function nominal(baud) {
  const away = (rate) => Math.abs(rate - baud);
  const nearest = RATES.reduce((best, rate) => (away(rate) < away(best) ? rate : best));
  return away(nearest) <= nearest * 0.02 ? nearest : baud;
}

// Two decimals, with a minus sign as print has it.
export function volts(millivolts) {
  return `${(millivolts / 1000).toFixed(2).replace("-", "−")} V`;
}

export const hexNumber = (number) => `0x${number.toString(16).toUpperCase()}`;

export function size(bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) === 0) return `${bytes >> 20} MB`;
  return bytes % 1024 ? `${bytes} bytes` : `${bytes / 1024} KB`;
}

// "63 6E 79" as numbers.
export const bytesOf = (hex) => (String(hex || "").match(/[0-9a-f]{2}/gi) || []).map((pair) => parseInt(pair, 16));

export const hexByte = (byte) => byte.toString(16).toUpperCase().padStart(2, "0");

// A byte as the character it is in ASCII; nothing for one that cannot be seen.
export const letter = (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "");

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

// Which characters of the one are not in the other, in order: the longest that both have is what arrived.
export function compare(sent, received) {
  const table = Array.from({ length: sent.length + 1 }, () => new Array(received.length + 1).fill(0));
  for (let i = sent.length - 1; i >= 0; i--) {
    for (let j = received.length - 1; j >= 0; j--) {
      table[i][j] = sent[i] === received[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const [isLost, isWrong] = [sent.map(() => true), received.map(() => true)];
  let [i, j] = [0, 0];
  while (i < sent.length && j < received.length) {
    if (sent[i] === received[j]) isLost[i++] = isWrong[j++] = false;
    else if (table[i + 1][j] >= table[i][j + 1]) i++;
    else j++;
  }
  return { isLost, isWrong };
}
