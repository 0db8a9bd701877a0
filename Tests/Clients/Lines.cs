// A program with System.IO.Ports, as flashers with windows have: it resets a chip with RTS, asks it whether it hears, and
// pulses both lines between bytes.
//
//   mcs Lines.cs && mono Lines.exe PORT PULSES
//
// Exit codes: 0 the chip answered when it should and was silent when it should be; 1 it did not.
using System;
using System.IO.Ports;

static class Lines
{
    static readonly byte[] Sync = { 0x63, 0x6E, 0x79, 0x73 };

    static bool IsAnswered(SerialPort port)
    {
        port.DiscardInBuffer();
        port.Write(Sync, 0, Sync.Length);
        try
        {
            return port.ReadByte() == 0x01;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    static void Expect(bool isSo, string what)
    {
        if (isSo) return;
        Console.Error.WriteLine("not so: " + what);
        Environment.Exit(1);
    }

    static int Main(string[] words)
    {
        using (var port = new SerialPort(words[0], 115200))
        {
            port.ReadTimeout = 300;
            // Asserts neither line: RESET_B is high.
            port.Open();
            Expect(!port.DtrEnable && !port.RtsEnable && !port.CtsHolding, "lines are released");
            Expect(IsAnswered(port), "the chip answers");
            port.RtsEnable = true;
            Expect(!IsAnswered(port), "it is silent in reset");
            port.RtsEnable = false;
            Expect(IsAnswered(port), "it answers after a reset");
            // What Mono sets by a divisor.
            port.BaudRate = 2000000;
            var mark = new byte[] { 0x55 };
            for (var pulse = 0; pulse < int.Parse(words[1]); pulse++)
            {
                port.DtrEnable = true;
                port.RtsEnable = true;
                port.Write(mark, 0, 1);
                port.RtsEnable = false;
                port.DtrEnable = false;
            }
            port.BaudRate = 115200;
        }
        return 0;
    }
}
