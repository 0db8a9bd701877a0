// A flasher without a window, as one that was written for Windows: System.IO.Ports, and frames. Written from the facts
// alone (sections 1.4 and 4).
//
//   mcs Flasher.cs && mono Flasher.exe PORT [--baud 921600] info
//   mono Flasher.exe PORT ... read OUT --address A --length N
//   mono Flasher.exe PORT ... write IMAGE --address A
//
// Exit codes: 0 done and verified, 1 not.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.IO.Ports;
using System.Security.Cryptography;
using System.Text;
using System.Threading;

/// The job cannot be done, or not like this.
class Failed : Exception
{
    public readonly bool MayBeTriedAgain;

    public Failed(string message, bool mayBeTriedAgain = true) : base(message)
    {
        MayBeTriedAgain = mayBeTriedAgain;
    }
}

/// Bytes with a limit on the time they may take.
class Line
{
    public const int BootRate = 115200;
    readonly SerialPort port;

    public Line(SerialPort port)
    {
        this.port = port;
        port.Open();
    }

    public int Rate { set { port.BaudRate = value; } }

    public void Write(params byte[] bytes)
    {
        port.Write(bytes, 0, bytes.Length);
    }

    /// As many bytes as asked for, or fewer when the time is over.
    public byte[] Read(int count, int milliseconds)
    {
        var bytes = new byte[count];
        var got = 0;
        var watch = Stopwatch.StartNew();
        while (got < count && watch.ElapsedMilliseconds < milliseconds)
        {
            port.ReadTimeout = Math.Max(1, milliseconds - (int)watch.ElapsedMilliseconds);
            try
            {
                got += port.Read(bytes, got, count - got);
            }
            catch (TimeoutException)
            {
                break;
            }
        }
        Array.Resize(ref bytes, got);
        return bytes;
    }

    public int ReadByte(int milliseconds)
    {
        var bytes = Read(1, milliseconds);
        return bytes.Length == 1 ? bytes[0] : -1;
    }

    /// Throws away what comes until nothing has come for 20 ms, for a second at most.
    public void Discard()
    {
        for (var round = 0; round < 50 && Read(4096, 20).Length > 0; round++) { }
    }
}

/// What boot loaders and stubs are told.
class Chip
{
    const byte Syn = 0x00, Download = 0x02, Upload = 0x03, SetRate = 0x07, Hash = 0x09, Identify = 0x90;
    const int StubBytes = 26096, Piece = 4096;
    readonly Line line;

    public Chip(Line line)
    {
        this.line = line;
    }

    // The boot loader (1.4)

    public void Connect(int rate)
    {
        line.Rate = Line.BootRate;
        line.Discard();
        Synchronise(15);
        LoadStub();
        // Its sum may be that of an answer before it: it is not looked at (4.2).
        for (var round = 0; ; round++)
        {
            line.Write(Frame(Syn, Encoding.ASCII.GetBytes("cnys")));
            var answer = line.Read(6, 500);
            if (answer.Length == 6 && answer[0] == 0x5A && answer[1] == Syn && answer[4] == 0) break;
            if (round == 4) throw new Failed("the stub does not answer");
            line.Discard();
        }
        ChangeRate(rate);
    }

    void Synchronise(int seconds)
    {
        Console.WriteLine("now power the device");
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            line.Write(Encoding.ASCII.GetBytes("cnys"));
            if (line.ReadByte(50) == 0x01) return;
        }
        throw new Failed("no loader answers", false);
    }

    void LoadStub()
    {
        // Sync words that are still on their way make a refusal each.
        Thread.Sleep(100);
        line.Discard();
        var header = Join(Word(1), Word(0x10000), Word(StubBytes));
        for (var round = 0; ; round++)
        {
            line.Write(header);
            if (line.ReadByte(300) == 0x00) break;
            if (round == 5) throw new Failed("the header is refused");
            // Bytes are lost, or stand before it: up to where the loader has twelve and says so.
            for (var filler = 0; filler < 12; filler++)
            {
                line.Write(0x00);
                if (line.ReadByte(50) >= 0) break;
            }
            line.Discard();
        }
        var stub = new byte[StubBytes];
        for (var index = 0; index < stub.Length; index++) stub[index] = (byte)(index * 7);
        Encoding.ASCII.GetBytes("ECR6600F_customstub_V1.0.0\0").CopyTo(stub, 0);
        for (var start = 0; start < stub.Length; start += 1024)
        {
            line.Write(Part(stub, start, 1024));
            if (line.ReadByte(1000) != 0x00) throw new Failed("a piece of the stub is not acknowledged");
        }
        Thread.Sleep(250);
        line.Discard();
    }

    // The stub (4)

    static byte[] Frame(byte kind, params byte[] body)
    {
        var frame = Join(new byte[] { 0xA5, kind, (byte)body.Length, (byte)(body.Length >> 8) }, body, new byte[1]);
        frame[frame.Length - 1] = Sum(frame);
        return frame;
    }

    /// Of all bytes but the last.
    static byte Sum(byte[] frame)
    {
        byte sum = 0;
        for (var index = 0; index < frame.Length - 1; index++) sum += frame[index];
        return sum;
    }

    /// The status of a whole answer; -1 for none, and for a damaged one.
    static int Status(byte[] answer, byte kind, int count)
    {
        var isWhole = answer.Length == count + 6 && answer[0] == 0x5A && answer[1] == kind
            && answer[answer.Length - 1] == Sum(answer);
        return isWhole ? answer[answer.Length - 2] : -1;
    }

    /// Asks for what may be asked for again. Returns the data of the answer.
    byte[] Ask(byte kind, byte[] body, int count, int milliseconds)
    {
        for (var round = 0; round < 5; round++)
        {
            line.Write(Frame(kind, body));
            var answer = line.Read(count + 6, milliseconds);
            var status = Status(answer, kind, count);
            if (status == 0) return Part(answer, 4, count);
            if (status > 0) throw new Failed(string.Format("command {0:X2}: status {1}", kind, status), false);
            line.Discard();
        }
        throw new Failed(string.Format("command {0:X2} is not answered", kind));
    }

    /// The answer comes at the new rate, 50 ms after the stub has changed its own.
    public void ChangeRate(int rate)
    {
        line.Write(Frame(SetRate, Word(rate)));
        Thread.Sleep(20);
        line.Rate = rate;
        if (Status(line.Read(6, 2000), SetRate, 0) != 0) throw new Failed("no answer at " + rate + " baud");
    }

    public string FlashId()
    {
        return BitConverter.ToString(Ask(Identify, new byte[0], 4, 1000), 0, 3);
    }

    public bool Holds(int address, byte[] data)
    {
        var hash = Ask(Hash, Join(Word(address), Word(data.Length)), 32, 30000);
        using (var sha = SHA256.Create()) return Same(hash, sha.ComputeHash(data));
    }

    public byte[] Read(int address, int length)
    {
        var data = new byte[length];
        for (var start = 0; start < length; start += Piece)
        {
            var count = Math.Min(Piece, length - start);
            Ask(Upload, Join(Word(address + start), Word(count)), count, 2000).CopyTo(data, start);
        }
        if (!Holds(address, data)) throw new Failed("what was read is not what the flash has");
        return data;
    }

    public void Write(int address, byte[] data)
    {
        if (address % 0x1000 != 0) throw new Failed("the address is no multiple of 0x1000: nothing would be erased", false);
        // What is not a multiple of 4 is not written whole (4.3).
        var padded = new byte[(data.Length + 3) / 4 * 4];
        for (var index = data.Length; index < padded.Length; index++) padded[index] = 0xFF;
        data.CopyTo(padded, 0);
        // Erases first. Sent again, it would be taken for data.
        line.Write(Frame(Download, Join(Word(address), Word(padded.Length))));
        if (Status(line.Read(6, 10000), Download, 0) != 0) throw new Failed("the write is refused");
        for (var start = 0; start < padded.Length; start += Piece) Send(padded, start);
        if (!Holds(address, padded)) throw new Failed("what was written is not what the flash has");
    }

    void Send(byte[] data, int start)
    {
        var part = Part(data, start, Piece);
        var isLast = start + part.Length == data.Length;
        for (var round = 0; round < 5; round++)
        {
            // The flag is 1 for what was sent before, and for nothing else.
            line.Write(Frame(Download, Join(new byte[] { (byte)(round == 0 ? 0 : 1) }, part)));
            var status = Status(line.Read(6, 3000), Download, 0);
            if (status == 0) return;
            // With the last one the command has ended: sent again, it would be taken for another (4.3). The hash tells.
            if (isLast) return;
            line.Discard();
        }
        throw new Failed(string.Format("the data at 0x{0:X} are not taken", start));
    }

    // Bytes

    static byte[] Word(int value)
    {
        return new byte[] { (byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24) };
    }

    static byte[] Join(params byte[][] parts)
    {
        var bytes = new List<byte>();
        foreach (var part in parts) bytes.AddRange(part);
        return bytes.ToArray();
    }

    static byte[] Part(byte[] bytes, int start, int count)
    {
        var part = new byte[Math.Min(count, bytes.Length - start)];
        Array.Copy(bytes, start, part, 0, part.Length);
        return part;
    }

    static bool Same(byte[] one, byte[] other)
    {
        if (one.Length != other.Length) return false;
        for (var index = 0; index < one.Length; index++)
        {
            if (one[index] != other[index]) return false;
        }
        return true;
    }
}

static class Program
{
    static string job = "", file = "";
    static int address, length, rate = 921600;

    static void Perform(Line line)
    {
        var chip = new Chip(line);
        chip.Connect(rate);
        Console.WriteLine("flash " + chip.FlashId());
        if (job == "read") File.WriteAllBytes(file, chip.Read(address, length));
        if (job == "write") chip.Write(address, File.ReadAllBytes(file));
        chip.ChangeRate(Line.BootRate);
    }

    static int Number(string word)
    {
        return word.StartsWith("0x")
            ? int.Parse(word.Substring(2), NumberStyles.HexNumber) : int.Parse(word, CultureInfo.InvariantCulture);
    }

    static int Main(string[] words)
    {
        for (var index = 1; index < words.Length; index++)
        {
            if (words[index] == "--baud") rate = Number(words[++index]);
            else if (words[index] == "--address") address = Number(words[++index]);
            else if (words[index] == "--length") length = Number(words[++index]);
            else if (job == "") job = words[index];
            else file = words[index];
        }
        var watch = Stopwatch.StartNew();
        using (var port = new SerialPort(words[0], Line.BootRate))
        {
            var line = new Line(port);
            while (true)
            {
                try
                {
                    Perform(line);
                    Console.WriteLine("done");
                    return 0;
                }
                catch (Failed failure)
                {
                    // Where a transfer has gone wrong only power brings the stub back.
                    var isOver = !failure.MayBeTriedAgain || watch.Elapsed.TotalSeconds > 40;
                    Console.WriteLine((isOver ? "error: " : "once more: ") + failure.Message);
                    if (isOver) return 1;
                }
            }
        }
    }
}
