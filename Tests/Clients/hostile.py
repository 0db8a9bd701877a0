#!/usr/bin/env python3
"""No flasher: it prints what no report may obey, and fails.

    hostile.py PORT

Markup, ends of whatever it may stand in, every control character, what a terminal obeys, what turns a line's direction,
code points that XML does not allow, bytes that are no UTF-8, and a line without a blank.
"""

import sys

MARKUP = """<script>document.title = "owned"; document.body.dataset.owned = 1</script>
<img src="http://127.0.0.1:9/owned.png" onerror="document.title = 'owned'">
<svg onload="document.title = 'owned'"><style>body { display: none }</style></svg>
</pre></div></details></body></html><h1 id="owned">owned</h1>
]]> <![CDATA[ --> <!-- &amp; &#60;b&#62; &nosuch; <?xml version="1.0"?> ' " `
<a href="javascript:document.title='owned'" autofocus onfocus="document.title='owned'">owned</a>
"""


def main():
    out = sys.stdout.buffer
    out.write(MARKUP.encode())
    # A line of its own each: some end it.
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        out.write(b"control %02X: " % code + chr(code).encode() + b".\n")
    out.write(b"\x1b[2J\x1b]0;owned\x07\x1b[31mred\x1b[0m\n")
    for code in [0xAD, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xE000, 0x10FE80]:
        out.write(b"code point %X: " % code + chr(code).encode() + b".\n")
    out.write(b"bytes: \xfe \xff \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 caf\xe9\n")
    out.write("texts: Größe, 温度, 🔌, \u0627\u0644\u0639\u0631\u0628\u064a\u0629\n".encode())
    out.write(b"W" * 20_000 + b"\nlast words")
    out.flush()
    sys.exit(1)


main()
